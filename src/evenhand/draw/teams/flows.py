"""Flows of least cost, and the integer prices that prove one: no way of change is cheaper (最小费用流与价格).

Only `fullest` and `solved` call a solver; the rest is plain arithmetic that anybody can repeat.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

__all__ = ["Arc", "Way", "fits", "fullest", "potentials", "reduced_faults", "shortest", "solved", "tight_components"]

Arc = tuple[str, str, int, int]
"""Tail, head, room, cost of one unit."""
Way = tuple[str, str, int]
"""Tail, head, cost: a change of one unit that would be possible."""
_LARGEST: Final = 2**63


def _numbered(arcs: Sequence[Arc]) -> tuple[dict[str, int], list[NDArray[np.int64]]]:
    """Nodes numbered as they come; tails, heads, rooms and costs of the arcs as columns of numbers."""
    tails, heads, rooms, costs = zip(*arcs, strict=True)
    names = {name: place for place, name in enumerate(dict.fromkeys((*tails, *heads)))}
    ends = ([names[name] for name in side] for side in (tails, heads))
    return names, [np.array(column, np.int64) for column in (*ends, rooms, costs)]


def fullest(arcs: Sequence[Arc]) -> list[int]:
    """Return a largest flow from `S` to `T`."""
    names, (tails, heads, rooms, _) = _numbered(arcs)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tails, heads, rooms)
    solver.solve(names["S"], names["T"])
    return [int(count) for count in solver.flows(np.arange(len(arcs)))]


def fits(arcs: Sequence[Arc]) -> bool:
    """Whether the solver can hold the costs of a network; asked before anything is promised."""
    try:
        names, (*_, costs) = _numbered(arcs)
    except OverflowError:
        return False
    return _fits(int(costs.max()), len(names))


def _fits(largest: int, nodes: int) -> bool:
    return largest * (nodes + 3) < _LARGEST  # it multiplies costs by the number of nodes


def solved(arcs: Sequence[Arc], supplies: Mapping[str, int]) -> list[int] | None:
    """Return a flow of least cost that meets all supplies; None when there is none.

    Raises:
        OverflowError: the costs do not fit the solver; split the pool.
    """
    names, (tails, heads, rooms, costs) = _numbered(arcs)
    if not names.keys() >= supplies.keys():
        return None
    if not _fits(int(costs.max()), len(names)):
        raise OverflowError("the costs do not fit the solver; split the pool by stage or office")
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    solver.set_nodes_supplies(np.array([names[name] for name in supplies]), np.array(list(supplies.values())))
    if solver.solve() != solver.OPTIMAL:
        return None
    return [int(count) for count in solver.flows(np.arange(len(arcs)))]


def _ways(arcs: Sequence[Arc], flows: Sequence[int]) -> list[Way]:
    """Ways along which a flow could be changed by one."""
    forward = [(tail, head, cost) for (tail, head, room, cost), count in zip(arcs, flows, strict=True) if count < room]
    return forward + [(head, tail, -cost) for (tail, head, _, cost), count in zip(arcs, flows, strict=True) if count]


def potentials(arcs: Sequence[Arc], flows: Sequence[int]) -> dict[str, int]:
    """Return the price of each node: the length of the shortest way of change that ends there, 0 for none."""
    return shortest(_ways(arcs, flows))


def shortest(ways: Iterable[Way]) -> dict[str, int]:
    """Return for each node the length of the shortest path that ends there, 0 for the path of no way; the same for everybody.

    When there is a path that grows shorter with every turn, the lengths are those after as many rounds as there are nodes, and no proof.
    """
    onward: dict[str, list[tuple[str, int]]] = {}
    for tail, head, cost in ways:
        onward.setdefault(tail, []).append((head, cost))
        onward.setdefault(head, [])
    lengths = dict.fromkeys(onward, 0)
    fresh: Iterable[str] = list(onward)
    for _ in range(len(lengths) + 1):
        shorter: dict[str, None] = {}
        for tail in fresh:
            before = lengths[tail]
            for head, cost in onward[tail]:
                if before + cost < lengths[head]:
                    lengths[head] = before + cost
                    shorter[head] = None
        fresh = shorter
    return lengths


def reduced_faults(arcs: Sequence[Arc], flows: Sequence[int], prices: Mapping[str, int]) -> Iterator[str]:
    """Yield ways of change that the prices do not rule out; none when the flow is of least cost."""
    if missing := {name for arc in arcs for name in arc[:2]} - set(prices):
        yield f"缺价格：{'、'.join(sorted(missing)[:3])}"
        return
    yield from (f"{tail} → {head}：有更好的办法" for tail, head, cost in _ways(arcs, flows) if cost + prices[tail] - prices[head] < 0)


def tight_components(arcs: Sequence[Arc], flows: Sequence[int], prices: Mapping[str, int]) -> dict[str, int]:
    """Return for each node its group: nodes of one group can be reached from each other by changes that cost nothing (Kosaraju)."""
    ways: dict[str, list[str]] = {name: [] for arc in arcs for name in arc[:2]}
    back: dict[str, list[str]] = {name: [] for name in ways}
    for tail, head, cost in _ways(arcs, flows):
        if cost + prices[tail] - prices[head] == 0:
            ways[tail].append(head)
            back[head].append(tail)
    order: list[str] = []
    seen: set[str] = set()
    for start, first in ways.items():
        stack = [(start, iter(first))] if start not in seen else []
        seen.add(start)
        while stack:
            node, following = stack[-1]
            nxt = next((one for one in following if one not in seen), None)
            if nxt is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(nxt)
                stack.append((nxt, iter(ways[nxt])))
    group: dict[str, int] = {}
    for number, start in enumerate(reversed(order)):
        queue = [start] if start not in group else []
        while queue:
            node = queue.pop()
            if node not in group:
                group[node] = number
                queue += [one for one in back[node] if one not in group]
    return group
