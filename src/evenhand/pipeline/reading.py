"""Answers that need a release and a room together: a subject with every choice explained, quality against an earlier release."""

from dataclasses import replace
from typing import Any, Final

import pyarrow.parquet as pq

from evenhand.decisions import PEOPLE
from evenhand.golden import explain_choice
from evenhand.publish import Release, Scope, SubjectCard
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standards import TABLES

__all__ = ["quality_change", "subject_card"]

Row = dict[str, Any]
_WEIGHED: Final = (
    "record_id", "kind", "source", "observed_on", "uscc", "uscc_state", "organisation_code", "registration_no", "name", "legal_person", "phone",
    "residence", "place", "place_key", "office",
)  # fmt: skip
"""Columns of `record` that the choice of values looks at."""


def subject_card(release: Release, subject_id: str, scope: Scope, *, pack: Pack | None = None) -> SubjectCard | None:
    """Return one subject with the reason of every chosen value; None when the scope does not hold it."""
    card = release.subject(subject_id, scope)
    return card and replace(card, choices=_choices(release, card, pack or shipped_pack()))


def _choices(release: Release, card: SubjectCard, pack: Pack) -> list[Row]:
    titles = {column.name: column.title for column in TABLES["subject"].columns}
    candidates = _candidates(release, card)
    chosen = {row["field"]: row for row in card.history if row["chosen"] and row["rule"] == PEOPLE}
    rows = [vars(choice) | {"title": titles.get(choice.field, choice.field)} for choice in explain_choice(candidates, pack=pack)]
    # What people chose stands over the rules: the build wrote it into the history.
    told = [
        row | {name: chosen[row["field"]][name] for name in ("value", "rule", "reason")} if row["field"] in chosen else row for row in rows
    ]
    asked = {row["field"] for row in rows}
    return told + [
        {name: row[name] for name in ("field", "value", "rule", "reason", "record_id")}
        | {"title": titles.get(field, field), "candidates": ()}
        for field, row in chosen.items()
        if field not in asked
    ]


def _candidates(release: Release, card: SubjectCard) -> list[Row]:
    """The subject's rows of `record`, as the build weighed them: numbers moved, offices named, places with their key."""
    status = {row["record_id"]: cell["value"] for row in card.rows for cell in row["cells"] if cell["field"] == "registration_status"}
    # Sorted by record, the file is read only where these records can lie.
    mine = [("record_id", "in", [row["record_id"] for row in card.rows])]
    records = pq.read_table(release.folder / "record.parquet", columns=list(_WEIGHED), filters=mine)
    return [row | {"registration_status": status.get(row["record_id"])} for row in records.to_pylist()]


def quality_change(release: Release, previous: Release | None, scope: Scope) -> Row:
    """Return the quality of a release inside a scope; with `previous`, each score also has `change` in score points."""
    now, before = release.quality(scope), previous.quality(scope) if previous else {}
    for group, rows in now.items():
        key = {"whole": (), "sources": ("source", "kind")}.get(group, (group.removesuffix("s"),))
        old = {tuple(row[k] for k in key): row["score"] for row in before.get(group, [])}
        for row in rows:
            was = old.get(tuple(row[k] for k in key))
            row["change"] = row["score"] - was if was is not None and row["score"] is not None else None
    return now
