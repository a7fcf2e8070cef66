"""Choosing: the value of every field of every subject, and the history of the fields that have more than one.

Most subjects have one value per field: one pass finds them by smallest and largest value. Only the others are weighed.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.gathering import CHOSEN, Gathered
from evenhand.golden.rules import FieldRule, SurvivorRules
from evenhand.golden.survivors import standings, winners

__all__ = ["Weighed", "history_rows", "weigh_fields", "weigh_status"]


@dataclass(frozen=True)
class Weighed:
    """One field: what speaks for each value where there are several, and the winner of each subject."""

    rule: FieldRule
    found: ir.Table
    best: ir.Table


def weigh_fields(gathered: Gathered, rules: SurvivorRules, *, engine: Engine) -> dict[str, Weighed]:
    """Weigh the fields of `CHOSEN` for the subjects that have more than one value."""
    rows, spread = gathered.rows, gathered.spread
    weighed = {}
    for name in CHOSEN:
        several = spread.filter(spread[f"{name}_lo"] != spread[f"{name}_hi"]).select("sid")
        valued = rows.filter(rows[name].notnull()).semi_join(several, "sid")
        good = _good(valued, name, rules)
        found = engine.save(standings(valued.select("sid", "record_id", "kind", "source", "observed_on", value=name, good=good), rules[name], rules.reasons))
        weighed[name] = Weighed(rules[name], found, winners(found))
    return weighed


def weigh_status(gathered: Gathered, rules: SurvivorRules, *, engine: Engine) -> Weighed:
    """Weigh the registered status, for every subject that has one."""
    rows = gathered.registrations
    rule = rules["status"]
    stated = rows.filter(rows.value.notnull()).select("sid", "record_id", "kind", "source", "observed_on", "value", good=ibis.literal(True))  # noqa: FBT003 — a literal column
    found = engine.save(standings(stated, rule, rules.reasons))
    return Weighed(rule, found, winners(found))


def history_rows(weighed: Weighed) -> ir.Table:
    """Rows of `history` of one field: only subjects with more than one value."""
    found = weighed.found
    several = found.group_by("sid").agg(values=ibis._.count(), winner=found.standing.min())
    rows = found.join(several.filter(several["values"] > 1).select("sid", "winner"), "sid")
    return rows.select(
        "sid", field=ibis.literal(weighed.rule.field), value="value", chosen=rows.standing == rows.winner, rule=ibis.literal(weighed.rule.id), reason="reason",
        record_count="record_count", source_count="source_count", first_seen="first_seen", last_seen="last_seen", record_id="record_id",
    )  # fmt: skip


def _good(rows: ir.Table, name: str, rules: SurvivorRules) -> ir.BooleanValue:
    if name == "uscc":
        return rows.uscc.endswith("|valid") | rows.uscc.endswith("|warning")
    if name == "phone":
        return rows.phone.re_search(rules.phone_pattern)
    return ibis.literal(True)  # noqa: FBT003 — a literal column
