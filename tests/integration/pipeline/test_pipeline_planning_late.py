"""A late campaign on a plan made by hand: nothing in past weeks, no week moved that it did not push, visits carry what their duties bring, every replaced visit is named; broken plans are found."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.errors import BadInput
from evenhand.pipeline.planning import PlanFolder, insert_campaign, open_plan, plan_faults, write_displacement
from evenhand.pipeline.planning.book import Book
from evenhand.plan import WEEK, Duty, campaigns_of, merge, read_plan_rules, visit_id
from evenhand.publish import Release
from evenhand.rulebook import shipped_pack

PACK = shipped_pack()
RULES = read_plan_rules(PACK)
TODAY = date(2026, 8, 5)
NOW, FROZEN = 5, 8
PLACE = dict.fromkeys(("name", "office", "county", "town_code", "road", "house_no", "grade"), "甲")


class ByHand:
    """A plan in memory: duties of subjects, merged one by one, in given weeks."""

    def __init__(self, duties: list[dict[str, Any]], groups: dict[tuple[str, ...], int | None], *, weeks: int = 14) -> None:
        self.caps = (100,) * weeks
        facts = {row["id"]: row for row in duties}
        visits, served = [], []
        for ids, week in groups.items():
            held = [facts[one] for one in ids]
            name = visit_id(held[0]["subject"], ids)
            kind = 1 if any(row["full"] for row in held) else 0
            visits.append(PLACE | {
                "visit": name, "subject": held[0]["subject"], "lo": max(row["r"] for row in held), "hi": min(row["d"] for row in held), "class": kind, "duties": len(ids), "week": week,
                "full": kind == 1, "sealed": False, "level": max(row["level"] for row in held), "minutes": max(row["minutes"] for row in held), "matters": held[0]["matters"],
                "lines": "", "origin": "", "tour": f"{week}-{kind}-001" if week is not None else None,
            })  # fmt: skip
            served += [{"visit": name, "duty": one} for one in ids]
        self.tables = {"visits": visits, "served": served, "duties": duties}

    def table(self, name: str) -> pa.Table:
        return pa.Table.from_pylist(self.tables[name])


def duty(name: str, r: int, d: int, **more: object) -> dict[str, Any]:
    full = {"kind": "日常", "full": True, "sealed": False, "level": 0, "minutes": 90, "matters": f"M-{name}", "lines": "", "origin": ""}
    return full | {"id": name, "subject": "S", "r": r, "d": d} | more


def special(name: str, r: int, d: int, **more: object) -> dict[str, Any]:
    return duty(name, r, d, kind="专项", full=False, minutes=60) | more


def book(plan: ByHand) -> Book:
    return Book(
        plan, {"S"}, rules=RULES, frozen=FROZEN, now=NOW, told=frozenset(), seed="ab" * 32, worked=lambda day: day % WEEK < 5
    )  # fmt: skip


# the book


def test_a_visit_of_several_duties_carries_what_they_bring_and_nothing_else() -> None:
    """Dealt anew, the campaign of the province joins one of two visits; the other keeps its own organiser and matters."""
    duties = [duty("a", 56, 80, level=0), special("b", 66, 97, level=2, minutes=240), duty("c", 92, 97, level=1)]
    held = book(ByHand(duties, {("a", "b"): 10, ("c",): 13}))

    step = held.take(special("z", 56, 64, level=3, minutes=30), PLACE)

    by_duties = {tuple(sorted(d for d, v in held.served.items() if v == name)): row for name, row in held.rows.items()}
    assert step == "regroup"
    assert {ids: (row["level"], row["minutes"], row["matters"]) for ids, row in by_duties.items()} == {
        ("a", "z"): (3, 90, "M-a M-z"), ("b", "c"): (2, 240, "M-b M-c"),
    }  # fmt: skip


def test_every_replaced_visit_is_named_with_its_old_week_and_what_took_its_place() -> None:
    duties = [duty("a", 56, 80), special("b", 66, 97), duty("c", 92, 97)]
    plan = ByHand(duties, {("a", "b"): 10, ("c",): 13})
    held = book(plan)

    held.take(special("z", 56, 64), PLACE)
    held.place()

    gone = {row["visit"]: row["week"] for row in plan.tables["visits"]}
    told = {row.visit: row for row in held.report}
    assert {name: told[name].before for name in gone} == gone
    assert all("代替" in told[name].reason and told[name].after is None for name in gone)
    assert set(held.rows) <= set(told)


def test_a_visit_dealt_anew_keeps_the_week_it_had_where_its_days_allow_it() -> None:
    """The campaign joins one of two visits; what is left of it joins the other, which keeps its week."""
    duties = [duty("a", 56, 80), special("b", 66, 104), duty("c", 84, 104)]
    held = book(ByHand(duties, {("a", "b"): 10, ("c",): 14}, weeks=15))

    step = held.take(special("z", 56, 64), PLACE)
    held.place()

    assert step == "regroup"
    assert held.rows[held.served["c"]]["week"] == 14
    assert (held.changed, held.merged) == (1, 1)


def test_a_window_that_ends_in_frozen_weeks_is_placed_from_this_week_on_and_told() -> None:
    held = book(ByHand([duty("a", 0, 97, subject="T")], {("a",): 1}))

    held.take(special("z", 0, 50), PLACE)
    held.place()

    row = next(row for row in held.rows.values() if row["subject"] == "S")
    assert NOW <= row["week"] < FROZEN
    assert sum(held.entered.values()) == 1
    assert "冻结的几周" in held.report[0].reason


def test_a_window_of_a_week_end_is_told() -> None:
    held = book(ByHand([duty("a", 0, 97, subject="T")], {("a",): 1}))

    held.take(special("z", 61, 62), PLACE)
    held.place()

    assert held.nowhere == 1
    assert "没有工作日" in held.report[0].reason


def test_weeks_that_were_crowded_when_issued_stay_and_those_the_campaign_pushed_are_relieved() -> None:
    duties = [duty(f"d{n}", 56, 97, subject=f"T{n}") for n in range(20)]
    held = book(ByHand(duties, {(f"d{n}",): 8 if n < 15 else 9 for n in range(20)}))
    before = {name: row["week"] for name, row in held.rows.items()}

    held.take(special("z", 56, 76), PLACE)
    held.place()
    held.relieve()

    assert {name: held.rows[name]["week"] for name in before} == before
    assert held.changed == 0
    assert held.over == {}
    assert held.over_before.keys() >= {8}


def test_a_frozen_week_that_the_campaign_fills_above_the_cap_is_told() -> None:
    held = book(ByHand([duty("a", 56, 97, subject="T")], {("a",): 9}))

    held.take(special("z", 49, 55), PLACE)
    held.take(special("y", 49, 55, subject="U"), PLACE)
    held.place()
    held.relieve()

    assert held.entered == {7: 2}
    assert held.over == {7: 1}


def test_a_visit_that_moves_gets_a_tour_of_its_new_week() -> None:
    held = book(ByHand([duty("a", 56, 97), duty("t", 56, 97, subject="T")], {("a",): 13, ("t",): 9}))

    held.take(special("z", 63, 69), PLACE)
    held.place()
    held.tour()

    assert {(row["subject"], row["week"], row["tour"]) for row in held.rows.values()} == {("S", 9, "9-1-002"), ("T", 9, "9-1-001")}


def test_merging_by_hand_is_the_merge_of_the_engine() -> None:
    """The plans of this page are plans that could be: the same ids as the engine gives."""
    found = merge([Duty(id="a", subject="S", kind="日常", r=0, d=9, full=True)], "strict")

    assert [one.id for one in found] == [row["visit"] for row in ByHand([duty("a", 0, 9)], {("a",): 0}).tables["visits"]]


# whole plans


def campaign(**changed: object) -> Any:
    told = {
        "id": "ZX2026-07", "term": "专项", "approval": {"number": "闽市监食协〔2026〕31号", "by": "省局", "day": date(2026, 7, 1)},
        "from": date(2026, 7, 1), "to": date(2026, 8, 20), "tags": ["T01-04"],
    }  # fmt: skip
    return campaigns_of({"专项.yaml": told | changed})[0]


def test_a_campaign_begun_before_today_places_nothing_in_the_past_and_keeps_who_was_left_out(
    held: Release, quarter: PlanFolder, tmp_path: Path
) -> None:
    found = insert_campaign(quarter, held, PACK, campaign(), today=TODAY, seed="ab" * 32)
    write_displacement(quarter, found, tmp_path / "new", campaign())
    new, today = open_plan(tmp_path / "new"), quarter.period.number(TODAY)

    old = set(quarter.table("visits")["visit"].to_pylist())
    fresh = [row for row in new.table("visits").to_pylist() if row["visit"] not in old]
    assert fresh
    assert all(row["lo"] >= today and (row["week"] is None or row["week"] >= today // WEEK) for row in fresh)
    assert list(plan_faults(new)) == []
    assert new.table("left_out").equals(quarter.table("left_out"))


def test_the_report_tells_how_many_dates_must_change_and_what_a_longer_campaign_spares(
    held: Release, quarter: PlanFolder, tmp_path: Path
) -> None:
    one = campaign(**{"from": date(2026, 9, 7), "to": date(2026, 9, 20)})

    found = insert_campaign(quarter, held, PACK, one, today=TODAY, seed="ab" * 32)
    report = write_displacement(quarter, found, tmp_path / "new", one)[-1].read_text("utf-8")

    assert found.pushed > 0
    assert found.merged + found.pushed == found.changed
    assert f"至少要改期 {found.changed:,} 次" in report
    assert f"平均还容得下 {found.spare:,} 次" in report


def test_what_a_campaign_may_not_do_is_refused(held: Release, quarter: PlanFolder) -> None:
    other = PlanFolder(folder=quarter.folder, period=quarter.period, release="2026-05-31-aaaa", caps=quarter.caps)

    with pytest.raises(BadInput, match="没有对象"):
        insert_campaign(quarter, held, PACK, campaign(tags=(), subjects=("不存在",)), today=TODAY, seed="ab" * 32)
    with pytest.raises(BadInput, match="由发布版 2026-05-31-aaaa 排出"):
        insert_campaign(other, held, PACK, campaign(), today=TODAY, seed="ab" * 32)
    known = quarter.table("visits")["visit"][0].as_py()
    with pytest.raises(BadInput, match=f"已告知的检查：计划里没有 {known}0（最接近的是 {known}）"):
        insert_campaign(quarter, held, PACK, campaign(), today=TODAY, seed="ab" * 32, told=frozenset({f"{known}0"}))


def broken(plan: PlanFolder, out: Path, rows: list[dict[str, Any]]) -> list[str]:
    """What is found when the visits of a plan are these rows."""
    out.mkdir()
    for name in ("about.json", "duties.parquet", "served.parquet"):
        (out / name).write_bytes((plan.folder / name).read_bytes())
    pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(plan.folder / "visits.parquet")), out / "visits.parquet")
    return list(plan_faults(open_plan(out)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"class": 2, "sealed": True, "tour": None}, "它的任务里没有不得告知的"),
        ({"class": 2, "tour": None}, "是第 2 类，却标为可以事先告知"),
        ({"week": None, "tour": None}, "没有周"),
        ({"matters": "", "organiser": "省局", "duties": 9}, "任务数、组织层级、抽查事项与它的任务不符"),
        ({"tour": "99-1-001"}, "路线 99-1-001 不是"),
    ],
)
def test_a_visit_that_is_not_what_its_duties_make_it_is_found(
    quarter: PlanFolder, tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    rows = pq.read_table(quarter.folder / "visits.parquet").to_pylist()
    at = next(
        n for n, row in enumerate(rows) if row["full"] and row["week"] is not None and row["class"] == 1 and row["organiser"] != "省局"
    )
    rows[at] |= changed

    faults = broken(quarter, tmp_path / "x", rows)

    assert len(faults) == 1
    assert words in faults[0]


def test_a_visit_that_stands_twice_or_serves_nothing_is_found(quarter: PlanFolder, tmp_path: Path) -> None:
    rows = pq.read_table(quarter.folder / "visits.parquet").to_pylist()

    faults = broken(quarter, tmp_path / "x", [*rows, rows[0], rows[1] | {"visit": "Vghost"}])

    assert sorted(faults) == sorted([f"检查 {rows[0]['visit']} 写了 2 行", "检查 Vghost 不完成任何任务"])
