"""A plan from a release: duties, merged visits, weeks by lot, proof of coverage, load of each office (任务计划)."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evenhand.draw import week_lots
from evenhand.engine import Engine, open_engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.grades import release_day
from evenhand.plan import LEVELS, NEEDED, Levelled, Period, PlanRules, build_duties, level, merge_duties, read_plan_rules, weeks_of
from evenhand.publish import Release
from evenhand.rulebook import Calendar, Pack, read_calendar

__all__ = ["OfficeLoad", "Plan", "make_plan", "period_of", "write_plan"]

BAD_PERIOD: Final = Message(
    "PLAN-03",
    zh="计划期“{text}”：{why}。写成 2026、2026Q4 或者 2026-07-01..2026-12-31。",
    en="period `{text}`: {why}. Write 2026, 2026Q4 or two days.",
)
_WORKDAYS: Final = 7
_QUARTERS: Final = 4
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class OfficeLoad:
    """One office: visits, staff hours, highest week against the mean, and how many visits have no open week."""

    office: str
    subjects: int
    visits: int
    hours: float
    peak: float
    unplaced: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan: `visits` with their week, `served`: which visit serves which duty, both as tables; what it proves and costs."""

    period: Period
    visits: pa.Table
    duties: pa.Table
    served: pa.Table
    left_out: pa.Table
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
        BadInput: it cannot be read, or is over.
    """
    try:
        begin, end = _days_of(text)
    except ValueError as fault:
        raise BadInput(Problem(BAD_PERIOD, {"text": text, "why": "读不懂"})) from fault
    begin = max(begin, asof + timedelta(days=1))
    if end < begin:
        raise BadInput(Problem(BAD_PERIOD, {"text": text, "why": f"数据截至 {asof}，这一期已经过去"}))
    return Period(begin=begin, end=end)


def _days_of(text: str) -> tuple[date, date]:
    if ".." in text:
        begin, end = (date.fromisoformat(part) for part in text.split(".."))
        return begin, end
    if "Q" not in text:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    year, quarter = (int(part) for part in text.split("Q"))
    begin = date(year, 3 * quarter - 2, 1)
    return begin, date(year + quarter // _QUARTERS, 3 * quarter % 12 + 1, 1) - timedelta(days=1)


def make_plan(release: Release, pack: Pack, *, period: Period) -> Plan:
    """Work out duties, visits and weeks of a period; the same release, rules and period give the same plan.

    Raises:
        BadInput: the rules are wrong, or the calendar of working days does not reach the end of the period.
    """
    rules, calendar = read_plan_rules(pack.at(period.begin)), read_calendar(pack)
    caps = _capacities(calendar, period, rules)
    deadlines = {
        name: _day(calendar.after(release_day(release), working_days=one.working_days), period) for name, one in rules.dynamic.items()
    }
    with TemporaryDirectory(prefix="evenhand-") as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        tables = {name: engine.read(release.folder / f"{name}.parquet") for name in NEEDED}
        planned = build_duties(tables, rules=rules, period=period, deadlines=deadlines, engine=engine)
        merged = merge_duties(planned.duty, rules.policy, engine=engine)
        live = planned.live.select("subject", "name", "office", "county", "grade")
        visits = engine.arrow(merged.visit.join(live, "subject"))
        duties, served = engine.arrow(planned.duty.order_by("id")), engine.arrow(merged.served.order_by(["visit", "duty"]))
        left_out = engine.arrow(planned.left_out.order_by("subject"))
        covered = _coverage(engine, planned.live, merged.visit, period)
    levelled, weeks = _levelled(visits, caps)
    visits = visits.append_column("week", pa.array([weeks.get(one) for one in visits["visit"].to_pylist()], pa.int64())).sort_by(
        [("office", "ascending"), ("week", "ascending"), ("visit", "ascending")]
    )
    offices = tuple(_loads(visits, levelled, caps))
    loads = [sum(found.loads[week] for found in levelled.values()) for week in range(len(caps))]
    return Plan(
        period=period, visits=visits, duties=duties, served=served, left_out=left_out, offices=offices, coverage=covered, peak=_peak(loads, caps),
    )  # fmt: skip


def _capacities(calendar: Calendar, period: Period, rules: PlanRules) -> list[int]:
    """Capacity of each week in per cent: so much for every working day inside the period."""
    caps = []
    for week in range(period.last // _WORKDAYS + 1):
        days = (period.origin + timedelta(days=_WORKDAYS * week + n) for n in range(_WORKDAYS))
        worked = sum(calendar.is_working_day(day) for day in days if period.begin <= day <= period.end)
        caps.append(worked * rules.week_capacity_pct)
    return caps


def _day(day: date, period: Period) -> int:
    return (day - period.origin).days


def _coverage(engine: Engine, live: Any, visit: Any, period: Period) -> dict[str, int]:
    """The proof: of the live subjects, who is covered to the end, who gets a full visit in time, who was overdue already, who is missed."""
    full = visit.filter(visit.full).group_by("subject").agg(hi=visit.hi.min())
    rows = live.left_join(full, "subject").drop("subject_right")
    overdue, needs = rows.covered_by < period.first, rows.covered_by <= period.last
    told = rows.aggregate(
        live=rows.count(), until_the_end=(~needs).sum(), in_time=(needs & ~overdue & (rows.hi <= rows.covered_by)).sum(), overdue=(overdue & rows.hi.notnull()).sum(),
        missed=(needs & (rows.hi.isnull() | (~overdue & (rows.hi > rows.covered_by)))).sum(),
    )  # fmt: skip
    return {name: int(count or 0) for name, count in engine.arrow(told).to_pylist()[0].items()}


def _levelled(visits: pa.Table, caps: Sequence[int]) -> tuple[dict[str, Levelled], dict[str, int]]:
    """By office the quotas of its weeks, and by lot the week of each visit. The lots of a plan that is only looked at come from its own content."""
    by_office: dict[str, dict[tuple[int, int], list[str]]] = {}
    for office, one, lo, hi in zip(*(visits[name].to_pylist() for name in ("office", "visit", "lo", "hi")), strict=True):
        first, last = weeks_of(lo, hi)
        by_office.setdefault(office or "", {}).setdefault((first, min(last, len(caps) - 1)), []).append(one)
    seed = hashlib.sha256("\n".join(sorted(visits["visit"].to_pylist())).encode()).hexdigest()
    levelled: dict[str, Levelled] = {}
    weeks: dict[str, int] = {}
    for office, windows in sorted(by_office.items()):
        found = level({window: len(ids) for window, ids in windows.items()}, caps)
        levelled[office] = found
        named = {f"{s}/{e}": ids for (s, e), ids in windows.items() if (s, e) not in found.unplaced}
        weeks |= week_lots(named, {(f"{s}/{e}", week): count for (s, e, week), count in found.quotas.items()}, seed)
    return levelled, weeks


def _peak(loads: Sequence[int], caps: Sequence[int]) -> float:
    """Highest load per full week against the mean."""
    rates = [load * 100 / cap for load, cap in zip(loads, caps, strict=True) if cap]
    mean = sum(loads) * 100 / sum(caps) if sum(caps) else 0.0
    return max(rates, default=0.0) / mean if mean else 0.0


def _loads(visits: pa.Table, levelled: Mapping[str, Levelled], caps: Sequence[int]) -> Iterable[OfficeLoad]:
    sums = visits.group_by("office").aggregate([("visit", "count"), ("minutes", "sum"), ("subject", "count_distinct")]).to_pylist()
    for row in sorted(sums, key=lambda one: str(one["office"] or "")):
        found = levelled[row["office"] or ""]
        yield OfficeLoad(
            office=row["office"] or "（不明）", subjects=row["subject_count_distinct"], visits=row["visit_count"], hours=row["minutes_sum"] * 2 / 60, peak=_peak(found.loads, caps),
            unplaced=sum(found.unplaced.values()),
        )  # fmt: skip


def write_plan(plan: Plan, out: Path) -> list[Path]:
    """Write the plan as tables (Parquet and CSV) and its proof in words; return the files."""
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in (("duties", plan.duties), ("visits", _dated(plan)), ("served", plan.served), ("left_out", plan.left_out)):
        pq.write_table(table, out / f"{name}.parquet")
        with (out / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.column_names)
            writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
        files += [out / f"{name}.parquet", out / f"{name}.csv"]
    (out / "proof.md").write_text(_proof(plan), "utf-8")
    (out / "origin.txt").write_text(f"{plan.period.origin}\n", "utf-8")
    return [*files, out / "proof.md"]


def _dated(plan: Plan) -> pa.Table:
    """Visits with days instead of numbers, and the organiser's name."""
    origin = pc.cast(pa.scalar(plan.period.origin, pa.date32()), pa.int32())
    table = plan.visits
    for name in ("lo", "hi"):
        days = pc.cast(pc.cast(pc.add(table[name], origin), pa.int32()), pa.date32())
        table = table.set_column(table.column_names.index(name), name, days)
    levels = pa.array([LEVELS[place] for place in table["level"].to_pylist()])
    return table.set_column(table.column_names.index("level"), "organiser", levels)


def _proof(plan: Plan) -> str:
    told = plan.coverage
    lines = [
        f"# 任务计划 {plan.period.begin} 至 {plan.period.end}", "", f"任务 {plan.duties.num_rows:,} 项，合并为检查 {plan.visits.num_rows:,} 次，少 {plan.saved:,} 次。",
        f"各周负荷最高为平均的 {plan.peak:.2f} 倍。", "", "## 两年全覆盖", "", "| 主体 | 个数 |", "| --- | ---: |", f"| 在册、列入计划 | {told['live']:,} |",
        f"| 覆盖期限在计划期以后 | {told['until_the_end']:,} |", f"| 期限以内安排了全项目检查 | {told['in_time']:,} |", f"| 计划前已经超期，已安排补查 | {told['overdue']:,} |",
        f"| 没有安排上 | {told['missed']:,} |", "", "## 没有列入计划的", "", "| 理由 | 个数 |", "| --- | ---: |",
    ]  # fmt: skip
    counts = plan.left_out.group_by("reason").aggregate([("subject", "count")]).to_pylist()
    lines += [f"| {row['reason']} | {row['subject_count']:,} |" for row in sorted(counts, key=lambda row: row["reason"])]
    short = [one for one in plan.offices if one.unplaced]
    lines += ["", "## 排不下的", ""]
    lines += [f"- {one.office}：{one.unplaced} 次检查的期限内没有工作日" for one in short] or ["没有。"]
    return "\n".join([*lines, ""])
