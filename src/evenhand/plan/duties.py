"""Duties of a period from grades, coverage, campaigns and events: the static, the quarterly and the dynamic model (静态、季度、动态任务模型).

Static: every live subject gets as many duties as its grade still asks for this year, in disjoint windows, and never fewer than the
two-year rule asks: the first window ends on or before the day on which its coverage runs out. Quarterly: who is due by law, and who
was drawn, once in the quarter. Dynamic: what events and approved campaigns order, on any day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.plan.campaigns import Campaign
from evenhand.plan.matters import Matter
from evenhand.plan.period import Period
from evenhand.plan.rules import Ordered, PlanRules
from evenhand.plan.shapes import LEVELS, Class, class_of
from evenhand.plan.standing import Standing, held_tags, standing_of

__all__ = ["Inputs", "PlannedDuties", "build_duties", "campaign_duties", "campaign_objects"]

_COLUMNS: Final = (
    "id", "subject", "office", "kind", "r", "d", "full", "sealed", "level", "minutes", "series", "r_end", "d_end", "matters", "lines", "approval", "origin", "reason",
)  # fmt: skip
"""Columns of a table of duties; `origin`: 随机, 全覆盖 or 有针对性; only the first is drawn."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What officers add to the release: campaigns (those without approval are counted only), drawn subjects with the number of their draw (None for the static model), subjects left out with the reason."""

    campaigns: Sequence[Campaign] = ()
    drawn: Mapping[str, str] | None = None
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlannedDuties:
    """`duty`: one row per duty; `standing`: who is planned for and who is left out; `unapproved`: campaigns without approval, with their objects; `missing`: drawn subjects that get no duty, with the reason."""

    duty: ir.Table
    standing: Standing
    unapproved: Mapping[str, int]
    missing: Mapping[str, str]


def build_duties(
    tables: Mapping[str, ir.Table],
    *,
    rules: PlanRules,
    matters: Sequence[Matter],
    period: Period,
    due: Callable[[date, int], date],
    engine: Engine,
    inputs: Inputs,
) -> PlannedDuties:
    """Return the duties of a period.

    Args:
        tables: those of `NEEDED`.
        rules: of the authority.
        matters: in force on the first day.
        period: begins the day after the release.
        due: the day so many working days after a day, or the last day of the period where that comes first.
        engine: saves what is used twice.
        inputs: what officers add to the release.
    """
    standing = standing_of(tables, rules=rules, matters=matters, period=period, listed=inputs.listed, engine=engine)
    live = standing.live
    free = live.filter(~live.capped)
    routine = _static(free, rules, period) if inputs.drawn is None else _quarterly(free, rules, period, inputs.drawn)
    parts = [
        routine,
        _system(live, held_tags(tables["tag"], period.begin - timedelta(days=1)), rules, period),
        _dynamic(live, tables, rules, period, due, engine),
    ]
    approved = [one for one in inputs.campaigns if one.approval and one.last_day >= period.begin and one.first_day <= period.end]
    parts += [campaign_duties(campaign_objects(tables, live, one, period), one, period) for one in approved]
    known = {one.id for one in approved}
    return PlannedDuties(
        duty=engine.save(ibis.union(*parts, distinct=False)),
        standing=standing,
        unapproved=_unapproved(tables, live, period, inputs.campaigns, known, engine),
        missing=_missing(free, standing.left_out, tables["subject"], inputs.drawn or {}, engine),
    )


def _missing(free: ir.Table, left_out: ir.Table, subject: ir.Table, drawn: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Who was drawn and gets no routine duty: left out since, without a grade, or unknown to the release."""
    if not drawn:
        return {}
    held = ibis.memtable([{"subject": key} for key in drawn], schema={"subject": "string"}).anti_join(free, "subject")
    known = subject.select(subject="subject_id", known=ibis.literal(value=True))
    rows = held.left_join(left_out.select("subject", "reason"), "subject").drop("subject_right")
    rows = rows.left_join(known, "subject").drop("subject_right")
    why = ibis.coalesce(rows.reason, rows.known.ifelse("没有等级", None), ibis.literal("发布版里没有这个主体"))
    return {row["subject"]: row["why"] for row in engine.arrow(rows.select("subject", why=why).order_by("subject")).to_pylist()}


def _static(live: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    """Disjoint windows of equal length over the rest of the year, never more than it has days; the first ends by the last day of coverage, or soon when that has passed. Those that end after the period wait.

    The rest of the year begins when three months have passed since a superior's visit (第四十二条); only what the two-year rule bounds may come before.
    """
    last = max(period.last, period.number(date(period.begin.year, 12, 31)))
    asked = live.filter(live.due > 0)
    asked = asked.mutate(start=(asked.barred_to <= last).ifelse(ibis.greatest(asked.barred_to, period.first), period.first))
    asked = asked.mutate(length=last - asked.start + 1)
    asked = asked.mutate(due=ibis.least(asked.due, asked.length))
    turns = asked.mutate(turn=ibis.range(0, asked.due).unnest())
    begins = turns.start + (turns.turn * turns.length) // turns.due
    ends = turns.start + ((turns.turn + 1) * turns.length) // turns.due - 1
    why = ibis.literal("等级 ") + turns.grade + ibis.literal(" 的频次，今年已检查 ") + turns.done.cast("string") + ibis.literal(" 次")
    rows = _routine(turns, rules, period, begins=begins, ends=ends, reason=why, origin=ibis.literal("随机"))
    return rows.filter(rows.d <= period.last)


def _quarterly(live: ir.Table, rules: PlanRules, period: Period, drawn: Mapping[str, str]) -> ir.Table:
    """Once in the period: who was drawn, and who is due by the two-year rule."""
    held = ibis.memtable(
        [{"subject": key, "serial": serial} for key, serial in drawn.items()], schema={"subject": "string", "serial": "string"}
    )
    rows = live.left_join(held, "subject").drop("subject_right")
    turns = rows.filter(rows.serial.notnull() | (rows.covered_by <= period.last)).mutate(turn=ibis.literal(0).cast("int64"))
    why = ibis.literal("抽取 ") + turns.serial
    begins, ends = (ibis.literal(day).cast("int64") for day in (period.first, period.last))
    return _routine(turns, rules, period, begins=begins, ends=ends, reason=why, origin=ibis.literal("随机"))


def _routine(turns: ir.Table, rules: PlanRules, period: Period, *, begins: Any, ends: Any, reason: Any, origin: Any) -> ir.Table:
    first = period.first
    overdue = turns.covered_by < first
    soon = overdue.ifelse(ibis.least(ibis.literal(first + rules.overdue_days - 1), period.last), turns.covered_by)
    bound = (turns.turn == 0) & (soon < ends + 1) & (turns.covered_by <= period.last)
    d = bound.ifelse(ibis.least(soon, ends), ends)
    free = ibis.greatest(turns.free_from, turns.barred_to)
    r = ((turns.turn == 0) & (free > begins) & (free <= d)).ifelse(free, (begins <= d).ifelse(begins, first))
    why = ibis.cases((overdue & bound, ibis.literal("超过两年没有全项目检查")), (bound, ibis.literal("两年全覆盖到期")), else_=reason)
    barred = bound.ifelse("；三个月内上级已检查，期限由法律定，记为例外", "；三个月内上级已检查，今年没有更晚的日子，记为例外")
    return turns.select(
        "subject", "office", "matters", "lines", "minutes", id=ibis.literal("R-") + turns.subject + "-" + turns.turn.cast("string"), kind=ibis.literal("日常"), r=r.cast("int64"),
        d=d.cast("int64"), full=ibis.literal(value=True), sealed=ibis.literal(value=False), level=ibis.literal(0).cast("int64"), series=turns.subject, r_end=ibis.literal("ours"),
        d_end=bound.ifelse(ibis.literal("law"), ibis.literal("ours")), approval=ibis.literal(""), origin=bound.ifelse(ibis.literal("全覆盖"), origin),
        reason=(turns.barred_to > d).ifelse(why + barred, why),
    ).select(*_COLUMNS)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What an event, a yearly rule or a campaign orders: one duty for each row; `matters`: instead of the subject's own."""

    prefix: str
    kind: str
    level: str
    minutes: int
    approval: str = ""
    matters: str = ""


def _ordered(rows: ir.Table, one: _Order, *, r: Any, d: Any, reason: Any) -> ir.Table:
    end = "approval" if one.approval else "law"
    return rows.select(
        "subject", "office", "lines", matters=ibis.literal(one.matters) if one.matters else rows.matters, id=ibis.literal(f"{one.prefix}-") + rows.subject,
        kind=ibis.literal(one.kind), r=r.cast("int64"), d=d.cast("int64"), full=ibis.literal(one.kind == "体系"), sealed=ibis.literal(one.kind == "飞行"),
        level=ibis.literal(LEVELS.index(one.level)).cast("int64"), minutes=ibis.literal(one.minutes).cast("int64"), series=ibis.literal(""), r_end=ibis.literal(end),
        d_end=ibis.literal(end), approval=ibis.literal(one.approval), origin=ibis.literal("全覆盖" if one.kind == "体系" else "有针对性"), reason=reason,
    ).select(*_COLUMNS)  # fmt: skip


def _system(live: ir.Table, tag: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    """One system inspection a year; who falls under several reasons gets it once, for the first.

    Each subject has its quarter by its id, so that the work spreads; when the release shows a quarter gone by without it, the next one. The
    period in which that quarter ends orders it, so plans of a year that follow each other order it once. One that was done this year settles it.
    """
    digit = ibis.literal("0123456789abcdef").find(live.subject.hexdigest("sha256").substr(0, 1))
    quarter = ibis.greatest(digit % 4 + 1, period.next_quarter)
    left, duties = live.filter(~live.has_system & quarter.isin(period.quarters_ended or (0,))), []
    for n, one in enumerate(rules.system):
        rows = left.semi_join(tag.filter(tag.code.isin(one.tags)), "subject")
        if one.also:
            rows = rows.semi_join(tag.filter(tag.code.isin(one.also)), "subject")
        order = _Order(prefix=f"T{n}", kind="体系", level=one.level, minutes=rules.minutes["体系"])
        ends = {"r": ibis.literal(period.first), "d": ibis.literal(period.last)}
        duties.append(_ordered(rows, order, **ends, reason=ibis.literal(f"{one.term}每年一次体系检查")))
        left = left.anti_join(rows, "subject")
    return ibis.union(*duties, distinct=False) if len(duties) > 1 else duties[0]


def _dynamic(
    live: ir.Table, tables: Mapping[str, ir.Table], rules: PlanRules, period: Period, due: Callable[[date, int], date], engine: Engine
) -> ir.Table:
    """What triggers order that are at work on the day of the release, counted from the day of their event; what a later inspection settled is over."""
    grade, at = tables["grade"], ibis.literal(period.known)
    now = grade.filter(
        grade.known_to.isnull() & (grade.begins_on <= at) & (grade.ends_on.isnull() | (grade.ends_on > at)) & (grade.triggers.length() > 0)
    )
    each = engine.save(now.select(subject="subject_id", trigger=now.triggers.split(" ").unnest()).distinct())
    parts = []
    for trigger, one in rules.dynamic.items():
        open_ones = _open_events(tables, one, rules, period).semi_join(each.filter(each.trigger == trigger), "subject")
        rows = engine.save(live.join(open_ones, "subject"))
        days = [row["start"] for row in engine.arrow(rows.select("start").distinct()).to_pylist()]
        ends = ibis.memtable(
            [{"start": day, "closes": period.number(due(day, one.working_days))} for day in days],
            schema={"start": "date", "closes": "int64"},
        )
        rows = rows.join(ends, "start")
        earliest = period.number(due(period.begin - timedelta(days=1), 1))  # of what is overdue: the first working day
        late = rows.closes < earliest
        d = ibis.greatest(rows.closes, earliest)
        r = ibis.least(ibis.greatest(rows.start.delta(ibis.literal(period.origin), unit="day") + 1, period.first), d)
        order = _Order(prefix=trigger, kind=one.kind, level=one.level, minutes=rules.minutes[one.kind])
        why = rows.day.strftime("%Y-%m-%d") + ibis.literal(f" {trigger} 触发的{one.kind}检查")
        parts.append(_ordered(rows, order, r=r, d=d, reason=late.ifelse(why + "，已逾期", why)))
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]


def _open_events(tables: Mapping[str, ir.Table], one: Ordered, rules: PlanRules, period: Period) -> ir.Table:
    """By subject the day of the last event that sets a trigger to work (`day`) and the day from which its term counts (`start`), if it is recent and no later inspection settled it.

    The term of a recheck counts from the end of rectification where it is told. Any later inspection settles a recheck; only an unannounced one what must be unannounced.
    """
    ground, asof = tables["ground"], period.begin - timedelta(days=1)
    event = ground.filter((ground.kind == one.ground) & ground.outcome.isin(one.outcomes) & (ground.day <= ibis.literal(asof)))
    if one.sampled_by:
        event = event.filter(event.level.isin(one.sampled_by))
    start = event.day
    if one.kind == "复查":
        ends = tables["inspection"].select("record_id", "due_on")
        event = event.left_join(ends, "record_id").drop("record_id_right")
        start = ibis.greatest(event.day, event.due_on.fill_null(event.day))
    last = event.mutate(start=start).group_by(subject=event.subject_id).agg(day=ibis._.day.max(), start=ibis._.start.max())
    visit = ground.filter(ground.kind == "inspection")
    if class_of(one.kind, rules.policy) != Class.EITHER:
        visit = visit.filter(visit.level == one.kind)
    seen = visit.group_by(subject=visit.subject_id).agg(seen=visit.day.max())
    rows = last.left_join(seen, "subject").drop("subject_right")
    begun = (rows.start > ibis.literal(asof - timedelta(days=rules.recent_days))) & (rows.start < ibis.literal(period.end))
    return rows.filter(begun & (rows.seen.isnull() | (rows.seen <= rows.day))).select("subject", "day", "start")


def campaign_objects(tables: Mapping[str, ir.Table], live: ir.Table, one: Campaign, period: Period) -> ir.Table:
    """Return the rows of `live` that a campaign reaches: by tag, by the release's lists, by name; inside its areas."""
    parts = []
    if one.tags:
        held = held_tags(tables["tag"], period.begin - timedelta(days=1))
        parts.append(held.filter(held.code.isin(one.tags)).select("subject"))
    if one.listed:
        rows = tables["campaign"].filter(tables["campaign"].campaign_no == one.id).select("record_id")
        parts.append(rows.join(tables["membership"].select("record_id", subject="subject_id"), "record_id").select("subject"))
    if one.subjects:
        parts.append(ibis.memtable([{"subject": name} for name in one.subjects], schema={"subject": "string"}))
    named = (ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]).distinct()
    inside = ibis.or_(*(live.county.fill_null("").startswith(area) for area in one.areas)) if all(one.areas) else ibis.literal(value=True)
    return live.filter(inside).semi_join(named, "subject")


def campaign_duties(rows: ir.Table, one: Campaign, period: Period) -> ir.Table:
    """Return one duty for each object of an approved campaign; a superior's visit of the last three months moves its first day where the window allows it (第四十二条)."""
    r, d = max(period.number(one.first_day), period.first), min(period.number(one.last_day), period.last)
    free = rows.barred_to
    begins = ibis.literal(r).cast("int64") if one.exempt else ((free > r) & (free <= d)).ifelse(free, r)
    number = one.approval.number if one.approval else ""
    why = ibis.literal(f"{one.term}（{number}）")
    told = why if one.exempt else (free > d).ifelse(why + "；三个月内上级已检查，期限由批准定，记为例外", why)
    order = _Order(prefix=one.id, kind=one.kind, level=one.level, minutes=one.minutes, approval=number, matters=one.id)
    return _ordered(rows, order, r=begins, d=ibis.literal(d), reason=told)


def _unapproved(
    tables: Mapping[str, ir.Table], live: ir.Table, period: Period, campaigns: Sequence[Campaign], known: set[str], engine: Engine
) -> dict[str, int]:
    """Campaigns that reach into the period and have no approval: told with the number of objects, never planned."""
    campaign = tables["campaign"]
    rows = campaign.filter(
        campaign.campaign_no.notnull() & (campaign.starts_on <= ibis.literal(period.end)) & (campaign.ends_on >= ibis.literal(period.begin))
    )
    told = rows.group_by("campaign_no", "campaign").agg(objects=rows.count()).order_by("campaign_no")
    found = {
        f"{row['campaign_no']} {row['campaign']}": row["objects"]
        for row in engine.arrow(told).to_pylist()
        if row["campaign_no"] not in known
    }
    return found | {
        f"{one.id} {one.term}": engine.count(campaign_objects(tables, live, one, period))
        for one in campaigns
        if not one.approval and f"{one.id} {one.term}" not in found
    }
