"""What the subject page shows of one card, veiled unless a reason was given."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from evenhand.publish import SubjectCard
from evenhand.standards import ELEMENTS, EXTRACTS, TABLES, VOTERS
from evenhand.web.registry import comparison
from evenhand.web.registry.codes import code_explained
from evenhand.web.registry.tagged import families_shown
from evenhand.web.registry.touches import touched_shown
from evenhand.web.registry.veil import Veil, veil_for

__all__ = ["card_context", "rule_named"]

_FACTS: Final = (
    "subject_type", "legal_person", "phone", "place", "residence", "office", "forms", "registration_no", "organisation_code",
    "industry", "capital", "founded_on", "scope",
)  # fmt: skip
_KINDS: Final = tuple(EXTRACTS)
_UNITS: Final = {"capital": " 万元"}
_DERIVED: Final = {"forms": "由证照推出"}
_TITLES: Final = {column.name: column.title for column in TABLES["subject"].columns}


def card_context(card: SubjectCard, *, titles: Mapping[str, str], everything: bool, revealed: bool = False) -> dict[str, Any]:
    """Return the context of the subject page.

    Args:
        card: what the release knows.
        titles: names of the sources by their keys.
        everything: show all source rows, not only the first.
        revealed: a reason was given and stored, so personal data may be seen.
    """
    veil = veil_for(card.subject, card.rows, findings=card.findings, is_open=revealed)
    by_record = {row["record_id"]: row for row in card.rows}
    choices = _choices(card.history, veil)
    chosen_records = {row["field"]: row["record_id"] for row in card.history if row["chosen"]}
    rows = sorted(card.rows, key=lambda row: str(row["observed_on"] or ""), reverse=True)
    rows.sort(key=lambda row: _KINDS.index(row["kind"]))  # the register first, then licences, then events; newest first in each
    rows = rows if everything else rows[: comparison.SHOWN_ROWS]
    return {
        "subject": {name: veil.value(name, value) for name, value in card.subject.items()},
        "facts": _facts(card.subject, choices, veil),
        "name_choice": choices.get("name"),
        "code_choice": choices.get("uscc"),
        "code": code_explained(card.subject["uscc"]),
        "columns": comparison.columns(rows, veil, titles),
        "lines": comparison.lines(rows, card.subject, chosen_records, veil),
        "total_rows": len(card.rows),
        "hidden_rows": len(card.rows) - len(rows),
        "licences": [_veiled(row, veil) for row in card.licences],
        "sites": [_veiled(row, veil) for row in card.sites],
        "offices": _offices(card, veil),
        "repairs": [
            row | {"before": veil.text(row["before"]) if row["before"] else "", "evidence": veil.text(row["evidence"])}
            for row in card.repairs
        ],
        "families": families_shown(card.tags, veil),
        "total_tags": len(card.tags),
        "findings": [_finding(row, by_record.get(row["record_id"]), veil, titles) for row in card.findings],
        "touches": touched_shown({"subjects": 1} | card.reach) if card.reach else [],
        "price": card.reach.get("price"),
        "history": list(choices.values()),
        "revealed": revealed,
    }


def _veiled(row: Mapping[str, Any], veil: Veil) -> dict[str, Any]:
    return {name: veil.value(name, value) for name, value in row.items()}


def _offices(card: SubjectCard, veil: Veil) -> list[dict[str, Any]]:
    """Return the decision on each place of business with its votes, the heaviest first."""
    places = {row["site_id"]: row["place"] for row in card.sites}
    return [
        {
            **one, "place": veil.value("place", places.get(one["site_id"])), "reason": veil.text(one["reason"]),
            "votes": [{**v, "title": VOTERS.get(v["voter"], v["voter"]), "evidence": veil.text(v["evidence"])} for v in card.office_votes if v["site_id"] == one["site_id"]],
        }
        for one in card.offices
    ]  # fmt: skip


def _finding(row: Mapping[str, Any], source: Mapping[str, Any] | None, veil: Veil, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return one finding, veiled, with the source row on which it was made."""
    field, record = row["field"], row["record_id"]
    shown = {name: veil.value(field, row[name], record=record) for name in ("value", "proposal")}
    title = ELEMENTS[field].title if field in ELEMENTS else field
    strays = [cell[name] for cell in source["cells"] for name in ("raw", "value")] if source and veil.is_slipped(record) else ()
    at = {name: source[name] for name in ("file", "sheet", "row")} if source else {}
    source_title = titles.get(row["source"], row["source"])
    return {**row, **shown, "reason": veil.text(row["reason"], strays=strays), "field_title": title, "source_title": source_title, **at}


def _choices(history: Sequence[Mapping[str, Any]], veil: Veil) -> dict[str, dict[str, Any]]:
    """Return for each field with several values: the chosen one with its reason, and all candidates."""
    found = {}
    for field, rows in groupby(sorted(history, key=lambda row: row["field"]), key=lambda row: row["field"]):
        candidates = [
            {**row, "value": _told(row, veil), "reason": veil.text(row["reason"]), "rule": rule_named(row["rule"])} for row in rows
        ]
        chosen = next((row for row in candidates if row["chosen"]), None)
        found[field] = {"field": field, "title": _TITLES.get(field, field), "chosen": chosen, "candidates": candidates}
    return found


def rule_named(rule: str | None) -> str:
    """Return the number of a rule without the step of it that decided.

    >>> rule_named("GS-09.source"), rule_named(None)
    ('GS-09', '')
    """
    return (rule or "").partition(".")[0]


def _told(row: Mapping[str, Any], veil: Veil) -> object:
    """The value of a row of the history; one that was not taken goes by its record, whose columns may have slipped."""
    return veil.value(row["field"], row["value"], record=None if row["chosen"] else row["record_id"])


def _facts(subject: Mapping[str, Any], choices: Mapping[str, Any], veil: Veil) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": _TITLES[name],
            "value": veil.value(name, subject[name]),
            "unit": _UNITS.get(name, ""),
            "choice": choices.get(name),
            "note": _DERIVED.get(name, "只有这一种取值"),
        }
        for name in _FACTS
        if subject.get(name) not in {None, ""}
    ]
