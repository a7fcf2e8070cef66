"""What a day orders and what it no longer orders: terms count from the event, a later inspection settles it, no window ends before it begins."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from evenhand.engine import Engine, open_engine
from evenhand.errors import BadInput
from evenhand.pipeline.planning.making import coverage_of, due_in
from evenhand.pipeline.planning.staffing import OfficeLoad
from evenhand.plan import (
    DUTY_COLUMNS,
    Inputs,
    Period,
    PlannedDuties,
    build_duties,
    merge_duties,
    over_budget,
    quarter_frame,
    read_matters,
    read_plan_rules,
)
from evenhand.rulebook import read_calendar, shipped_pack

PACK = shipped_pack()
RULES = read_plan_rules(PACK)
MATTERS = read_matters(PACK).in_force(date(2026, 7, 1))
CALENDAR = read_calendar(PACK)
ASOF = date(2026, 6, 30)
SCHEMAS: dict[str, dict[str, str]] = {
    "subject": dict.fromkeys(("subject_id", "name", "office", "county_code", "town_code", "road", "house_no"), "string") | {"founded_on": "date"},
    "tag": {"subject_id": "string", "code": "string", "effective_from": "date", "effective_to": "date"},
    "grade": {"subject_id": "string", "model": "string", "begins_on": "date", "ends_on": "date", "known_to": "date", "grade": "string", "triggers": "string", "visits_two_years": "int64"},
    "inspection": {"record_id": "string", "office": "string", "inspection_kind": "string", "inspected_on": "date", "due_on": "date"},
    "membership": {"record_id": "string", "subject_id": "string"},
    "agency": {"agency": "string", "agency_level": "string"},
    "campaign": {"record_id": "string", "campaign_no": "string", "campaign": "string", "starts_on": "date", "ends_on": "date"},
    "ground": {"subject_id": "string", "kind": "string", "day": "date", "level": "string", "outcome": "string", "record_id": "string"},
}  # fmt: skip
"""The columns that planning reads."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine of its own."""
    with open_engine("duckdb", scratch=tmp_path, memory_gib=1.0) as held:
        yield held


def tables(**rows: list[dict[str, Any]]) -> dict[str, ir.Table]:
    """One restaurant S1, graded B, seen this spring; `rows` come on top or, for `grade`, instead."""
    held: dict[str, list[dict[str, Any]]] = {
        "subject": [{"subject_id": "S1", "name": "某店", "office": "甲所", "county_code": "350102"}],
        "tag": [{"subject_id": "S1", "code": MATTERS[0].objects[0]}],
        "grade": [graded()],
        "inspection": [{"record_id": "I1", "office": "甲所", "inspection_kind": "日常", "inspected_on": date(2026, 3, 2)}],
        "membership": [{"record_id": "I1", "subject_id": "S1"}],
    }
    held |= {name: (rows[name] if name == "grade" else held.get(name, []) + rows[name]) for name in rows}
    return {
        name: ibis.memtable([dict.fromkeys(schema) | row for row in held.get(name, [])], schema=schema) for name, schema in SCHEMAS.items()
    }


def graded(**changed: Any) -> dict[str, Any]:
    return {
        "subject_id": "S1",
        "model": "catering",
        "begins_on": date(2026, 6, 1),
        "grade": "B",
        "triggers": "",
        "visits_two_years": 2,
    } | changed


def ground(kind: str, day: date, outcome: str, level: str = "日常", record: str = "") -> dict[str, Any]:
    return {"subject_id": "S1", "kind": kind, "day": day, "outcome": outcome, "level": level, "record_id": record}


def planned(held: dict[str, ir.Table], engine: Engine, *, begin: date = date(2026, 7, 1), end: date = date(2026, 9, 30), rules: Any = RULES, inputs: Inputs | None = None) -> PlannedDuties:  # fmt: skip
    period = Period(begin=begin, end=end, known_on=ASOF)
    return build_duties(
        held, rules=rules, matters=MATTERS, period=period, due=lambda day, n: due_in(CALENDAR, period, day, n), engine=engine, inputs=inputs or Inputs(),
    )  # fmt: skip


def ordered(found: PlannedDuties, engine: Engine, prefix: str, origin: date = date(2026, 6, 29)) -> list[tuple[int, int, str]]:
    return [(row["r"], row["d"], row["reason"]) for row in engine.arrow(found.duty).to_pylist() if row["id"].startswith(prefix)]


FAILED = graded(triggers="FJ-T3")


def test_a_recheck_counts_from_the_end_of_rectification(engine: Engine) -> None:
    held = tables(
        grade=[FAILED], ground=[ground("inspection", date(2026, 6, 23), "不符合", record="I2")],
        inspection=[{"record_id": "I2", "inspection_kind": "日常", "inspected_on": date(2026, 6, 23), "due_on": date(2026, 7, 8)}],
    )  # fmt: skip

    (found,) = ordered(planned(held, engine), engine, "FJ-T3")

    assert found == (10, 23, "2026-06-23 FJ-T3 触发的复查检查")  # 9 to 22 July


def test_what_is_overdue_is_due_on_the_first_working_day_and_says_so(engine: Engine) -> None:
    held = tables(grade=[FAILED], ground=[ground("inspection", date(2026, 6, 23), "不符合")])

    (found,) = ordered(planned(held, engine, begin=date(2026, 7, 18)), engine, "FJ-T3")

    assert found[0] <= found[1] == 7  # Monday 20 July, of a period that begins on Saturday
    assert found[2].endswith("已逾期")


@pytest.mark.parametrize(
    ("grounds", "left"),
    [
        ([ground("inspection", date(2024, 7, 23), "不符合")], 0),
        ([ground("inspection", date(2026, 6, 1), "不符合")], 1),
        ([ground("inspection", date(2026, 6, 1), "不符合"), ground("inspection", date(2026, 6, 20), "符合", "专项")], 0),
        ([ground("inspection", date(2026, 6, 1), "符合")], 0),
    ],
)
def test_a_recheck_is_ordered_for_a_recent_event_that_no_inspection_settled(
    engine: Engine, grounds: list[dict[str, Any]], left: int
) -> None:
    assert len(ordered(planned(tables(grade=[FAILED], ground=grounds), engine), engine, "FJ-T3")) == left


@pytest.mark.parametrize(("level", "kind", "left"), [("省抽", "日常", 1), ("省抽", "飞行", 0), ("县抽", "日常", 0)])
def test_only_an_unannounced_inspection_settles_what_a_sample_orders(engine: Engine, level: str, kind: str, left: int) -> None:
    held = tables(
        grade=[graded(triggers="FJ-T1")],
        ground=[ground("sampling", date(2026, 6, 15), "不合格", level), ground("inspection", date(2026, 6, 22), "符合", kind)],
    )

    assert len(ordered(planned(held, engine), engine, "FJ-T1")) == left


def test_a_grade_that_ends_before_the_period_is_the_last_that_is_known(engine: Engine) -> None:
    held = tables(grade=[graded(ends_on=date(2026, 7, 1)), graded(begins_on=date(2025, 1, 1), ends_on=date(2026, 6, 1), grade="D")])

    found = planned(held, engine, begin=date(2026, 10, 1), end=date(2026, 12, 31))

    assert [row["grade"] for row in engine.arrow(found.standing.live).to_pylist()] == ["B"]


def test_who_has_no_grade_on_the_day_of_the_release_is_not_planned(engine: Engine) -> None:
    found = planned(tables(grade=[graded(ends_on=ASOF)]), engine)

    assert engine.count(found.standing.live) == 0


CAPPED = RULES.model_copy(update={"annual_cap": {"B": 1}})


def test_the_cap_holds_back_routine_duties_and_no_event(engine: Engine) -> None:
    held = tables(grade=[graded(triggers="FJ-T3", visits_two_years=8)], ground=[ground("inspection", date(2026, 6, 23), "不符合")])

    found = planned(held, engine, rules=CAPPED)

    assert [row["id"].rpartition("-")[0] for row in engine.arrow(found.duty).to_pylist()] == ["FJ-T3"]
    assert [row["rule"] for row in engine.arrow(found.standing.left_out).to_pylist()] == ["SC-7"]
    assert engine.count(quarter_frame(found.standing.live, Period(begin=date(2026, 7, 1), end=date(2026, 9, 30)), engine=engine).frame) == 0


@pytest.mark.parametrize(("approval", "over"), [("", 0), ("某号", 1)])
def test_visits_of_campaigns_count_against_the_cap_and_those_of_events_do_not(engine: Engine, approval: str, over: int) -> None:
    live = planned(tables(), engine, rules=CAPPED).standing.live
    visit = ibis.memtable([{"visit": "V", "subject": "S1", "minutes": 60}])
    duty = ibis.memtable([{"id": "d", "origin": "有针对性", "approval": approval}])

    found = over_budget(live, visit, duty, ibis.memtable([{"visit": "V", "duty": "d"}]), CAPPED)

    assert engine.count(found) == over


def test_a_system_inspection_comes_once_in_the_quarters_of_a_year_and_one_done_settles_it(engine: Engine) -> None:
    maker = {"subject_id": "S1", "code": "T05-01"}
    quarters = [(date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 12, 31))]
    done = [{"record_id": "I3", "inspection_kind": "体系", "inspected_on": date(2026, 2, 2)}]

    def times(held: dict[str, ir.Table]) -> int:
        return sum(len(ordered(planned(held, engine, begin=begin, end=end), engine, "T0-")) for begin, end in quarters)

    assert times(tables(tag=[maker])) == 1
    assert times(tables(tag=[maker], inspection=done, membership=[{"record_id": "I3", "subject_id": "S1"}])) == 0


def test_never_more_turns_than_days_are_left(engine: Engine) -> None:
    found = planned(tables(grade=[graded(visits_two_years=10)]), engine, begin=date(2026, 12, 30), end=date(2026, 12, 31))

    assert [(row["r"], row["d"]) for row in engine.arrow(found.duty.order_by("r")).to_pylist()] == [(2, 2), (3, 3)]


@pytest.mark.parametrize("seen", [date(2026, 6, 20), date(2026, 6, 29), date(2026, 3, 30)])
def test_no_routine_visit_comes_within_three_months_of_a_superiors(engine: Engine, seen: date) -> None:
    """Four of six visits of the year are still due: none of their windows begins before the day after the three months."""
    held = tables(
        grade=[graded(visits_two_years=12)],
        agency=[{"agency": "某市局", "agency_level": "市局"}],
        inspection=[{"record_id": "I2", "office": "某市局", "inspection_kind": "日常", "inspected_on": seen}],
        membership=[{"record_id": "I2", "subject_id": "S1"}],
    )
    period = Period(begin=date(2026, 7, 1), end=date(2026, 12, 31))

    duties = [row for row in engine.arrow(planned(held, engine, end=period.end).duty.order_by("r")).to_pylist() if row["kind"] == "日常"]

    after = max(period.first, period.number(date(seen.year, seen.month + 3, seen.day)) + 1)
    assert len(duties) == 4
    assert duties[0]["r"] >= after
    assert all(one["d"] < other["r"] for one, other in itertools.pairwise(duties))
    assert not any("记为例外" in row["reason"] for row in duties)


def test_a_superiors_visit_that_bars_the_rest_of_the_year_is_told_as_an_exception(engine: Engine) -> None:
    held = tables(
        grade=[graded(visits_two_years=6)],
        agency=[{"agency": "某市局", "agency_level": "市局"}],
        inspection=[{"record_id": "I2", "office": "某市局", "inspection_kind": "飞行", "inspected_on": date(2026, 11, 20)}],
        membership=[{"record_id": "I2", "subject_id": "S1"}],
    )

    duties = ordered(planned(held, engine, begin=date(2026, 12, 1), end=date(2026, 12, 31)), engine, "R-")

    assert len(duties) == 2
    assert all("今年没有更晚的日子，记为例外" in reason for _, _, reason in duties)


@pytest.mark.parametrize(("week", "told"), [(3, {"in_time": 1, "missed": 0}), (None, {"in_time": 0, "missed": 1})])
def test_a_visit_without_a_week_covers_nobody(engine: Engine, week: int | None, told: dict[str, int]) -> None:
    live = ibis.memtable([{"subject": "S1", "covered_by": 27}])
    visit = ibis.memtable([{"subject": "S1", "full": True, "hi": 27, "week": week}], schema={"subject": "string", "full": "boolean", "hi": "int64", "week": "int64"})  # fmt: skip

    found = coverage_of(live, visit, Period(begin=date(2026, 7, 1), end=date(2026, 9, 30)), engine=engine)

    assert {name: found[name] for name in told} == told


def test_a_window_that_ends_before_it_begins_is_refused_and_nothing_hangs(engine: Engine) -> None:
    row = {"id": "X-S1", "subject": "S1", "kind": "专项", "r": 3, "d": 1, "full": False, "sealed": False, "level": 0, "minutes": 60}
    duty = ibis.memtable([row]).select(*DUTY_COLUMNS)

    with pytest.raises(BadInput, match="止日早于起日"):
        merge_duties(duty, "strict", engine=engine)


def test_who_was_drawn_and_gets_no_duty_is_named(engine: Engine) -> None:
    held = tables(subject=[{"subject_id": "S2", "name": "无等级"}])
    drawn = dict.fromkeys(("S1", "S2", "S9"), "2026-000007")

    found = planned(held, engine, inputs=Inputs(drawn=drawn))

    assert found.missing == {"S2": "没有等级", "S9": "发布版里没有这个主体"}


@pytest.mark.parametrize(("visits", "why"), [(1, "今年没有次数"), (2, "今年的次数已经完成")])
def test_no_visit_this_year_and_all_visits_done_are_told_apart(engine: Engine, visits: int, why: str) -> None:
    period = Period(begin=date(2026, 7, 1), end=date(2026, 9, 30))

    found = quarter_frame(planned(tables(grade=[graded(visits_two_years=visits)]), engine).standing.live, period, engine=engine)

    assert [row["why"] for row in engine.arrow(found.excluded).to_pylist()] == [why]


@pytest.mark.parametrize(("people", "lacking"), [(0, 2), (1, 1), (5, 1)])
def test_who_has_nobody_lacks_a_whole_team(people: int, lacking: int) -> None:
    one = OfficeLoad(
        office="甲所", subjects=1, visits=1, hours=people * 100 + 4, room=people * 100, peak=1.0, unplaced=0, people=people, expiring=0, helpers=0, lines=(), tours=1, saved=0,
        per_person=100, team=2,
    )  # fmt: skip

    assert (one.lacking, replace(one, hours=0).lacking) == (lacking, 0)
