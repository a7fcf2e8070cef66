"""Levelling: every visit inside its window and in an open week, the spread as even as any single move could make it, peaks near the bound."""

import random

import pytest

from evenhand.plan import hall_bound, level

CAPS = [100, 100, 40, 100, 0, 100, 80, 100, 100, 60, 100, 100]


def office(seed: int, *, visits: int = 240) -> dict[tuple[int, int], int]:
    chance = random.Random(seed)  # what is planned, no draw
    found: dict[tuple[int, int], int] = {}
    for _ in range(visits):
        first = chance.randrange(len(CAPS))
        window = (first, min(first + chance.choice((0, 1, 3, 11)), len(CAPS) - 1))
        found[window] = found.get(window, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(12))
def test_windows_and_totals_are_kept_and_closed_weeks_stay_empty(seed):
    classes = office(seed)

    found = level(classes, CAPS)

    for window, count in classes.items():
        mine = {week: n for (s, e, week), n in found.quotas.items() if (s, e) == window}
        assert sum(mine.values()) + found.unplaced.get(window, 0) == count
        assert all(window[0] <= week <= window[1] and CAPS[week] for week in mine)
    assert found.loads[4] == 0


@pytest.mark.parametrize("seed", range(12))
def test_no_single_move_makes_it_more_even(seed):
    found = level(office(seed), CAPS)

    def step(week: int, load: int) -> int:
        return (2 * load - 1) * 10_000 // CAPS[week]

    for (s, e, week), count in found.quotas.items():
        for other in range(s, e + 1):
            if count and CAPS[other] and other != week:
                assert step(other, found.loads[other] + 1) >= step(week, found.loads[week])


def test_what_is_already_there_is_counted():
    found = level({(0, 1): 4}, [100, 100], base=[4, 0])

    assert found.loads == (4, 4)


def test_a_window_of_closed_weeks_is_listed_and_not_dropped():
    found = level({(4, 4): 3, (0, 0): 1}, CAPS)

    assert (found.unplaced, found.loads[0]) == ({(4, 4): 3}, 1)


@pytest.mark.parametrize("seed", range(6))
def test_the_peak_is_as_low_as_the_windows_allow(seed):
    classes = {window: count for window, count in office(seed).items() if any(CAPS[week] for week in range(window[0], window[1] + 1))}

    found = level(classes, CAPS)

    peak = max(load * 100 / cap for load, cap in zip(found.loads, CAPS, strict=True) if cap)
    smallest = min(cap for cap in CAPS if cap)
    assert peak <= hall_bound(classes, CAPS) + 2 * 100 / smallest
