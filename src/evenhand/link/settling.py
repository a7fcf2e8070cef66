"""Settling: what people decided about single records goes before every rule."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.decisions import Decisions
from evenhand.engine import Engine
from evenhand.link.anchors import VALID
from evenhand.link.rules import LinkRules

__all__ = ["Settled", "allowed", "settle", "split_off"]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Records as the rules are to see them."""

    rows: ir.Table
    """Records that follow the rules; `uscc` and `uscc_state` as settled, `settled` the decision that gave the code, else NULL."""
    apart: ir.Table | None
    """Records that people split off: record_id, anchor, rule, score, evidence; None when there are none."""
    forbidden: ir.Table | None
    """Codes that a record must not meet: record_id, code; None when there are none."""


def settle(subjects: ir.Table, decisions: Decisions, rules: LinkRules, engine: Engine) -> Settled:
    """Apply verdicts on codes and splits to the records of `subjects`."""
    rows, forbidden, apart = subjects.mutate(settled=ibis.null("string")), None, None
    if decisions.forbidden.num_rows:
        forbidden = engine.table(decisions.forbidden).select("record_id", "code").distinct()
        refused = rows.join(forbidden, [rows.record_id == forbidden.record_id, rows.uscc == forbidden.code]).select(
            refused_id=rows.record_id
        )
        refused = engine.save(refused)
        rows = rows.left_join(refused, rows.record_id == refused.refused_id)
        own = rows.refused_id.isnull()
        rows = rows.mutate(
            uscc=own.ifelse(rows.uscc, ibis.null("string")), uscc_state=own.ifelse(rows.uscc_state, ibis.literal("wrong"))
        ).drop("refused_id")
    if decisions.codes.num_rows:
        codes = engine.table(decisions.codes).rename(settled_id="record_id", by_person="decision")
        rows = rows.left_join(codes, rows.record_id == codes.settled_id)
        given = rows.code.notnull()
        rows = rows.mutate(
            uscc=rows.code.coalesce(rows.uscc), uscc_state=given.ifelse(ibis.literal(VALID[0]), rows.uscc_state), settled=rows.by_person
        ).drop("settled_id", "code", "by_person")
    if decisions.units.num_rows:
        units = engine.table(decisions.units)
        apart = engine.save(split_off(rows.join(units, "record_id"), rules))
        rows = rows.anti_join(units, "record_id")
    return Settled(rows=rows, apart=apart, forbidden=forbidden)


def split_off(rows: ir.Table, rules: LinkRules) -> ir.Table:
    """Membership of records that people put to a unit of their own: each unit is anchored by its smallest record.

    Args:
        rows: one row per record, with `unit`, the decision.
        rules: name the rule.
    """
    rows = rows.select("record_id", "unit")
    anchors = rows.group_by("unit").agg(anchor=rows.record_id.min())
    whole = rows.join(anchors, "unit")
    return whole.select(
        "record_id", "anchor", rule=ibis.literal(rules.people.split.id), score=ibis.literal(1.0),
        evidence=ibis.literal(f"{rules.people.split.title}：") + whole.unit,
    )  # fmt: skip


def allowed(said: ir.Table, forbidden: ir.Table | None) -> ir.Table:
    """Leave out hits on a code that people refused for the record."""
    if forbidden is None:
        return said
    return said.anti_join(forbidden, [said.record_id == forbidden.record_id, said.low == forbidden.code])
