"""Bring crowded weeks under a cap by the fewest changes of date: a flow in which staying costs nothing and moving an issued visit costs one (限额调整).

A visit that is new, or was moved already, has no date that could change: it moves first.

>>> found = relieve({(0, 0, 2, True): 9, (1, 1, 1, True): 3}, [100, 100, 100], most=[6, 6, 6])
>>> dict(found.moves), found.over
({((0, 0, 2, True), 1): 3}, {})
>>> dict(relieve({(0, 0, 1, True): 5, (0, 0, 1, False): 5}, [100, 100], most=[6, 6]).moves)
{((0, 0, 1, False), 1): 4}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

__all__ = ["Place", "Relieved", "relieve"]

Place = tuple[int, int, int, bool]
"""Week, first and last week of the window, and whether the visit was issued in that week."""


@dataclass(frozen=True, kw_only=True)
class Relieved:
    """`moves`: visits by place and new week, only those that move; `over`: visits above the cap by week, because no window leaves another."""

    moves: Mapping[tuple[Place, int], int]
    over: Mapping[int, int]

    @property
    def dates(self) -> int:
        """Issued dates that change: with these windows and this cap they cannot be fewer."""
        return sum(count for (place, _), count in self.moves.items() if place[3])


def relieve(classes: Mapping[Place, int], caps: Sequence[int], *, most: Sequence[int]) -> Relieved:
    """Return the fewest moves that bring every week to its room, and what stays above it.

    Args:
        classes: number of visits that may move, by place.
        caps: capacity of each week in per cent; 0 is closed.
        most: visits that each week may still hold of them.
    """
    places = sorted(place for place, count in classes.items() if count)
    if not places:
        return Relieved(moves={}, over={})
    weeks = sorted(
        {place[0] for place in places} | {week for _, s, e, _ in places for week in range(s, min(e, len(caps) - 1) + 1) if caps[week]}
    )
    far = len(caps) ** 2  # one issued date outweighs the distances of the new visits it spares, except in absurd plans
    node = {week: len(places) + n for n, week in enumerate(weeks)}
    sink = len(places) + len(weeks)
    arcs = [
        (n, node[week], classes[place], 0 if week == place[0] else abs(week - place[0]) + (far if place[3] else 0))
        for n, place in enumerate(places)
        for week in weeks
        if week == place[0] or (place[1] <= week <= place[2] and caps[week])
    ]
    out = [(node[week], sink, max(0, most[week]), 0) for week in weeks]
    worst = (far + len(caps)) * (len(weeks) + 1)  # a visit above the cap costs more than a chain of moves through every week
    over = [(node[week], sink, sum(classes.values()), worst) for week in weeks]
    solver = min_cost_flow.SimpleMinCostFlow()
    tails, heads, rooms, costs = np.array([*arcs, *out, *over], dtype=np.int64).T
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    solver.set_nodes_supplies(
        np.arange(sink + 1), np.array([classes[place] for place in places] + [0] * len(weeks) + [-sum(classes.values())])
    )
    if solver.solve() != solver.OPTIMAL:
        raise ArithmeticError("staying is always possible, so there is an answer")
    flows = solver.flows(np.arange(len(tails)))
    moves = {
        (places[arc[0]], weeks[arc[1] - len(places)]): int(count)
        for arc, count in zip(arcs, flows, strict=False)
        if count and weeks[arc[1] - len(places)] != places[arc[0]][0]
    }
    left = {week: int(count) for week, count in zip(weeks, flows[len(arcs) + len(out) :], strict=True) if count}
    return Relieved(moves=moves, over=left)
