"""Answers that need a release and a room together: a subject with every choice explained, quality against an earlier release."""

from dataclasses import replace
from typing import Any, Final

from evenhand.decisions import PEOPLE
from evenhand.golden import explain_choice
from evenhand.publish import Release, Scope, SubjectCard
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standards import TABLES

__all__ = ["quality_change", "subject_card"]

Row = dict[str, Any]
_VOTES: Final = "管辖判定"


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
    told = [row if row["field"] != "office" else row | _office(card) for row in told]
    asked = {row["field"] for row in rows}
    return told + [
        {name: row[name] for name in ("field", "value", "rule", "reason", "record_id")}
        | {"title": titles.get(field, field), "candidates": ()}
        for field, row in chosen.items()
        if field not in asked
    ]


def _office(card: SubjectCard) -> Row:
    """The office that stands in the register and why, where it is not what the sources say: the votes decided."""
    main = next((row for row in card.offices if row["is_main"]), None)
    if main is None or main["stated"] == card.subject["office"]:
        return {}
    return {"value": card.subject["office"], "rule": _VOTES, "reason": f"{_VOTES}{main['state']}：{main['reason']}"}


def _candidates(release: Release, card: SubjectCard) -> list[Row]:
    """The subject's records as the build weighed them, each with the status that it registers."""
    status = {row["record_id"]: cell["value"] for row in card.rows for cell in row["cells"] if cell["field"] == "registration_status"}
    return [row | {"registration_status": status.get(row["record_id"])} for row in release.weighed(card.subject["subject_id"])]


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
