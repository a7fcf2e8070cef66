"""A plan of a whole release: nobody is missed, nothing is lost, windows and weeks hold, the same inputs give the same plan."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand.cli.app import run
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.planning import Plan, make_plan, period_of, write_plan
from evenhand.plan import weeks_of
from evenhand.publish import Release, open_release
from evenhand.rulebook import shipped_pack
from tests.integration.pipeline.conftest import ASOF

PERIOD = period_of("2026", asof=ASOF)


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


@pytest.fixture(scope="module")
def plan(release: Release) -> Plan:
    """The rest of the year."""
    return make_plan(release, shipped_pack(), period=PERIOD)


def test_every_duty_is_served_by_exactly_one_visit_inside_its_window(plan: Plan) -> None:
    windows = {row["visit"]: (row["lo"], row["hi"]) for row in plan.visits.to_pylist()}
    duties = {row["id"]: row for row in plan.duties.to_pylist()}
    served = plan.served.to_pylist()

    assert sorted(row["duty"] for row in served) == sorted(duties)
    assert [
        row
        for row in served
        if not duties[row["duty"]]["r"] <= windows[row["visit"]][0] <= windows[row["visit"]][1] <= duties[row["duty"]]["d"]
    ] == []


def test_nobody_is_missed_by_the_two_year_rule(plan: Plan) -> None:
    assert plan.coverage["missed"] == 0
    assert plan.coverage["live"] == plan.coverage["until_the_end"] + plan.coverage["in_time"] + plan.coverage["overdue"]
    assert plan.coverage["in_time"] > 0


def test_who_was_last_seen_two_years_ago_comes_before_the_day_it_runs_out(release: Release, plan: Plan) -> None:
    """Counted anew from the inspections of the release, without the plan's own sums."""
    subject = {
        row["record_id"]: row["subject_id"]
        for row in pq.read_table(release.folder / "membership.parquet", columns=["record_id", "subject_id"]).to_pylist()
    }
    last: dict[str, date] = {}
    for row in pq.read_table(release.folder / "inspection.parquet", columns=["record_id", "inspection_kind", "inspected_on"]).to_pylist():
        if (
            row["inspection_kind"] in {"日常", "双随机", "体系"}
            and row["inspected_on"]
            and row["inspected_on"] <= ASOF
            and row["record_id"] in subject
        ):
            one = subject[row["record_id"]]
            last[one] = max(last.get(one, date.min), row["inspected_on"])
    planned = {row["subject"]: row for row in sorted(plan.visits.to_pylist(), key=lambda row: -row["hi"]) if row["full"]}
    late = [
        one
        for one, day in last.items()
        if one in planned and PERIOD.begin <= (until := day.replace(year=day.year + 2, day=min(day.day, 28))) <= PERIOD.end
        and PERIOD.origin + timedelta(days=planned[one]["hi"]) > until + timedelta(days=3)
    ]  # fmt: skip

    assert last
    assert late == []


def test_nobody_left_out_is_planned_and_each_has_a_reason(plan: Plan) -> None:
    out = {row["subject"]: row["reason"] for row in plan.left_out.to_pylist()}

    assert {reason.split()[0] for reason in out.values()} <= {f"SC-{n}" for n in range(1, 9)}
    assert {row["subject"] for row in plan.duties.to_pylist()} & set(out) == set()


def test_weeks_lie_inside_the_windows_and_offices_add_up(plan: Plan) -> None:
    rows = plan.visits.to_pylist()

    assert [
        row
        for row in rows
        if row["week"] is not None and not weeks_of(row["lo"], row["hi"])[0] <= row["week"] <= weeks_of(row["lo"], row["hi"])[1]
    ] == []
    assert Counter(row["office"] or "（不明）" for row in rows) == {one.office: one.visits for one in plan.offices}
    assert sum(row["week"] is None for row in rows) == sum(one.unplaced for one in plan.offices)


def test_a_flight_visit_is_sealed_and_serves_no_full_duty(plan: Plan) -> None:
    duties = {row["id"]: row for row in plan.duties.to_pylist()}
    flights = {row["visit"] for row in plan.visits.to_pylist() if row["class"] == 2}

    assert all(row["sealed"] for row in plan.visits.to_pylist() if row["visit"] in flights)
    assert [row for row in plan.served.to_pylist() if row["visit"] in flights and duties[row["duty"]]["full"]] == []


def test_the_same_release_gives_the_same_plan(release: Release, plan: Plan) -> None:
    again = make_plan(release, shipped_pack(), period=PERIOD)

    assert again.visits.equals(plan.visits)
    assert again.duties.equals(plan.duties)


def test_what_is_written_can_be_read_and_proves_itself(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path)

    with (tmp_path / "visits.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == plan.visits.num_rows
    assert all(PERIOD.begin.isoformat() <= row["最早日期"] <= row["最迟日期"] <= PERIOD.end.isoformat() for row in rows)
    assert f"| 没有安排上 | {plan.coverage['missed']:,} |" in (tmp_path / "proof.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-08-03..2026-08-31", date(2026, 8, 3), date(2026, 8, 31)),
    ],
)
def test_a_period_is_read(text: str, begin: date, end: date) -> None:
    found = period_of(text, asof=ASOF)

    assert (found.begin, found.end) == (begin, end)
    assert found.origin.weekday() == 0


@pytest.mark.parametrize(
    ("text", "why"), [("2026Q1", "已经过去"), ("2026Q5", "读不懂"), ("明年", "读不懂"), ("2026-13-01..2026-12-31", "读不懂")]
)
def test_a_period_that_cannot_be_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        period_of(text, asof=ASOF)


def test_beyond_the_calendar_no_week_is_guessed(release: Release) -> None:
    with pytest.raises(BadInput, match="不在已载入的工作日历之内"):
        make_plan(release, shipped_pack(), period=period_of("2027", asof=ASOF))


def test_the_command_writes_a_plan(release: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "make", str(release.folder), "--period", "2026Q3", "--out", str(tmp_path / "计划")]) == 0

    assert "期限内安排全项目检查" in capsys.readouterr().out
    assert (tmp_path / "计划" / "proof.md").is_file()
