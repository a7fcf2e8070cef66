"""Explain: the choice of one subject's values, written straight from the text of the rules, one record at a time.

The slow twin of `survivors`: it serves the page of one subject, and tests hold the two against each other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.golden.rules import FieldRule, SurvivorRules, read_golden_rules
from evenhand.golden.survivors import BY_RECORD, DAY_ZERO, LAST_DAY, MOST_SOURCES
from evenhand.identifiers import uscc
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS

__all__ = ["Choice", "choices", "explain_choice"]

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One chosen value: by which rule, why, from which record, and the values it was chosen from, best first.

    `rule` names the rule and the step that decided, as `GS-04.source`; the rule alone when there was one value.
    Each candidate has the columns of `history`.
    """

    field: str
    value: str
    rule: str
    reason: str
    record_id: str
    candidates: tuple[dict[str, Any], ...]


def explain_choice(candidates: Sequence[Row], *, pack: Pack) -> list[Choice]:
    """Choose each field's value for one subject and say why (取值理由).

    Args:
        candidates: the records of one subject, as rows of `record`: record_id, kind, source, observed_on, the fields, uscc_state, place_key;
            of registrations also registration_status.
        pack: its `golden/subject.yaml` holds the rules.

    Returns:
        One choice per field that has a value, in the order of the rules.
    """
    return choices(candidates, read_golden_rules(pack).survivors)


def choices(candidates: Sequence[Row], rules: SurvivorRules) -> list[Choice]:
    """The same with rules already read."""
    return [choice for rule in rules.fields if (choice := _choose(candidates, rule, rules))]


def _choose(candidates: Sequence[Row], rule: FieldRule, rules: SurvivorRules) -> Choice | None:
    groups: dict[str, list[Row]] = {}
    for row in candidates:
        if key := _group(row, rule.field):
            groups.setdefault(key, []).append(row)
    if not groups:
        return None
    judged = _as_written(sorted((_judge(rows, rule, rules) for rows in groups.values()), key=lambda j: j["standing"]))
    standings = [j["standing"] for j in judged]
    for n, one in enumerate(judged):
        rival = standings[0] if n else standings[min(1, len(standings) - 1)]
        one |= {"chosen": n == 0, "rule": _deciding(rule, one.pop("standing"), rival)}
    best = judged[0]
    return Choice(
        field=rule.field,
        value=best["value"],
        rule=best["rule"],
        reason=best["reason"],
        record_id=best["record_id"],
        candidates=tuple(judged),
    )


def _as_written(judged: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Values that are written alike are one, with the reason of the best; only places can be, when one row had a county and another none."""
    found: dict[str, dict[str, Any]] = {}
    for one in judged:
        best = found.setdefault(one["value"], one)
        if best is not one:
            best["record_count"] += one["record_count"]
            best["source_count"] = max(best["source_count"], one["source_count"])
            best["first_seen"] = min(filter(None, (best["first_seen"], one["first_seen"])), default=None)
            best["last_seen"] = max(filter(None, (best["last_seen"], one["last_seen"])), default=None)
    return list(found.values())


def _deciding(rule: FieldRule, mine: Sequence[Any], rival: Sequence[Any]) -> str:
    """The rule, and the first step that sets two values apart; the rule alone when there is no rival."""
    if mine == rival:
        return rule.id
    step = next((step for step, own, other in zip(rule.steps, mine, rival, strict=False) if own != other), BY_RECORD)
    return f"{rule.id}.{step}"


def _group(row: Row, field: str) -> str:
    """What counts as the same value: for places the matching key, when there is one."""
    if field == "place":
        return row.get("place_key") or row.get("place") or ""
    return _text(row, field)


def _text(row: Row, field: str) -> str:
    return str(row.get("registration_status" if field == "status" else field) or "")


def _judge(rows: Sequence[Row], rule: FieldRule, rules: SurvivorRules) -> dict[str, Any]:
    ranks = {kind: n for n, kind in enumerate(rule.sources)}
    best = min(rows, key=lambda r: (ranks.get(r["kind"], len(ranks)), r["record_id"]))
    rank, sources = ranks.get(best["kind"], len(ranks)), len({r["source"] for r in rows})
    days = [r["observed_on"] for r in rows if r["observed_on"]]
    last: date | None = max(days, default=None)
    valid = any(_is_valid(r, rule.field, rules) for r in rows)
    since = min(max((last - DAY_ZERO).days, 0), LAST_DAY) if last else 0
    order = {"validity": not valid, "source": rank, "agreement": -min(sources, MOST_SOURCES), "recency": -since}
    said = {
        "validity": rules.reasons.validity if valid else "",
        "source": rules.reasons.source.format(source=EXTRACTS[best["kind"]].title) if best["kind"] in ranks else "",
        "agreement": rules.reasons.agreement.format(count=sources) if sources > 1 else "",
        "recency": rules.reasons.recency.format(day=last.isoformat()) if last else "",
    }
    return {
        "value": _text(best, rule.field), "record_id": best["record_id"], "record_count": len(rows), "source_count": sources,
        "first_seen": min(days, default=None), "last_seen": last,
        "reason": "；".join(filter(None, (said[step] for step in rule.steps))), "standing": (*(order[step] for step in rule.steps), best["record_id"]),
    }  # fmt: skip


def _is_valid(row: Row, field: str, rules: SurvivorRules) -> bool:
    if field == "uscc":
        state = row.get("uscc_state")
        return state in {"valid", "warning"} if state else uscc.is_valid(row["uscc"])
    return field != "phone" or re.search(rules.phone_pattern, str(row["phone"])) is not None
