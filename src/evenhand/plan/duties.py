"""Duties of a period from grades, coverage and events: the static and the dynamic model (静态、动态任务模型).

Every live subject gets as many duties as its grade still asks for this year, in disjoint windows, and never fewer than the
two-year rule asks: the first window ends on or before the day on which its coverage runs out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.plan.rules import PlanRules
from evenhand.plan.shapes import LEVELS

__all__ = ["NEEDED", "Period", "PlannedDuties", "build_duties"]

NEEDED: Final = ("subject", "tag", "grade", "inspection", "membership")
"""Tables of a release that planning reads."""
_CREDIT: Final = "credit"


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days of a plan, both ends included; `year_begins`: first day of the year whose visits count as done."""

    begin: date
    end: date

    @property
    def origin(self) -> date:
        """The Monday on or before the first day: day 0 of the plan."""
        return self.begin - timedelta(days=self.begin.weekday())

    @property
    def first(self) -> int:
        """Number of the first day."""
        return (self.begin - self.origin).days

    @property
    def last(self) -> int:
        """Number of the last day."""
        return (self.end - self.origin).days

    @property
    def year_begins(self) -> date:
        """First of January of the year of the first day."""
        return date(self.begin.year, 1, 1)


@dataclass(frozen=True, kw_only=True)
class PlannedDuties:
    """`duty`: one row per duty; `live`: one row per subject that is planned for; `left_out`: one row per subject left out, with the reason."""

    duty: ir.Table
    live: ir.Table
    left_out: ir.Table


def build_duties(
    tables: Mapping[str, ir.Table], *, rules: PlanRules, period: Period, deadlines: Mapping[str, int], engine: Engine
) -> PlannedDuties:
    """Return the duties of a period.

    Args:
        tables: those of `NEEDED`.
        rules: of the authority.
        period: begins the day after the release.
        deadlines: for each trigger that orders something, the last day on which it must be done.
        engine: saves what is used twice.
    """
    asof = period.begin - timedelta(days=1)
    graded = engine.save(_graded(tables, asof))
    left_out = engine.save(_left_out(tables["tag"], graded, rules))
    full = engine.save(_full_visits(tables, rules, asof))
    live = engine.save(_live(tables, graded.anti_join(left_out, "subject"), full, rules, period))
    static = _static(live, rules, period)
    system = _system(live, tables["tag"], rules, period)
    dynamic = _dynamic(live, tables["grade"], rules, period, deadlines)
    return PlannedDuties(duty=engine.save(ibis.union(static, system, dynamic, distinct=False)), live=live, left_out=left_out)


def _graded(tables: Mapping[str, ir.Table], asof: date) -> ir.Table:
    """The strictest food model of each subject: its grade and visits in two years."""
    grade, at = tables["grade"], ibis.literal(asof)
    now = grade.filter(
        grade.known_to.isnull() & (grade.begins_on <= at) & (grade.ends_on.isnull() | (grade.ends_on > at)) & (grade.model != _CREDIT)
    )
    return now.group_by(subject=now.subject_id).agg(visits=now.visits_two_years.max(), grade=now.grade.max())


def _left_out(tag: ir.Table, graded: ir.Table, rules: PlanRules) -> ir.Table:
    ranks = [(code, place) for place, one in enumerate(rules.screening) for code in one.tags]
    told = tag.filter(tag.code.isin([code for code, _ in ranks]) & tag.effective_to.isnull())
    place = ibis.cases(*((told.code == code, place) for code, place in ranks), else_=len(ranks))
    first = told.select("subject_id", place=place.cast("int64")).group_by("subject_id").agg(place=ibis._.place.min())
    named = ibis.cases(*((first.place == n, f"{one.id} {one.term}") for n, one in enumerate(rules.screening)), else_="")
    return first.select(subject="subject_id", reason=named).semi_join(graded, "subject")


def _full_visits(tables: Mapping[str, ir.Table], rules: PlanRules, asof: date) -> ir.Table:
    inspection, membership = tables["inspection"], tables["membership"]
    rows = inspection.filter(
        inspection.inspection_kind.isin(list(rules.full_kinds))
        & inspection.inspected_on.notnull()
        & (inspection.inspected_on <= ibis.literal(asof))
    )
    told = rows.select("record_id", "inspected_on").join(membership.select("record_id", "subject_id"), "record_id")
    return told.select(subject="subject_id", day="inspected_on").distinct()


def _live(tables: Mapping[str, ir.Table], graded: ir.Table, full: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    """One row per live subject: office, county, visits still due this year, last full visit, last day of coverage and first day without repetition, as plan days."""
    origin = ibis.literal(period.origin)
    seen = full.group_by("subject").agg(last=full.day.max(), done=(full.day >= ibis.literal(period.year_begins)).sum())
    place = tables["subject"].select(subject="subject_id", name="name", office="office", county="county_code", founded="founded_on")
    rows = graded.join(place, "subject").left_join(seen, "subject").drop("subject_right")
    begun = ibis.coalesce(rows.last, rows.founded, ibis.literal(period.begin) - ibis.interval(years=rules.full_check_years)).cast("date")
    until = (begun.cast("timestamp") + ibis.interval(years=rules.full_check_years)).cast("date")
    again = (rows.last.cast("timestamp") + ibis.interval(months=rules.no_repeat_months)).cast("date")
    yearly, done = rows.visits // 2, rows.done.fill_null(0)
    covered_by = until.delta(origin, unit="day")
    due_now = (covered_by <= period.last).cast("int64")
    return rows.select(
        "subject", "name", "office", "county", "grade", "last", covered_by=covered_by.cast("int64"), free_from=ibis.coalesce(again.delta(origin, unit="day") + 1, 0).cast("int64"),
        done=done.cast("int64"), asked=rows.visits.cast("int64"), due=ibis.greatest(yearly - done, due_now, 0).cast("int64"),
    )  # fmt: skip


def _static(live: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    """Disjoint windows of equal length; the first ends by the last day of coverage, or soon when that has passed."""
    turns = live.filter(live.due > 0).mutate(turn=ibis.range(0, live.due).unnest())
    length, first = period.last - period.first + 1, period.first
    begins = first + (turns.turn * length) // turns.due
    ends = first + ((turns.turn + 1) * length) // turns.due - 1
    overdue = turns.covered_by < first
    soon = overdue.ifelse(ibis.least(ibis.literal(first + rules.overdue_days - 1), period.last), turns.covered_by)
    bound = (turns.turn == 0) & (soon < ends)
    d = bound.ifelse(soon, ends)
    r = ((turns.turn == 0) & (turns.free_from > begins) & (turns.free_from <= d)).ifelse(turns.free_from, begins)
    why = overdue.ifelse(
        ibis.literal("超过两年没有全项目检查"),
        bound.ifelse(
            ibis.literal("两年全覆盖到期"),
            ibis.literal("等级 ") + turns.grade + ibis.literal(" 的频次，今年已检查 ") + turns.done.cast("string") + ibis.literal(" 次"),
        ),
    )
    return turns.select(
        "subject", "office", id=ibis.literal("R-") + turns.subject + "-" + turns.turn.cast("string"), kind=ibis.literal("日常"), r=r.cast("int64"), d=d.cast("int64"),
        full=ibis.literal(value=True), sealed=ibis.literal(value=False), level=ibis.literal(0).cast("int64"), minutes=ibis.literal(rules.minutes["日常"]).cast("int64"),
        series=turns.subject, d_end=bound.ifelse(ibis.literal("law"), ibis.literal("ours")), reason=why,
    )  # fmt: skip


def _event(rows: ir.Table, rules: PlanRules, *, prefix: str, kind: str, level: str, r: int, d: int, reason: Any) -> ir.Table:
    return rows.select(
        "subject", "office", id=ibis.literal(f"{prefix}-") + rows.subject, kind=ibis.literal(kind), r=ibis.literal(r).cast("int64"), d=ibis.literal(d).cast("int64"),
        full=ibis.literal(kind == "体系"), sealed=ibis.literal(kind == "飞行"), level=ibis.literal(LEVELS.index(level)).cast("int64"),
        minutes=ibis.literal(rules.minutes[kind]).cast("int64"), series=ibis.literal(""), d_end=ibis.literal("law"), reason=ibis.literal(reason),
    )  # fmt: skip


def _system(live: ir.Table, tag: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    makers = tag.filter(tag.code.isin(list(rules.system_tags)) & tag.effective_to.isnull()).select(subject="subject_id").distinct()
    rows = live.semi_join(makers, "subject")
    return _event(
        rows,
        rules,
        prefix="T",
        kind="体系",
        level=rules.system_level,
        r=period.first,
        d=period.last,
        reason="特殊食品生产者每年一次体系检查",
    )


def _dynamic(live: ir.Table, grade: ir.Table, rules: PlanRules, period: Period, deadlines: Mapping[str, int]) -> ir.Table:
    asof = period.begin - timedelta(days=1)
    at, since = ibis.literal(asof), ibis.literal(asof - timedelta(days=rules.recent_days))
    now = grade.filter(
        grade.known_to.isnull()
        & (grade.begins_on <= at)
        & (grade.begins_on > since)
        & (grade.ends_on.isnull() | (grade.ends_on > at))
        & (grade.triggers.length() > 0)
    )
    each = now.select(subject="subject_id", trigger=now.triggers.split(" ").unnest()).distinct()
    parts = []
    for trigger, ordered in rules.dynamic.items():
        rows = live.semi_join(each.filter(each.trigger == trigger), "subject")
        parts.append(
            _event(
                rows, rules, prefix=trigger, kind=ordered.kind, level=ordered.level, r=period.first, d=min(deadlines[trigger], period.last), reason=f"{trigger} 触发的{ordered.kind}检查"
            )
        )  # fmt: skip
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
