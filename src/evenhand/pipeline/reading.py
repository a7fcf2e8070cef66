"""Answers that need a release and a room together: a subject with every choice explained, quality against an earlier release."""

from dataclasses import replace
from typing import Any

from evenhand.golden import explain_choice
from evenhand.publish import Release, Scope, SubjectCard
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standards import TABLES

__all__ = ["quality_change", "subject_card"]

Row = dict[str, Any]


def subject_card(release: Release, subject_id: str, scope: Scope, *, pack: Pack | None = None) -> SubjectCard | None:
    """Return one subject with the reason of every chosen value; None when the scope does not hold it."""
    card = release.subject(subject_id, scope)
    return card and replace(card, choices=_choices(card, pack or shipped_pack()))


def _choices(card: SubjectCard, pack: Pack) -> list[Row]:
    candidates = [_candidate(row) for row in card.rows]
    titles = {column.name: column.title for column in TABLES["subject"].columns}
    return [vars(choice) | {"title": titles.get(choice.field, choice.field)} for choice in explain_choice(candidates, pack=pack)]


def _candidate(row: Row) -> Row:
    return {cell["field"]: cell["value"] for cell in row["cells"]} | {
        name: row[name] for name in ("record_id", "kind", "source", "observed_on")
    }


def quality_change(release: Release, previous: Release | None, scope: Scope) -> Row:
    """Return the quality of a release inside a scope; with `previous`, each score also has `change` in score points."""
    now, before = release.quality(scope), previous.quality(scope) if previous else {}
    for group, rows in now.items():
        key = ("source", "kind") if group == "sources" else (group.removesuffix("s"),)
        old = {tuple(row[k] for k in key): row["score"] for row in before.get(group, [])}
        for row in rows:
            was = old.get(tuple(row[k] for k in key))
            row["change"] = row["score"] - was if was is not None and row["score"] is not None else None
    return now
