"""Licences: one row per number and subject, with the status it has on a day and why."""

from datetime import date
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.chains import NUMBER
from evenhand.golden.gathering import Gathered
from evenhand.golden.issues import chain_id, is_slip, with_texts
from evenhand.golden.rules import LicenceRules
from evenhand.golden.soon import Soon
from evenhand.golden.wording import filled
from evenhand.standards import TABLES

__all__ = ["licence_rows", "licence_status"]

_NEAR: Final = "near"
_DISTANT: Final = "distant"
_UNKNOWN: Final = "unknown"
_NOTHING: Final = None
"""Answer on what is not in force."""
_Case = tuple[ir.BooleanValue, str, ir.StringValue, Literal["near", "distant", "unknown"] | None]


def licence_rows(
    issues: ir.Table,
    granted: ir.Table,
    record: ir.Table,
    gathered: Gathered,
    rules: LicenceRules,
    *,
    asof: date,
    soon: Soon,
    engine: Engine,
) -> ir.Table:
    """The table `licence`: of the issues of one number the one in force on the day, else the first to come; then the smallest record id."""
    mentions = record.filter(record.licence_no.notnull()).select("record_id", "licence_no").join(gathered.numbers, "record_id")
    counted = mentions.group_by("sid", "licence_no").agg(mentioned=mentions.count())
    begun = ibis.coalesce(issues.begins_on <= ibis.literal(asof), ibis.literal(value=True))
    order = ibis.window(
        group_by=NUMBER,
        order_by=[
            ibis.desc(begun), ibis.desc(begun.ifelse(issues.begins_on, ibis.null("date")), nulls_first=False), ibis.asc("begins_on", nulls_first=True),
            ibis.desc("valid_to", nulls_first=False), ibis.asc("rid"),
        ],
    )  # fmt: skip
    ranked = issues.mutate(turn=ibis.row_number().over(order))
    picked = ranked.filter(ranked.turn == 0).join(counted, ["sid", "licence_no"]).drop("record_count").rename(record_count="mentioned")
    chosen = with_texts(picked, granted)
    status, reason, near = licence_status(chosen, rules, asof=asof, soon=soon)
    filled_in = chosen.mutate(chain_id=chain_id(chosen), status=status, status_reason=reason, soon=near)
    return engine.save(filled_in.select(*TABLES["licence"].names).cast(TABLES["licence"].schema))


def licence_status(rows: ir.Table, rules: LicenceRules, *, asof: date, soon: Soon) -> tuple[ir.StringValue, ir.StringValue, ir.StringValue]:
    """Status on a day, its reason, and whether the end is near (证照推定状态、是否临期).

    Args:
        rows: one row per issue: kind, licence_status (code), begins_on, valid_to, stated_on, ended_on.
        rules: `golden/status.yaml`, `licence`.
        asof: the day; a licence is still valid on its last day.
        soon: which last days are near on that day.
    """
    said, names, day = rules.reasons, rules.names, ibis.literal(asof)
    told = {
        "asof": asof.isoformat(), "days": rules.soon_working_days, "calendar_first": soon.first.isoformat(), "calendar_last": soon.last.isoformat(),
        "valid_to": rows.valid_to, "begins_on": rows.begins_on, "ended_on": rows.ended_on, "stated_on": rows.stated_on,
    }  # fmt: skip
    # A status is known from the delivery on that stated it; a delivery without a day counts as the first there ever was.
    by_then = ibis.coalesce(rows.stated_on <= day, ibis.literal(value=True))
    ahead = ibis.coalesce(rows.valid_to >= day, ibis.literal(value=True))
    expired = rows.licence_status == rules.expired_code
    impossible = is_slip(rows.valid_to, rows.begins_on)
    cases: list[_Case] = [(rows.begins_on > day, names["future"], filled(said.future, **told), _NOTHING)]
    for code, name in rules.stated.items():
        mine, words = rows.licence_status == code, {**told, "status": name}
        cases += [
            (mine & (rows.ended_on <= day), name, filled(said.stated_since, **words), _NOTHING),
            (mine & rows.ended_on.isnull() & by_then, name, filled(said.stated, **words), _NOTHING),
            (mine & rows.ended_on.isnull() & ahead, names["unknown"], filled(said.stated_later, **words), _NOTHING),
        ]
    cases += [
        (rows.begins_on.isnull() & ~by_then & ahead, names["unknown"], filled(said.unbegun, **told), _NOTHING),
        (impossible & (rows.licence_status != rules.expired_code).fill_null(True), names["unknown"], filled(said.impossible, **told), _NOTHING),  # noqa: FBT003 — Ibis takes it by position only
        (rows.valid_to < day, names["expired"], filled(said.expired, **told), _NOTHING),
        (expired & ibis.coalesce(rows.valid_to >= rows.stated_on, rows.valid_to.notnull()), names["unknown"], filled(said.doubtful, **told), _NOTHING),
        (rows.valid_to <= ibis.literal(soon.surely), names["soon"], filled(said.soon, **told), _NEAR),
        (rows.valid_to <= ibis.literal(soon.perhaps), names["valid"], filled(said.soon_unknown, **told), _UNKNOWN),
        (rows.valid_to.notnull(), names["valid"], filled(said.valid, **told), _DISTANT),
        (expired & by_then, names["expired"], ibis.literal(said.stated_expired), _NOTHING),
        (expired, names["unknown"], filled(said.expired_later, **told), _NOTHING),
        (rows.kind.isin(rules.open_ended), names["valid"], ibis.literal(said.open_ended), _DISTANT),
        (rows.licence_status == rules.valid_code, names["valid"], ibis.literal(said.stated_valid), _UNKNOWN),
    ]  # fmt: skip
    nothing = ibis.null("string")
    status = ibis.cases(*[(test, ibis.literal(name)) for test, name, _, _ in cases], else_=ibis.literal(names["unknown"]))
    reason = ibis.cases(*[(test, text) for test, _, text, _ in cases], else_=ibis.literal(said.unknown))
    near = ibis.cases(*[(test, ibis.literal(rules.soon_answers[key]) if key else nothing) for test, _, _, key in cases], else_=nothing)
    return status, reason, near
