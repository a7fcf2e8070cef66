"""Flows of least cost, and the integer prices that prove one: no way of change is cheaper (最小费用流与价格).

Only `fullest` and `solved` call a solver; the rest is plain arithmetic that anybody can repeat.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

__all__ = ["Arc", "fullest", "potentials", "reduced_faults", "solved", "tight_components"]

Arc = tuple[str, str, int, int]
"""Tail, head, room, cost of one unit."""
_LARGEST: Final = 2**63


def _numbers(arcs: Sequence[Arc]) -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted({name for arc in arcs for name in arc[:2]}))}


def fullest(arcs: Sequence[Arc]) -> list[int]:
    """Return a largest flow from `S` to `T`."""
    names = _numbers(arcs)
    tails, heads, rooms = np.array([(names[arc[0]], names[arc[1]], arc[2]) for arc in arcs]).T
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tails, heads, rooms)
    solver.solve(names["S"], names["T"])
    return [int(count) for count in solver.flows(np.arange(len(arcs)))]


def solved(arcs: Sequence[Arc], supplies: Mapping[str, int]) -> list[int] | None:
    """Return a flow of least cost that meets all supplies; None when there is none.

    Raises:
        OverflowError: the costs do not fit the solver; split the pool.
    """
    names = _numbers(arcs)
    if not set(supplies) <= set(names):
        return None
    if max(arc[3] for arc in arcs) * (len(names) + 3) >= _LARGEST:
        raise OverflowError("the costs do not fit the solver; split the pool by stage or office")
    tails, heads, rooms, costs = np.array([(names[arc[0]], names[arc[1]], arc[2], arc[3]) for arc in arcs]).T
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    solver.set_nodes_supplies(np.array([names[name] for name in supplies]), np.array(list(supplies.values())))
    if solver.solve() != solver.OPTIMAL:
        return None
    return [int(count) for count in solver.flows(np.arange(len(arcs)))]


def _ways(arcs: Sequence[Arc], flows: Sequence[int]) -> list[tuple[str, str, int]]:
    """Ways along which a flow could be changed by one."""
    forward = [(tail, head, cost) for (tail, head, room, cost), count in zip(arcs, flows, strict=True) if count < room]
    return forward + [(head, tail, -cost) for (tail, head, _, cost), count in zip(arcs, flows, strict=True) if count]


def potentials(arcs: Sequence[Arc], flows: Sequence[int]) -> dict[str, int]:
    """Return the price of each node: the length of the shortest way of change that ends there, 0 for none."""
    ways = _ways(arcs, flows)
    prices = {name: 0 for arc in arcs for name in arc[:2]}
    for _ in range(len(prices) + 1):
        changed = False
        for tail, head, cost in ways:
            if prices[tail] + cost < prices[head]:
                prices[head], changed = prices[tail] + cost, True
        if not changed:
            break
    return prices


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
