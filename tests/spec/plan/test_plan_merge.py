"""Worked examples of merging: how many visits, and on which days each may be."""

import pytest

from evenhand.plan import Class, Duty, Visit, merge, split, why_apart

QUARTERS = [("日常", 0, 90), ("日常", 91, 181), ("日常", 182, 272), ("日常", 273, 363)]


def duties(told: list[tuple[str, int, int]]) -> list[Duty]:
    return [Duty(id=f"T{n}", subject="S1", kind=kind, r=r, d=d) for n, (kind, r, d) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "policy", "windows"),
    [
        ([("日常", 0, 363), ("专项", 100, 160), ("复查", 140, 154), ("专项", 150, 200)], "strict", [(150, 154)]),
        ([*QUARTERS, ("专项", 85, 120)], "strict", [(85, 90), (91, 181), (182, 272), (273, 363)]),
        ([("专项", 0, 10), ("专项", 10, 20)], "strict", [(10, 10)]),
        ([("专项", 0, 10), ("专项", 11, 20)], "strict", [(0, 10), (11, 20)]),
        ([("专项", 1, 5), ("专项", 20, 28)], "strict", [(1, 5), (20, 28)]),
        ([("日常", 0, 100), ("飞行", 50, 60), ("专项", 55, 120)], "permissive", [(55, 60)]),
        ([("日常", 0, 100), ("飞行", 50, 60), ("专项", 55, 120)], "strict", [(55, 60), (0, 100)]),
        ([("体系", 0, 181), ("飞行", 100, 120), ("专项", 110, 130)], "strict", [(110, 120), (0, 181)]),
        ([("体系", 0, 181), ("飞行", 100, 120), ("专项", 110, 130)], "permissive", [(110, 120), (0, 181)]),
        ([("专项", 3, 6), ("体系", 4, 8), ("飞行", 6, 10), ("体系", 8, 10)], "strict", [(6, 6), (8, 8)]),
    ],
)
def test_the_fewest_visits_and_their_windows(told, policy, windows):
    found = merge(duties(told), policy)

    assert [(one.lo, one.hi) for one in found] == windows


def test_a_merged_visit_is_as_strict_as_its_strictest_duty():
    told = [
        Duty(id="a", subject="S1", kind="专项", r=0, d=30, items=frozenset({"1"}), level=3, minutes=40),
        Duty(id="b", subject="S1", kind="飞行", r=10, d=20, items=frozenset({"2"}), sealed=True, level=1, minutes=90),
    ]

    [visit] = merge(told, "strict")

    assert (visit.kind, visit.sealed, visit.level, visit.items, visit.hi, visit.minutes) == (Class.FLIGHT, True, 3, {"1", "2"}, 20, 90)
    assert split(visit, told) == [told[1], told[0]]


def test_a_flight_duty_never_goes_on_a_visit_that_is_told():
    found = merge(duties([("日常", 0, 30), ("飞行", 0, 30)]), "strict")

    assert [one.kind for one in found] == [Class.FULL, Class.FLIGHT] or [one.kind for one in found] == [Class.FLIGHT, Class.FULL]
    assert [one.sealed for one in found if one.kind == Class.FULL] == [False]


@pytest.mark.parametrize(
    ("told", "policy", "kinds"),
    [
        ([("专项", 0, 10), ("飞行", 20, 30)], "strict", {"T0": Class.EITHER, "T1": Class.FLIGHT}),
        ([("专项", 0, 10), ("飞行", 5, 30)], "strict", {"T0 T1": Class.FLIGHT}),
        ([("日常", 0, 10), ("飞行", 20, 30)], "permissive", {"T0": Class.EITHER, "T1": Class.FLIGHT}),
        ([("日常", 0, 10), ("飞行", 5, 30)], "permissive", {"T0 T1": Class.FLIGHT}),
        ([("专项", 0, 10), ("飞行", 20, 30), ("日常", 15, 40)], "strict", {"T0": Class.EITHER, "T1": Class.FLIGHT, "T2": Class.FULL}),
        ([("复查", 0, 10), ("日常", 20, 40)], "strict", {"T0": Class.EITHER, "T1": Class.FULL}),
    ],
)
def test_a_visit_is_as_secret_as_the_duties_it_serves_and_not_as_others_of_the_subject(told, policy, kinds):
    """A campaign visit that stands alone stays open beside the flight check of another month; one that rides on it is sealed."""
    found = merge(duties(told), policy)

    assert {" ".join(sorted(one.children)): one.kind for one in found} == kinds
    assert all(one.sealed == (one.kind == Class.FLIGHT) for one in found)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"r": 0, "d": 10}, {"r": 5, "d": 20}, ""),
        ({"r": 0, "d": 10}, {"r": 12, "d": 20}, "期限没有共同的日子，相差 2 日；期限由法律或者批准确定，不能移动"),
        ({"r": 0, "d": 10, "d_end": "ours"}, {"r": 12, "d": 20}, "期限没有共同的日子，相差 2 日；其中自定的期限可以放宽"),
        (
            {"r": 0, "d": 30, "kind": "飞行"},
            {"r": 0, "d": 30, "kind": "日常"},
            "飞行检查不得事先告知，不能与要事先告知的全项目检查合为一次",
        ),
        ({"r": 0, "d": 90, "series": "f"}, {"r": 91, "d": 180, "series": "f"}, "同一频次的两次检查，不能合为一次"),
    ],
)
def test_why_two_duties_are_not_one_visit(one, other, why):
    made = [Duty(id=str(n), subject="S1", **({"kind": "专项"} | told)) for n, told in enumerate((one, other))]

    assert why_apart(*made, "strict") == why


def test_a_visit_is_known_by_its_duties():
    first, second = (merge(duties([("专项", 0, 10), ("日常", 5, 20)]), "strict") for _ in range(2))

    assert [one.id for one in first] == [one.id for one in second]
    assert all(isinstance(one, Visit) for one in first)
