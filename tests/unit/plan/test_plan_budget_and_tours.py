"""The most duties that few visits can serve, against all choices; tours that visit everybody once."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from evenhand.plan import Duty, savings, within

windows = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=7)


@given(windows, st.integers(1, 4))
def test_no_choice_of_days_serves_more(told: list[tuple[int, int]], most: int) -> None:
    duties = [Duty(id=f"d{n}", subject="S", kind="日常", r=r, d=r + length) for n, (r, length) in enumerate(told)]

    found = within(duties, most)

    days = range(45)
    best = max(
        sum(any(one.r <= day <= one.d for day in chosen) for one in duties)
        for size in range(1, min(most, len({one.d for one in duties})) + 1)
        for chosen in combinations(sorted({one.d for one in duties}), size)
    )
    assert len(found.days) <= most
    assert len(found.served) == best
    assert set(found.served) | set(found.widen) == {one.id for one in duties}
    assert all(gap > 0 for gap in found.widen.values())
    assert set(found.days) <= set(days)


points = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)), min_size=1, max_size=9
)


@given(points, st.integers(1, 5))
def test_every_visit_is_in_one_tour_of_lawful_size(places: dict[str, tuple[int, int]], most: int) -> None:
    tours = savings((0, 0), places, most)

    assert sorted(one for tour in tours for one in tour) == sorted(places)
    assert max(map(len, tours)) <= most


def test_near_places_share_a_tour() -> None:
    places = {"a": (1000, 0), "b": (1000, 50), "c": (-800, 0), "d": (-850, 30)}

    assert savings((0, 0), places, 2) == [("a", "b"), ("c", "d")]
