"""Open doubts of a release as the review desk lists them, the dearest first: pairs, doubtful repairs, disputed offices, and what they touch."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from evenhand.publish import queries
from evenhand.publish.reader import Release
from evenhand.publish.scope import Scope
from evenhand.publish.shapes import Page
from evenhand.standards import EXTRACTS, REACHES

__all__ = ["ITEMS", "decided_ids", "offices", "open_disputes", "open_pairs", "open_repairs", "prices", "references_inside"]

Row = dict[str, Any]
ITEMS: Final = {"finding": "质量发现", "pair": "待复核归属", "repair": "代码修复", "office": "管辖存疑"}
"""Kinds of open defects, with their titles."""
_TOUCHED: Final = (*(reach.name for reach in REACHES), "price")


def prices(release: Release, scope: Scope) -> list[Row]:
    """Return what the open defects of each kind and rule touch inside the scope, the dearest first: item, rule, title, subjects, REACHES, price."""
    where, values = scope.where("s")
    titles = {name: rule["title"] for name, rule in release.rules.items()} | release.link_titles | release.manifest.get("repair_rules", {})
    rows = release.ask(queries.PRICES.format(where=where), values)
    return [row | {"item_title": ITEMS[row["item"]], "title": titles.get(row["rule"], row["rule"]) or ITEMS[row["item"]]} for row in rows]


def open_pairs(release: Release, scope: Scope, *, page: int = 1, per_page: int = 10, key: tuple[str, str, str] | None = None) -> Page:
    """Return one page of doubtful pairs both of whose subjects lie inside the scope.

    Each row holds `left`, `right` and `between` (subjects; None when the record belongs to one of the two), `record` (the row that raised
    the doubt), `weights` (parts of its likeness), `touched`.

    Args:
        release: the release asked.
        scope: the area of the person asking.
        page: starts at 1.
        per_page: rows of a page.
        key: rule, left and right subject of the one pair asked for.
    """
    where, values = queries.pairs_where(scope)
    if key:
        where, values = f"{where} and p.rule = ? and p.left_id = ? and p.right_id = ?", [*values, *key]
    found = _page(release, queries.PAIRS_TOTAL.format(where=where), queries.PAIRS.format(where=where), values, page=page, per_page=per_page)
    ids = {row[name] for row in found.rows for name in ("left_id", "right_id", "between_id")}
    subjects, reach = _subjects(release, ids, scope), _reach(release, ids)
    records = _records(release, {row["record_id"]: row["between_id"] for row in found.rows})
    weights = _grouped(_among(release, queries.WEIGHTS, [row["record_id"] for row in found.rows]), "record_id")
    rows = []
    for row in found.rows:
        sides = {row["left_id"], row["right_id"]}
        outside = row["between_id"] not in sides
        told = weights.get(row["record_id"], [])
        rows.append(row | {
            "left": subjects[row["left_id"]], "right": subjects[row["right_id"]], "between": subjects.get(row["between_id"]) if outside else None,
            "record": records.get(row["record_id"]), "title": release.link_titles.get(row["rule"], row["rule"]),
            "weights": told if told and told[0]["code"] in {subjects[side]["uscc"] for side in sides} else [],
            "touched": _summed(reach.get(one) for one in sides | {row["between_id"]}),
        })  # fmt: skip
    return Page(total=found.total, rows=rows, page=found.page, pages=found.pages)


def open_repairs(release: Release, scope: Scope, *, page: int = 1, per_page: int = 20, record: str = "") -> Page:
    """Return one page of records whose code is to be repaired by a person: the first proposal, `others`, `subject`, `record`, `touched`.

    `record`: the one record asked for.
    """
    inside, values = scope.where("s")
    where = f"{inside} and p.state = 'review' and p.rank = 1" + (" and p.record_id = ?" if record else "")
    asked: list[object] = [*values, *([record] if record else [])]
    counted = "select count(*) as n from repair p join subject s using (subject_id) where"
    found = _page(release, f"{counted} {where}", queries.REPAIRS.format(where=where), asked, page=page, per_page=per_page)
    ids = {row["subject_id"] for row in found.rows}
    subjects, reach = _subjects(release, ids, scope), _reach(release, ids)
    records = _records(release, {row["record_id"]: row["subject_id"] for row in found.rows})
    mine = [row["record_id"] for row in found.rows]
    others = _grouped(
        _among(release, "select * from repair where rank > 1 and record_id in ({marks}) order by record_id, rank", mine), "record_id"
    )
    rows = [
        row | {
            "subject": subjects[row["subject_id"]], "record": records.get(row["record_id"]), "others": others.get(row["record_id"], []),
            "touched": _summed([reach.get(row["subject_id"])]),
        }
        for row in found.rows
    ]  # fmt: skip
    return Page(total=found.total, rows=rows, page=found.page, pages=found.pages)


def open_disputes(release: Release, scope: Scope, *, page: int = 1, per_page: int = 20, subject_id: str = "") -> Page:
    """Return one page of disputed places of business inside the scope, the dearest first.

    Each row holds `subject`, `record_id` (a record that names it), `place`, `votes`, `touched`. `subject_id`: the one asked for.
    """
    inside, values = scope.where("j")
    where = f"{inside} and {queries.DISPUTED}" + (" and j.subject_id = ? and j.is_main" if subject_id else "")
    asked: list[object] = [*values, *([subject_id] if subject_id else [])]
    counted = "select count(*) as n from jurisdiction j where"
    found = _page(release, f"{counted} {where}", queries.DISPUTES_BY_PRICE.format(where=where), asked, page=page, per_page=per_page)
    ids = {row["subject_id"] for row in found.rows}
    reach = _reach(release, ids)
    subjects = {row["subject_id"]: row for row in _among(release, "select * from subject where subject_id in ({marks})", sorted(ids))}
    first = "select subject_id, min(record_id) as record_id from membership where subject_id in ({marks}) group by 1"
    record_of = {row["subject_id"]: row["record_id"] for row in _among(release, first, sorted(ids))}
    cast = _among(release, "select * from jurisdiction_vote where subject_id in ({marks}) order by weight desc, voter, office", sorted(ids))
    rows = [
        row | {
            "subject": subjects[row["subject_id"]], "touched": _summed([reach.get(row["subject_id"])]),
            "record_id": record_of.get(row["subject_id"], ""), "votes": [vote for vote in cast if (vote["subject_id"], vote["site_id"]) == (row["subject_id"], row["site_id"])],
        }
        for row in found.rows
    ]  # fmt: skip
    return Page(total=found.total, rows=rows, page=found.page, pages=found.pages)


def offices(release: Release, scope: Scope) -> list[str]:
    """Return the names of the offices inside the scope that the list of agencies holds."""
    where, values = queries.agencies_where(scope)
    return [row["agency"] for row in release.ask(queries.AGENCIES.format(where=where), values)]


def decided_ids(release: Release) -> frozenset[str]:
    """Return the ids of the decisions that the release was built with."""
    return frozenset(row["decision"] for row in release.ask("select decision from decision"))


def references_inside(release: Release, references: Iterable[str], scope: Scope) -> frozenset[str]:
    """Return those of the records and codes whose subject lies inside the scope."""
    asked = sorted(set(references))
    where, values = scope.where("s")
    return (
        frozenset(row["reference"] for row in release.ask(queries.REFERENCES.format(where=where), [asked, asked, *values]))
        if asked
        else frozenset()
    )


def _page(release: Release, count: str, statement: str, values: Sequence[object], *, page: int, per_page: int) -> Page:
    total = int(release.ask(count, values)[0]["n"])
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    return Page(total=total, rows=release.ask(statement, [*values, per_page, (page - 1) * per_page]), page=page, pages=pages)


def _among(release: Release, statement: str, values: Sequence[object]) -> list[Row]:
    """Rows of a statement for a list of values, written out because zone maps serve a list and not a subquery."""
    return release.ask(statement.format(marks=", ".join("?" * len(values))), values) if values else []


def _subjects(release: Release, ids: Iterable[str | None], scope: Scope) -> dict[str, Row]:
    where, values = scope.where("s")
    known = sorted({one for one in ids if one})
    rows = release.ask(queries.SUBJECTS.format(marks=", ".join("?" * len(known)), where=where), [*known, *values]) if known else []
    return {row["subject_id"]: row for row in rows}


def _reach(release: Release, ids: Iterable[str | None]) -> dict[str, Row]:
    rows = _among(release, "select * from reach where subject_id in ({marks})", sorted({one for one in ids if one}))
    return {row["subject_id"]: row for row in rows}


def _summed(rows: Iterable[Mapping[str, Any] | None]) -> Row:
    known = [row for row in rows if row]
    return {"subjects": len(known)} | {name: sum(row[name] for row in known) for name in _TOUCHED}


def _records(release: Release, subject_of: Mapping[str, str | None]) -> dict[str, Row]:
    """The source rows of some records, with the title of their kind."""
    kinds = {
        row["record_id"]: row["kind"]
        for row in _among(release, "select record_id, kind from membership where subject_id in ({marks})", sorted({s for s in subject_of.values() if s}))
        if row["record_id"] in subject_of
    }  # fmt: skip
    found: dict[str, Row] = {}
    for kind in sorted(set(kinds.values())):
        ids = [record for record, its in kinds.items() if its == kind]
        for row in _among(release, queries.ROWS.replace("{kind}", kind), ids):
            found[row["record_id"]] = row | {"kind_title": EXTRACTS[kind].title}
    return found


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
