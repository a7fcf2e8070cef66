"""Reading a release: one open serving file per process, a fresh cursor per question, a scope in every question."""

import json
import threading
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb

from evenhand.errors import BadInput, Problem
from evenhand.publish import queries
from evenhand.publish.folder import MANIFEST, checked_release, current_name, release_folder
from evenhand.publish.messages import OTHER_LAYOUT
from evenhand.publish.quality import COUNTS, figures, scored
from evenhand.publish.scope import Scope
from evenhand.publish.serving import LAYOUT, SERVING_FILE
from evenhand.publish.shapes import Page, Row, Search, SubjectCard
from evenhand.standards import EXTRACTS

__all__ = ["Release", "current_release", "open_release"]

PER_PAGE: Final = 50


class Release:
    """One release, open for reading. `cursor()` is safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        """Open the serving file read-only and locked: no settings, no files, no writes.

        Raises:
            BadInput: the release is not whole (PUB-02), or its serving file is missing, damaged or of another version (PUB-03).
        """
        self.folder = checked_release(folder)
        self.name = folder.name
        locked: dict[str, str | bool | int | float | list[str]] = {
            "threads": 1,
            "memory_limit": "1GB",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        self._connection = _opened(folder / SERVING_FILE, locked)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Return the facts of the build: inputs, rule pack, as-of day, row counts, checksums."""
        return dict(json.loads((self.folder / MANIFEST).read_text("utf-8")))

    @cached_property
    def asof(self) -> date:
        """Return the as-of day of the release."""
        return date.fromisoformat(self.manifest["asof"])

    @cached_property
    def rules(self) -> dict[str, Row]:
        """Return the quality rules in force, by id, as the manifest lists them."""
        return {rule["rule"]: rule for rule in self.manifest.get("quality_rules", [])}

    @cached_property
    def link_titles(self) -> dict[str, str]:
        """Return the titles of the rules of membership (归属依据), by id, as the manifest lists them."""
        return dict(self.manifest.get("link_rules", {}))

    def ask(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of one question as dictionaries."""
        cursor = self._connection.cursor().execute(statement, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _number(self, statement: str, values: Sequence[object] = ()) -> int:
        row = self._connection.cursor().execute(statement, list(values)).fetchone()
        return int(row[0] or 0) if row else 0

    def overview(self, scope: Scope) -> Row:
        """Return the counts of the home page inside the scope."""
        where, values = scope.where("s")

        def facet(column: str) -> list[tuple[str, int]]:
            found = self.ask(queries.FACET[column].format(where=where), values)
            return [(row["value"] or "未知", int(row["total"])) for row in found]

        def divided(level: str) -> list[tuple[str, str, int]]:
            found = self.ask(queries.DIVIDED[level].format(where=where), values)
            return [(row["code"], row["name"], int(row["total"])) for row in found]

        totals = {name: self._number(statement.format(where=where), values) for name, statement in queries.TOTALS.items()}
        both, ours = queries.pairs_where(scope)
        totals["conflicts"] = self._number(queries.PAIRS_TOTAL.format(where=both), ours)
        return {
            **totals, "status": facet("status"), "forms": self._forms(where, values), "uscc_states": facet("uscc_state"),
            "cities": divided("cities"), "counties": divided("counties"), "offices": facet("office"), "sources": self.manifest.get("sources", []),
        }  # fmt: skip

    def _forms(self, where: str, values: Sequence[object]) -> list[tuple[str, int]]:
        return [(r["value"] or "未知", int(r["total"])) for r in self.ask(queries.FORMS.format(where=where), values)]

    def quality(self, scope: Scope) -> Row:
        """Return counts and scores of the whole and by dimension, rule, source and office, for the offices inside the scope.

        `passed` to `skipped` and the score count the rows that name such an office; `findings` counts what such an office answers for now,
        as `overview` and `findings` do. In the whole province `failed` and `findings` are the same, except by office.
        """
        (where, named), (inside, scoped) = queries.office_scope(scope), scope.where("s")
        found = {
            group: self.ask(queries.QUALITY.format(group=names, where=where, found=inside), [*named, *scoped])
            for group, names in queries.QUALITY_GROUPS.items()
        }
        weights, counts = self.manifest.get("quality", {}).get("weights", {}), (*COUNTS, "findings")
        rules = scored(found["rule"], keys=("rule", "dimension"), weights={}, counts=counts)
        return figures(found["rule"], weights=weights, counts=counts) | {
            "rules": [self.rules.get(row["rule"], {}) | row for row in rules],
            "sources": scored(found["source"], keys=("source", "kind"), weights=weights, counts=counts),
            "offices": scored(found["office"], keys=("office",), weights=weights, counts=counts),
        }

    def dimensions(self, scope: Scope) -> Sequence[Row]:
        """Return counts and scores by dimension, as `quality` does, without looking at the findings: what a home page shows."""
        where, values = queries.office_scope(scope)
        checks = queries.QUALITY.format(group=queries.QUALITY_GROUPS["rule"], where=where, found="false")
        return list(figures(self.ask(checks, values), weights={})["dimensions"])

    def search(self, search: Search, scope: Scope) -> Page:
        """Return one page of subjects inside the scope, in the order of places and ids, with the total count."""
        where, values = queries.search_where(search, scope, self._rarest, on=self.asof)
        total = self._number(f"select count(*) from subject s where {where}", values)  # noqa: S608 — built from fixed parts in queries
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(1, search.page), pages)
        rows = self.ask(queries.SEARCH.format(where=where), [*values, PER_PAGE, (page - 1) * PER_PAGE])
        return Page(total=total, rows=rows, page=page, pages=pages)

    def found_ids(self, search: Search, scope: Scope) -> Sequence[str]:
        """Return the ids of all subjects inside the scope that a search finds, in the order of places and ids."""
        where, values = queries.search_where(search, scope, self._rarest, on=self.asof)
        return [str(row["subject_id"]) for row in self.ask(f"select s.subject_id from subject s where {where} order by s.rowid", values)]  # noqa: S608 — built from fixed parts in queries

    def _rarest(self, grams: Sequence[str]) -> list[tuple[str, int]]:
        found = self.ask("select g, total from gram where g in (select unnest(?)) order by total, g", [list(grams)])
        known = {row["g"]: int(row["total"]) for row in found}
        return sorted(((g, known.get(g, 0)) for g in set(grams)), key=lambda pair: (pair[1], pair[0]))

    def choices(self, scope: Scope) -> Row:
        """Return what each filter of the search may be set to inside the scope."""
        where, values = scope.where("s")
        pairs = {name: self.ask(statement.format(where=where), values) for name, statement in queries.CHOICES.items()}
        return {
            "cities": [(r["code"], r["name"]) for r in pairs["cities"]],
            "counties": [(r["code"], r["name"], r["city"]) for r in pairs["counties"]],
            "offices": [r["value"] for r in pairs["offices"]],
            "statuses": [r["value"] for r in pairs["statuses"]],
            "forms": [name for name, _ in self._forms(where, values)],
        }

    def findings(self, scope: Scope, *, outcome: str = "fail", rule: str = "", source: str = "", office: str = "", page: int = 1) -> Page:
        """Return one page of failing rows inside the scope (`outcome` unknown: those that cannot be told), with key, value, proposal, reason."""
        where, values = queries.findings_where(scope, outcome=outcome, rule=rule, source=source, office=office)
        total = self._number(f"select count(*) from finding s where {where}", values)  # noqa: S608 — built from fixed parts in queries
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(1, page), pages)
        rows = self.ask(queries.FINDINGS.format(where=where), [*values, PER_PAGE, (page - 1) * PER_PAGE])
        return Page(total=total, rows=[self._with_rule(row) for row in rows], page=page, pages=pages)

    def _with_rule(self, row: Row) -> Row:
        rule = self.rules.get(row["rule"], {})
        return row | {"title": rule.get("title", row["rule"]), "remedy": rule.get("remedy", ""), "dimension": rule.get("dimension", "")}

    def disputes(self, scope: Scope, *, page: int = 1) -> Page:
        """Return one page of the disputes about offices that the scope takes part in; `inside` tells whether the subject lies in it too."""
        where, values = queries.disputes_where(scope)
        total = self._number(f"select count(*) from jurisdiction j where {where}", values)  # noqa: S608 — built from fixed parts in queries
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(1, page), pages)
        inside, scoped = scope.where("s")
        rows = self.ask(queries.DISPUTES.format(where=where, inside=inside), [*scoped, *values, PER_PAGE, (page - 1) * PER_PAGE])
        return Page(total=total, rows=rows, page=page, pages=pages)

    def grades(self, scope: Scope, *, on: date) -> list[Row]:
        """Return how many subjects have which grade on a day: one row per model and grade."""
        where, values = scope.where("s")
        return self.ask(queries.GRADES.format(where=where), [on, on, *values])

    def strictest(self, scope: Scope, *, on: date) -> list[Row]:
        """Return how many subjects have which grade on a day as the strictest of their food models: one row per grade, office and county."""
        where, values = scope.where("s")
        return self.ask(queries.STRICTEST.format(where=where), [on, on, *values])

    def find(self, number: str) -> str | None:
        """Return the subject_id that a subject id, a credit code or a licence number names; None when it names none or several."""
        found = self.ask(queries.FIND, [number, number, number])
        return str(found[0]["subject_id"]) if len(found) == 1 else None

    def subject(self, subject_id: str, scope: Scope) -> SubjectCard | None:
        """Return all that is known of one subject; None when there is none inside the scope."""
        where, values = scope.where("s")
        found = self.ask(queries.SUBJECT.format(where=where), [subject_id, *values])
        if not found:
            return None
        by_subject = {name: self.ask(statement, [subject_id]) for name, statement in queries.OF_SUBJECT.items()}
        findings = [self._with_rule(row) for row in by_subject["findings"]]
        return SubjectCard(
            subject=found[0],
            licences=by_subject["licences"],
            sites=by_subject["sites"],
            periods=by_subject["periods"],
            moves=by_subject["moves"],
            relations=by_subject["relations"],
            branches=self.ask(queries.BRANCHES.format(where=where), [subject_id, *values]),
            rows=self._rows(subject_id),
            findings=findings,
            history=by_subject["history"],
            repairs=by_subject["repairs"],
            tags=by_subject["tags"],
            offices=by_subject["offices"],
            reach=next(iter(by_subject["reach"]), {}),
            office_votes=by_subject["office_votes"],
        )

    def weighed(self, subject_id: str) -> list[Row]:
        """Return the subject's rows of `record` as the choice of values weighed them: numbers moved, offices named, places with their key."""
        return self.ask(queries.WEIGHED_RECORDS, [subject_id])

    def _rows(self, subject_id: str) -> list[Row]:
        members = {
            row["record_id"]: row | {"rule_title": self.link_titles.get(row["rule"], row["rule"])}
            for row in self.ask(queries.MEMBERS, [subject_id])
        }
        weights: dict[str, list[Row]] = {}
        for row in self.ask(queries.WEIGHTS.format(marks=", ".join("?" * len(members))), list(members)) if members else ():
            weights.setdefault(row["record_id"], []).append(row)
        rows: list[Row] = []
        for kind in sorted({row["kind"] for row in members.values()}, key=list(EXTRACTS).index):
            extract, ids = EXTRACTS[kind], [record_id for record_id, row in members.items() if row["kind"] == kind]
            for row in self.ask(queries.ROWS.format(kind=kind, marks=", ".join("?" * len(ids))), ids):
                cells = [{"field": f.name, "title": f.title, "raw": row[f"{f.name}_raw"], "value": row[f.name]} for f in extract]
                head = {name: row[name] for name in ("record_id", "kind", "source", "delivery", "file", "sheet", "row", "fault", "extra")}
                told = {"kind_title": extract.title, "cells": cells, "weights": weights.get(row["record_id"], [])}
                rows.append(head | members[row["record_id"]] | told)
        return rows


def _opened(path: Path, config: dict[str, str | bool | int | float | list[str]]) -> duckdb.DuckDBPyConnection:
    """Open a serving file of this program's layout; raise BadInput for any other."""

    def refuse(why: str, why_en: str) -> BadInput:
        return BadInput(Problem(OTHER_LAYOUT, {"path": path, "why": why, "why_en": why_en, "folder": path.parent}))

    if not path.is_file():
        raise refuse("不存在", "is missing")
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
        told = connection.execute("select digest from layout").fetchone()
    except duckdb.CatalogException:
        told = None
    except duckdb.Error as fault:
        raise refuse("打不开或者已损坏", "cannot be opened") from fault
    if told != (LAYOUT,):
        raise refuse("是另一个版本的程序建立的", "was built by another version")
    return connection


def open_release(folder: Path) -> Release:
    """Open the release in `folder`, or the current one of a folder of releases; raises BadInput when it is not whole."""
    return Release(release_folder(folder))


_lock = threading.Lock()
_open: dict[Path, Release] = {}


def current_release(releases: Path) -> Release:
    """Return the release that `CURRENT` names; follows the pointer, one open file per process and folder."""
    name = current_name(releases)
    held = _open.get(releases)
    if held is None or held.name != name:
        with _lock:
            held = _open.get(releases)
            if held is None or held.name != name:
                held = _open[releases] = Release(releases / name)
    return held
