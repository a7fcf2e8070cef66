"""Level visits over weeks: how many of which class go into which week, by a flow whose answer is the best there is (均衡排周).

Only numbers are worked out here. Which visit of a class goes into which of its weeks is decided by lot afterwards.

>>> weeks_of(85, 90), weeks_of(150, 154), weeks_of(7, 20), weeks_of(8, 20)
((12, 12), (21, 21), (1, 2), (2, 2))
>>> found = level({(0, 1): 5, (1, 3): 6, (2, 2): 1}, [100, 100, 40, 100])
>>> found.loads, found.cost
((4, 4, 1, 3), 4350)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.graph.python import min_cost_flow

__all__ = ["Levelled", "hall_bound", "level", "weeks_of"]

_SCALE: Final = 10_000
_LARGEST: Final = 2**62
Window = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Levelled:
    """Places by window and week; `loads`: visits in each week, with those already there; `unplaced`: visits of windows without an open week; `cost`: of the even spread."""

    quotas: Mapping[tuple[int, int, int], int]
    loads: tuple[int, ...]
    unplaced: Mapping[Window, int]
    cost: int


def weeks_of(lo: int, hi: int) -> Window:
    """Return the first and last whole week inside a window of days; a window without one goes to the week of its first day, and keeps its days."""
    first, last = -(-lo // 7), (hi + 1) // 7 - 1
    return (first, last) if first <= last else (lo // 7, lo // 7)


def level(classes: Mapping[Window, int], caps: Sequence[int], base: Sequence[int] = ()) -> Levelled:
    """Return how many visits of each window go into each week so that Σ load²/capacity is least; earlier weeks win ties.

    Args:
        classes: number of visits by (first week, last week) of one office.
        caps: capacity of each week in per cent; 0 is closed.
        base: visits already in each week.
    """
    loads = list(base) or [0] * len(caps)
    open_weeks = {window: [week for week in range(window[0], min(window[1], len(caps) - 1) + 1) if caps[week] > 0] for window in classes}
    unplaced = {window: classes[window] for window, weeks in open_weeks.items() if not weeks and classes[window]}
    placed = {
        window: count for window, count in sorted(classes.items()) if open_weeks[window] and count
    }  # sorted: equal costs must not be decided by the order of rows
    total = sum(placed.values())
    if not total:
        return Levelled(quotas={}, loads=tuple(loads), unplaced=unplaced, cost=0)
    most = -(-2 * total * max(caps) // sum(cap for cap in caps if cap)) + max(loads) + 2
    while (found := _flow(placed, open_weeks, caps, loads, min(most, total))) is None:
        most *= 2
    quotas, cost = found
    for (_, _, week), count in quotas.items():
        loads[week] += count
    return Levelled(quotas=quotas, loads=tuple(loads), unplaced=unplaced, cost=cost)


def _flow(
    placed: Mapping[Window, int], open_weeks: Mapping[Window, Sequence[int]], caps: Sequence[int], base: Sequence[int], most: int
) -> tuple[dict[tuple[int, int, int], int], int] | None:
    windows, total = list(placed), sum(placed.values())
    weeks = sorted({week for window in windows for week in open_weeks[window]})
    node = {week: len(windows) + place for place, week in enumerate(weeks)}
    sink = len(windows) + len(weeks)
    into = [(place, node[week], placed[window], 0) for place, window in enumerate(windows) for week in open_weeks[window]]
    ties = total * len(caps) + 1  # all week numbers together stay below one step of the even spread
    out = [
        (node[week], sink, 1, (2 * (base[week] + k) - 1) * _SCALE // caps[week] * ties + week) for week in weeks for k in range(1, most + 1)
    ]
    if max(arc[3] for arc in out) * (sink + 4) >= _LARGEST:
        raise OverflowError("the costs of this office do not fit the solver; split it")
    solver = min_cost_flow.SimpleMinCostFlow()
    tails, heads, rooms, costs = np.array([*into, *out], dtype=np.int64).T
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    solver.set_nodes_supplies(np.arange(sink + 1), np.array([placed[window] for window in windows] + [0] * len(weeks) + [-total]))
    if solver.solve() != solver.OPTIMAL:
        return None
    flows = [int(count) for count in solver.flows(np.arange(len(into) + len(out)))]
    quotas = {(*windows[arc[0]], weeks[arc[1] - len(windows)]): count for arc, count in zip(into, flows, strict=False) if count}
    spread = sum(arc[3] // ties for arc, count in zip(out, flows[len(into) :], strict=True) if count)
    return quotas, spread


def hall_bound(classes: Mapping[Window, int], caps: Sequence[int]) -> float:
    """Return the least possible peak of load per full week: what lies wholly inside an interval must be done inside it. For tests and reports only."""
    best = 0.0
    for first in range(len(caps)):
        room = 0
        for last in range(first, len(caps)):
            room += caps[last]
            inside = sum(count for (s, e), count in classes.items() if first <= s and e <= last)
            best = max(best, inside * 100 / room if room else 0.0)
    return best
