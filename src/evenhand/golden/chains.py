"""Chains: which issue goes on with which (证照沿革).

Issues of one number are one chain. Another number goes on with it at the same place and in the same form of business when the one
before has run out or was given up. A chain is read by windows alone: each number looks at the one that began before it.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.level_rules import ChainRules
from evenhand.golden.rules import LicenceRules
from evenhand.golden.wording import filled

__all__ = ["NUMBER", "chained", "ended"]

NUMBER: Final = ("sid", "licence_no", "licence_kind")
"""What names one licence of one subject."""
_TOGETHER: Final = ("sid", "form", "site_key")
_FIRST, _FOLLOWED, _OLD = range(3)


def chained(issues: ir.Table, rules: ChainRules, *, engine: Engine) -> ir.Table:
    """Add `root`, `chain_order`, `step`, `rule`, `evidence`, `next_no` and `next_on` to the issues.

    Args:
        issues: one row per issue: `NUMBER`, rid, form, site_key, begins_on, issued_on, valid_to, believed_to, licence_status, closed.
        rules: `golden/levels.yaml`, `chain`.
        engine: saves what is used twice.
    """
    numbers = engine.save(_numbers(issues, rules))
    rows = issues.join(numbers, list(NUMBER))
    along = ibis.window(
        group_by=("sid", "root"),
        order_by=[ibis.asc("begins_on", nulls_first=True), *map(ibis.asc, ("licence_no", "licence_kind")), ibis.asc("valid_to", nulls_first=True), ibis.asc("rid")],
    )  # fmt: skip
    rows = rows.mutate(
        chain_order=ibis.row_number().over(along) + 1,
        earlier_no=rows.licence_no.lag().over(along),
        earlier_to=rows.valid_to.lag().over(along),
        next_no=rows.licence_no.lead().over(along),
        next_on=rows.begins_on.lead().over(along),
    )
    steps = _steps(rows, rules)
    told = {
        name: ibis.cases(*[(test, value[place]) for test, *value in steps], else_=ibis.null("string"))
        for place, name in enumerate(("step", "rule", "evidence"))
    }
    return rows.mutate(**told)


def ended(issues: ir.Table, moves: ir.Table, rules: LicenceRules) -> ir.Table:
    """Add `ended_on`: from when on a licence that was given up had ended, where the next one, a move or the end of the subject tells.

    Args:
        issues: one row per issue, from `chained`.
        moves: one row per move: old_rid, moved_on.
        rules: `golden/status.yaml`, `licence`: codes that mean given up.
    """
    left = moves.select(left_rid="old_rid", left_on="moved_on")
    rows = issues.left_join(left, [issues.rid == left.left_rid]).drop("left_rid")
    # The subject may have closed before this licence began, when two registers disagree: then the day says nothing.
    closed_on = (rows.closed_on >= ibis.coalesce(rows.begins_on, rows.closed_on)).ifelse(rows.closed_on, ibis.null("date"))
    known = ibis.coalesce(rows.next_on, rows.left_on, closed_on)
    given_up = rows.licence_status.isin(rules.replaced) & known.notnull()
    ended_on = given_up.ifelse(ibis.least(known, ibis.coalesce(rows.stated_on, known)), ibis.null("date"))
    return rows.mutate(ended_on=ended_on).drop("left_on")


def _numbers(issues: ir.Table, rules: ChainRules) -> ir.Table:
    """One row per `NUMBER`: `root` names its chain, `link` how it follows, `before` and `before_to` what."""
    latest = ibis.window(
        group_by=NUMBER,
        order_by=[ibis.desc("begins_on", nulls_first=False), ibis.desc("valid_to", nulls_first=False), ibis.desc("rid")],
    )
    alike = ibis.window(group_by=NUMBER)
    rows = issues.mutate(
        turn=ibis.row_number().over(latest),
        first_begin=issues.begins_on.min().over(alike),
        last_to=issues.believed_to.max().over(alike),
    )
    rows = rows.filter(rows.turn == 0).select(*NUMBER, "form", "site_key", "licence_status", "closed", "first_begin", "last_to")
    placed = rows.form.notnull() & rows.site_key.notnull() & rows.first_begin.notnull()
    own = rows.licence_kind + "|" + rows.licence_no
    # Numbers without place, form or day stand alone: nothing can be told of them.
    rows = rows.mutate(own=own, alone=placed.ifelse("", own))
    line = ibis.window(group_by=(*_TOGETHER, "alone"), order_by=["first_begin", "licence_no", "licence_kind"])
    before = {name: rows[name].lag().over(line) for name in ("licence_no", "licence_kind", "licence_status", "first_begin", "last_to")}
    rows = rows.mutate(**{f"before_{name}": value for name, value in before.items()})
    rows = rows.mutate(link=_link(rows, rules))
    rows = rows.mutate(part=(rows.link == _FIRST).cast("int64").sum().over(ibis.cumulative_window(group_by=(*_TOGETHER, "alone"), order_by=["first_begin", "licence_no", "licence_kind"])))  # fmt: skip
    root = rows.own.first().over(
        ibis.window(group_by=(*_TOGETHER, "alone", "part"), order_by=["first_begin", "licence_no", "licence_kind"])
    )
    return rows.select(*NUMBER, "link", root=root, before=rows.before_licence_no, before_to=rows.before_last_to)


def _link(rows: ir.Table, rules: ChainRules) -> ir.IntegerValue:
    """How a number follows the one before it: not at all, as a new number, in the place of an old certificate."""
    gap = rows.first_begin.delta(rows.before_last_to, unit="day").cast("int64") - 1
    # When the subject itself has ended, its licences were given up with it and not for one another.
    given_up = rows.before_licence_status.isin(rules.ended_codes) & rows.closed.isnull()
    later = rows.first_begin > rows.before_first_begin
    old = (rows.before_licence_kind == rules.old_kind) & (rows.licence_kind != rules.old_kind)
    same = rows.before_licence_kind == rows.licence_kind
    known = rows.before_last_to.notnull()
    took_over = later & old & ((gap <= rules.old_gap_days) | (~known & given_up))
    went_on = later & same & (((gap <= rules.gap_days) & ((gap >= -rules.overlap_days) | given_up)) | (~known & given_up))
    no, number = ibis.literal(value=False), {name: ibis.literal(name, "int64") for name in (_FIRST, _FOLLOWED, _OLD)}
    return ibis.cases((took_over.fill_null(no), number[_OLD]), (went_on.fill_null(no), number[_FOLLOWED]), else_=number[_FIRST])


def _steps(rows: ir.Table, rules: ChainRules) -> list[tuple[ir.BooleanValue, ir.StringValue, ir.StringValue, ir.StringValue]]:
    same = rows.earlier_no == rows.licence_no
    until = rows.before_to.cast("string").fill_null("未填")
    day = {"renewed": rows.valid_to.cast("string").fill_null("未填"), "changed": rows.begins_on.cast("string").fill_null("未填")}
    kept = (rows.valid_to == rows.earlier_to) | (rows.valid_to.isnull() & rows.earlier_to.isnull())
    told = [
        (rows.chain_order == 1, rules.first, rules.first.evidence, {}),
        (same & kept, rules.changed, rules.changed.evidence, {"begins_on": day["changed"]}),
        (same, rules.renewed, rules.renewed.evidence, {"valid_to": day["renewed"]}),
        (rows.link == _OLD, rules.old, rules.old.evidence, {"earlier_no": rows.before, "earlier_to": until}),
    ]
    last = (
        ibis.literal(value=True),
        rules.followed,
        rules.followed.evidence,
        {"earlier_no": ibis.coalesce(rows.before, rows.earlier_no), "earlier_to": until},
    )
    gap = rows.begins_on.delta(rows.before_to, unit="day").cast("int64") - 1
    unrecorded = (gap > 0).ifelse(filled(rules.unrecorded, gap_between=gap), ibis.literal("")).fill_null("")
    return [
        (
            test,
            ibis.literal(step.title),
            ibis.literal(step.id),
            (filled(text, **values) + (unrecorded if "earlier_no" in values else "")).nullif(""),
        )
        for test, step, text, values in (*told, last)
    ]
