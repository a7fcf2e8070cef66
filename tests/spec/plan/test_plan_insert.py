"""A late campaign enters an issued plan: the steps in their order, what is never touched, and the fewest visits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.plan import Class, Duty, Pending, insert, merge, weeks_of
from evenhand.plan.relieve import relieve


def pending(name: str, lo: int, hi: int, week: int | None, **more: object) -> Pending:
    return Pending(**({"id": name, "subject": "S", "lo": lo, "hi": hi, "week": week, "sealed": False, "children": (f"d{name}",)} | more))  # type: ignore[arg-type]


def late(r: int, d: int, **more: object) -> Duty:
    return Duty(**({"id": "late", "subject": "S", "kind": "专项", "r": r, "d": d} | more))  # type: ignore[arg-type]


def routine(name: str, r: int, d: int, kind: str = "日常") -> Duty:
    return Duty(id=name, subject="S", kind=kind, r=r, d=d, full=kind == "日常")


@pytest.mark.parametrize(
    ("window", "step", "kept"),
    [((14, 20), "absorb", "V1"), ((16, 30), "absorb", "V1"), ((19, 30), "move", ""), ((25, 38), "move", ""), ((45, 60), "new", "")],
)
def test_the_least_change_that_serves_the_duty_is_taken(window: tuple[int, int], step: str, kept: str) -> None:
    """Week 2 is the days 14 to 20; of 19 to 30 only a week-end lies in it."""
    found = insert(late(*window), [pending("V1", 0, 40, 2)], {"dV1": routine("dV1", 0, 40)}, frozen_to=0, policy="strict")

    assert (found.step, found.kept) == (step, kept)


def test_of_several_visits_the_earliest_absorbs() -> None:
    held = [pending("V9", 0, 90, 5), pending("V1", 0, 90, 7), pending("V2", 0, 90, 5)]

    assert insert(late(0, 90), held, {}, frozen_to=0, policy="strict").kept == "V2"


def test_the_longest_common_part_moves() -> None:
    held = [pending("V1", 0, 34, 0), pending("V2", 20, 60, 8)]

    found = insert(late(28, 50), held, {}, frozen_to=0, policy="strict")

    assert (found.step, found.gone, found.made[0].lo, found.made[0].hi) == ("move", ("V2",), 28, 50)


def test_frozen_weeks_and_told_dates_stay() -> None:
    frozen = insert(late(21, 34), [pending("V1", 0, 40, 2)], {"dV1": routine("dV1", 0, 40)}, frozen_to=21, policy="strict")
    told = insert(late(21, 34), [pending("V1", 0, 40, 2, told=True)], {"dV1": routine("dV1", 0, 40)}, frozen_to=0, policy="strict")

    assert frozen.step == told.step == "new"
    assert frozen.made[0].lo == 21


def test_a_told_visit_takes_a_duty_only_when_its_whole_week_fits() -> None:
    held = [pending("V1", 0, 40, 2, told=True)]

    assert insert(late(14, 20), held, {}, frozen_to=0, policy="strict").step == "absorb"
    assert insert(late(16, 20), held, {"dV1": routine("dV1", 0, 40)}, frozen_to=0, policy="strict").step == "new"


def test_an_unannounced_duty_goes_to_sealed_visits_only() -> None:
    flight = late(14, 20, kind="飞行", sealed=True)

    open_one = insert(flight, [pending("V1", 0, 40, 2)], {"dV1": routine("dV1", 0, 40)}, frozen_to=0, policy="strict")
    sealed = insert(flight, [pending("V1", 0, 40, 2, sealed=True, kind=Class.FLIGHT)], {}, frozen_to=0, policy="strict")

    assert open_one.step == "new"
    assert open_one.made[0].sealed
    assert sealed.kept == "V1"


def test_regrouping_saves_the_extra_visit() -> None:
    """The campaign fits neither visit as they stand; dealt anew, two still do."""
    duties = {"a": routine("a", 0, 30), "b": late(10, 60, id="b"), "c": routine("c", 50, 90)}
    held = [pending("V1", 10, 30, 2, children=("a", "b")), pending("V2", 50, 90, 8, children=("c",))]

    found = insert(late(35, 48), held, duties | {}, frozen_to=0, policy="strict")
    joined = insert(
        late(0, 9),
        [pending("V1", 10, 30, 2, children=("a", "b")), pending("V2", 50, 90, 8, children=("c",))],
        duties,
        frozen_to=0,
        policy="strict",
    )

    assert found.step == "new"
    assert joined.step == "regroup"
    assert len(joined.made) == 2


windows = st.tuples(st.integers(0, 120), st.integers(0, 60)).map(lambda one: (one[0], one[0] + one[1]))
kinds = st.sampled_from(["日常", "专项", "复查", "飞行"])


@given(st.lists(st.tuples(windows, kinds), min_size=1, max_size=5), windows, st.sampled_from(["strict", "permissive"]))
def test_visits_are_never_more_than_a_full_plan_anew_would_have(
    duties: list[tuple[tuple[int, int], str]], window: tuple[int, int], policy: str
) -> None:
    held = [
        Duty(id=f"d{n}", subject="S", kind=kind, r=r, d=d, full=kind == "日常", sealed=kind == "飞行")
        for n, ((r, d), kind) in enumerate(duties)
    ]
    visits = merge(held, policy)  # type: ignore[arg-type]
    issued = [
        Pending(
            id=one.id,
            subject="S",
            lo=one.lo,
            hi=one.hi,
            week=weeks_of(one.lo, one.hi)[0],
            sealed=one.sealed,
            kind=one.kind,
            children=one.children,
        )
        for one in visits
    ]
    campaign = late(*window)

    found = insert(campaign, issued, {one.id: one for one in held}, frozen_to=0, policy=policy)  # type: ignore[arg-type]

    after = len(visits) - len(found.gone) + len(found.made)
    assert after == len(merge([*held, campaign], policy))  # type: ignore[arg-type]
    children = sorted(child for made in found.made for child in made.children)
    gone = sorted(child for one in issued if one.id in found.gone for child in one.children)
    assert children == sorted([*gone, *([] if found.kept else [campaign.id])])
    known = {one.id: one for one in [*held, campaign]}
    assert all(known[child].r <= made.lo <= made.hi <= known[child].d for made in found.made for child in made.children)


def test_the_fewest_moves_bring_weeks_under_the_cap() -> None:
    found = relieve({(0, 0, 1, True): 4, (1, 1, 2, True): 4}, [100, 100, 100], most=[3, 4, 4])

    assert sum(found.moves.values()) == 2
    assert found.over == {}


def test_what_no_window_lets_move_stays_and_is_told() -> None:
    found = relieve({(0, 0, 0, True): 5, (0, 0, 1, True): 1}, [100, 100], most=[2, 9])

    assert (dict(found.moves), dict(found.over)) == ({((0, 0, 1, True), 1): 1}, {0: 3})


def test_a_new_visit_moves_before_one_whose_date_was_issued() -> None:
    found = relieve({(0, 0, 2, True): 3, (0, 0, 2, False): 3}, [100, 100, 100], most=[2, 3, 9])

    assert {place: sum(count for (one, _), count in found.moves.items() if one == place) for place, _ in found.moves} == {
        (0, 0, 2, False): 3, (0, 0, 2, True): 1,
    }  # fmt: skip


def test_a_chain_through_a_plan_of_three_years_is_better_than_a_visit_above_the_cap() -> None:
    """Each week is full and its visit can wait one week only: all of them move on."""
    weeks = 156
    chain = {(week, week, week + 1, True): 1 for week in range(weeks - 1)}

    found = relieve(chain | {(0, 0, 0, True): 1}, [100] * weeks, most=[1] * weeks)

    assert (found.dates, dict(found.over)) == (weeks - 1, {})


def test_a_closed_week_takes_nothing() -> None:
    assert dict(relieve({(0, 0, 2, True): 3}, [100, 0, 100], most=[1, 9, 9]).moves) == {((0, 0, 2, True), 2): 2}


def test_windows_of_a_moved_visit_are_those_of_its_duties() -> None:
    one = replace(pending("V1", 5, 70, 1), children=("a", "b"))

    found = insert(late(30, 45), [one], {}, frozen_to=0, policy="strict")

    assert found.made[0].children == ("a", "b", "late")
