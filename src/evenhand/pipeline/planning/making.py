"""Make a plan from a release: duties, merged visits, weeks by lot, day tours, coverage, what it asks of each office."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa

from evenhand.draw import week_lots
from evenhand.engine import Engine, open_engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.planning.naming import check_numbers
from evenhand.pipeline.planning.staffing import OfficeLoad, loads_of
from evenhand.plan import (
    NEEDED,
    WEEK,
    Campaign,
    Inputs,
    Levelled,
    Period,
    PlanRules,
    apart_of,
    build_duties,
    level,
    merge_duties,
    over_budget,
    read_matters,
    read_plan_rules,
    toured,
    weeks_of,
    with_items,
)
from evenhand.publish import Release
from evenhand.rulebook import Calendar, Pack, read_calendar

__all__ = ["Inputs", "Plan", "Weeks", "capacities", "coverage_of", "due_in", "make_plan", "peak_of", "period_of", "weeks_by_lot"]

BAD_PERIOD: Final = Message(
    "PLAN-03",
    zh="计划期“{text}”：{why}。写成 2026、2026Q4 或者 2026-07-01..2026-12-31。",
    en="period `{text}`: {why}. Write 2026, 2026Q4 or two days.",
)
_QUARTERS: Final = 4
_WEEKS: Final = pa.schema([("visit", pa.string()), ("week", pa.int64())])
_FARTHEST: Final = 5
"""Years after the release beyond which nobody plans: a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """Weeks by lot: by office the quotas, by visit its week; the rows and quotas that a draw of weeks commits."""

    levelled: Mapping[str, Levelled]
    week: Mapping[str, int]
    classes: Mapping[str, Sequence[str]]
    quotas: Mapping[tuple[str, int], int]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan: `visits` with week and tour; `served`: which visit serves which duty; `apart`: why neighbours did not merge; `over`: subjects above the yearly cap; what it proves and costs.

    `missing`: drawn subjects without a duty, with the reason; `reached`: by approved campaign that lies in the period, its duties.
    """

    period: Period
    release: str
    caps: Sequence[int]
    visits: pa.Table
    duties: pa.Table
    served: pa.Table
    left_out: pa.Table
    apart: pa.Table
    over: pa.Table
    unapproved: Mapping[str, int]
    missing: Mapping[str, str]
    reached: Mapping[str, int]
    weeks: Weeks
    offices: tuple[OfficeLoad, ...]
    coverage: Mapping[str, int]
    peak: float

    @property
    def saved(self) -> int:
        """Visits that merging spares."""
        return self.duties.num_rows - self.visits.num_rows


def period_of(text: str, *, asof: date) -> Period:
    """Read a period: a year, a quarter or two days; what lies before the day after the release is past.

    Raises:
        BadInput: it cannot be read, is over, or lies years ahead.
    """
    try:
        begin, end = _days_of(text)
    except ValueError as fault:
        raise BadInput(Problem(BAD_PERIOD, {"text": text, "why": "读不懂"})) from fault
    if end.year > asof.year + _FARTHEST:
        raise BadInput(Problem(BAD_PERIOD, {"text": text, "why": f"数据截至 {asof}，不能排 {_FARTHEST} 年以后的"}))
    begin = max(begin, asof + timedelta(days=1))
    if end < begin:
        raise BadInput(Problem(BAD_PERIOD, {"text": text, "why": f"数据截至 {asof}，这一期已经过去"}))
    return Period(begin=begin, end=end, known_on=asof)


def _days_of(text: str) -> tuple[date, date]:
    if ".." in text:
        begin, end = (date.fromisoformat(part) for part in text.split(".."))
        return begin, end
    if "Q" not in text:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    year, quarter = (int(part) for part in text.split("Q"))
    begin = date(year, 3 * quarter - 2, 1)
    return begin, date(year + quarter // _QUARTERS, 3 * quarter % 12 + 1, 1) - timedelta(days=1)


def make_plan(release: Release, pack: Pack, *, period: Period, inputs: Inputs | None = None) -> Plan:
    """Work out duties, visits and weeks of a period; the same release, rules, period and inputs give the same plan.

    Raises:
        BadInput: the rules are wrong, the calendar of working days does not reach the end of the period, the period has no working day, or a campaign bears a number of
            the plan's own.
    """
    given, rules, calendar = inputs or Inputs(), read_plan_rules(pack.at(period.begin)), read_calendar(pack)
    matters = read_matters(pack).in_force(period.begin)
    caps, worked = capacities(calendar, period, rules)
    if not worked:
        raise BadInput(Problem(BAD_PERIOD, {"text": f"{period.begin}..{period.end}", "why": "这些日子里没有工作日"}))
    check_numbers(given.campaigns, rules)

    def due(day: date, working_days: int) -> date:
        return due_in(calendar, period, day, working_days)

    with TemporaryDirectory(prefix="evenhand-") as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        tables = {name: engine.read(release.folder / f"{name}.parquet") for name in NEEDED}
        planned = build_duties(tables, rules=rules, matters=matters, period=period, due=due, engine=engine, inputs=given)
        merged = merge_duties(planned.duty, rules.policy, engine=engine)
        live = planned.standing.live
        visit = engine.save(with_items(merged, planned.duty))
        visits = engine.arrow(
            visit.join(live.select("subject", "name", "office", "county", "town_code", "road", "house_no", "grade"), "subject")
        )
        weeks = weeks_by_lot(visits, caps)
        held = pa.table({"visit": list(weeks.week), "week": pa.array(weeks.week.values(), pa.int64())}, schema=_WEEKS)
        visits = engine.arrow(
            toured(engine.table(visits), engine.table(held), rules.bundle_max).order_by(["office", "week", "tour", "visit"])
        )
        duties, served = engine.arrow(planned.duty.order_by("id")), engine.arrow(merged.served.order_by(["visit", "duty"]))
        left_out = engine.arrow(planned.standing.left_out.order_by("subject"))
        apart = engine.arrow(apart_of(merged, planned.duty).order_by(["subject", "visit", "next_visit"]))
        over = engine.arrow(over_budget(live, engine.table(visits), planned.duty, merged.served, rules).order_by("subject"))
        covered = coverage_of(live, engine.table(visits), period, engine=engine)
    loads = [sum(found.loads[week] for found in weeks.levelled.values()) for week in range(len(caps))]
    offices = loads_of(release, visits, weeks.levelled, caps, rules=rules, worked=worked, period=period)
    return Plan(
        period=period, release=release.folder.name, caps=caps, visits=visits, duties=duties, served=served, left_out=left_out, apart=apart, over=over,
        unapproved=planned.unapproved, missing=planned.missing, reached=_reached(duties, given.campaigns, period), weeks=weeks, offices=offices, coverage=covered, peak=peak_of(loads, caps),
    )  # fmt: skip


def _reached(duties: pa.Table, campaigns: Sequence[Campaign], period: Period) -> dict[str, int]:
    counts = Counter(duties["matters"].to_pylist())
    return {one.id: counts[one.id] for one in campaigns if one.approval and one.last_day >= period.begin and one.first_day <= period.end}


def due_in(calendar: Calendar, period: Period, day: date, working_days: int) -> date:
    """Return the day so many working days after a day (that day not counted), or the last day of the period where that comes first: beyond it no calendar is asked."""
    while working_days and day < period.end:
        day += timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return min(day, period.end)


def capacities(calendar: Calendar, period: Period, rules: PlanRules) -> tuple[list[int], int]:
    """Return the capacity of each week in per cent, so much for every working day inside the period, and the working days in all."""
    caps, worked = [], 0
    for week in range(period.last // WEEK + 1):
        days = (period.day(WEEK * week + n) for n in range(WEEK))
        found = sum(calendar.is_working_day(day) for day in days if period.begin <= day <= period.end)
        caps.append(found * rules.week_capacity_pct)
        worked += found
    return caps, worked


def coverage_of(live: ir.Table, visit: ir.Table, period: Period, *, engine: Engine) -> dict[str, int]:
    """The proof: of the live subjects, who is covered to the end, who gets a full visit in time, who was overdue already, who is missed; a visit without a week is none."""
    full = visit.filter(visit.full & visit.week.notnull()).group_by("subject").agg(hi=visit.hi.min())
    rows = live.left_join(full, "subject").drop("subject_right")
    overdue, needs = rows.covered_by < period.first, rows.covered_by <= period.last
    told = rows.aggregate(
        live=rows.count(), until_the_end=(~needs).sum(), in_time=(needs & ~overdue & (rows.hi <= rows.covered_by)).sum(), overdue=(overdue & rows.hi.notnull()).sum(),
        missed=(needs & (rows.hi.isnull() | (~overdue & (rows.hi > rows.covered_by)))).sum(),
    )  # fmt: skip
    return {name: int(count or 0) for name, count in engine.arrow(told).to_pylist()[0].items()}


def weeks_by_lot(visits: pa.Table, caps: Sequence[int], *, seed: str = "", base: Mapping[str, Sequence[int]] | None = None) -> Weeks:
    """Return by office the quotas of its weeks, and by lot the week of each visit.

    Args:
        visits: with `visit`, `office`, `lo`, `hi`.
        caps: capacity of each week in per cent.
        seed: of the lots; without one, of a plan that is only looked at, the visits' own ids give it.
        base: by office the visits already in each week.
    """
    by_office: dict[str, dict[tuple[int, int], list[str]]] = {}
    for office, one, lo, hi in zip(*(visits[name].to_pylist() for name in ("office", "visit", "lo", "hi")), strict=True):
        first, last = weeks_of(lo, hi)
        by_office.setdefault(office or "", {}).setdefault((first, min(last, len(caps) - 1)), []).append(one)
    seed = seed or hashlib.sha256("\n".join(sorted(visits["visit"].to_pylist())).encode()).hexdigest()
    levelled: dict[str, Levelled] = {}
    classes: dict[str, list[str]] = {}
    quotas: dict[tuple[str, int], int] = {}
    for office, windows in sorted(by_office.items()):
        found = level({window: len(ids) for window, ids in windows.items()}, caps, (base or {}).get(office, ()))
        levelled[office] = found
        classes |= {f"{office or '（不明）'}/{s}/{e}": ids for (s, e), ids in windows.items() if (s, e) not in found.unplaced}
        quotas |= {(f"{office or '（不明）'}/{s}/{e}", week): count for (s, e, week), count in found.quotas.items()}
    return Weeks(levelled=levelled, week=_lots(classes, quotas, seed), classes=classes, quotas=quotas)


def _lots(classes: Mapping[str, Sequence[str]], quotas: Mapping[tuple[str, int], int], seed: str) -> dict[str, int]:
    by_class: dict[str, dict[tuple[str, int], int]] = {}
    for (name, week), count in quotas.items():
        by_class.setdefault(name, {})[name, week] = count
    weeks: dict[str, int] = {}
    for name, ids in classes.items():
        weeks |= week_lots({name: ids}, by_class[name], seed)
    return weeks


def peak_of(loads: Sequence[int], caps: Sequence[int]) -> float:
    """Return the highest load per full week against the mean."""
    rates = [load * 100 / cap for load, cap in zip(loads, caps, strict=True) if cap]
    mean = sum(loads) * 100 / sum(caps) if sum(caps) else 0.0
    return max(rates, default=0.0) / mean if mean else 0.0
