"""Draw the teams: the most even spread of places first, then by ticket among all rosters that have it (双随机组队).

The solver only finds what is already decided: the answer is unique, and a page of plain Python proves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from evenhand.draw.messages import NO_TEAM
from evenhand.draw.teams.certificate import is_unique, prices_of
from evenhand.draw.teams.network import Edge, Network, spread
from evenhand.errors import BadInput, Problem

__all__ = ["Teams", "draw_teams", "missing_places"]

_LARGEST: Final = 2**63
_ATTEMPTS: Final = 5
Arc = tuple[str, str, int, int]


@dataclass(frozen=True, kw_only=True)
class Teams:
    """Who goes where: `roster` by visit and role, places of each person, the even spread Φ, prices that prove the roster, and the attempt it took."""

    roster: tuple[Edge, ...]
    loads: dict[str, int]
    spread: int
    prices: dict[str, int]
    attempt: int


def draw_teams(network: Network) -> Teams:
    """Return the one roster that the seed decides.

    Raises:
        BadInput: some places cannot be filled by two different people; they are named with who could take them (DRAW-15).
    """
    if short := missing_places(network):
        raise BadInput(
            Problem(NO_TEAM, {"places": "；".join(f"{visit} 的{role}（可派 {people or '无人'}）" for visit, role, people in short)})
        )
    for attempt in range(network.attempt, network.attempt + _ATTEMPTS):
        tried = (
            network
            if attempt == network.attempt
            else Network(edges=network.edges, people=network.people, seed=network.seed, attempt=attempt, algorithm=network.algorithm)
        )
        loads = _loads(tried)
        roster = _roster(tried, loads)
        prices = prices_of(tried, roster)
        if is_unique(tried, roster, prices):
            return Teams(roster=roster, loads=loads, spread=spread(tried, loads), prices=prices, attempt=attempt)
    raise ArithmeticError("five attempts gave no unique roster; tickets of 40 bits do not repeat so often")


def missing_places(network: Network) -> list[tuple[str, str, str]]:
    """Return places that nobody is left for when as many as possible are filled: visit, role, and who could take it."""
    arcs: list[Arc] = [("S", f"I:{person}", most, 0) for person, most in network.most.items() if most]
    arcs += [(tail, head, 1, 0) for tail, head, _ in network.arcs]
    arcs += [(f"P:{visit}|{role}", "T", 1, 0) for visit, role in network.places]
    names = _names(arcs)
    solver = max_flow.SimpleMaxFlow()
    tails, heads, rooms = np.array([(names[arc[0]], names[arc[1]], arc[2]) for arc in arcs]).T
    solver.add_arcs_with_capacity(tails, heads, rooms)
    solver.solve(names["S"], names["T"])
    filled = {arc[0] for arc, count in zip(arcs, solver.flows(np.arange(len(arcs))), strict=True) if arc[1] == "T" and count}
    able: dict[tuple[str, str], list[str]] = {}
    for visit, role, person in network.edges:
        able.setdefault((visit, role), []).append(person)
    return [(visit, role, "、".join(sorted(able[visit, role]))) for visit, role in network.places if f"P:{visit}|{role}" not in filled]


def _loads(network: Network) -> dict[str, int]:
    arcs: list[Arc] = [
        ("S", f"I:{person}", 1, network.load_cost(person, k)) for person, most in sorted(network.most.items()) for k in range(1, most + 1)
    ]
    own = len(arcs)
    arcs += [(tail, head, 1, 0) for tail, head, _ in network.arcs] + [(f"P:{visit}|{role}", "T", 1, 0) for visit, role in network.places]
    flows = _solved(arcs, {"S": len(network.places), "T": -len(network.places)})
    loads = dict.fromkeys(network.people, 0)
    for arc, count in zip(arcs[:own], flows, strict=False):
        loads[arc[1][2:]] += count
    return loads


def _roster(network: Network, loads: dict[str, int]) -> tuple[Edge, ...]:
    arcs: list[Arc] = [(tail, head, 1, cost) for tail, head, cost in network.arcs]
    supplies = {f"I:{person}": load for person, load in loads.items() if load} | {f"P:{visit}|{role}": -1 for visit, role in network.places}
    flows = _solved(arcs, supplies)
    taken = []
    for (tail, head, _, _), count in zip(arcs, flows, strict=True):
        if count and head.startswith("P:"):
            visit, role = head[2:].split("|")
            taken.append((visit, role, tail[2:].rpartition("|")[2] if tail.startswith("B:") else tail[2:]))
    return tuple(sorted(taken))


def _names(arcs: Sequence[Arc]) -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted({name for arc in arcs for name in arc[:2]}))}


def _solved(arcs: Sequence[Arc], supplies: dict[str, int]) -> list[int]:
    names = _names(arcs)
    if max(arc[3] for arc in arcs) * (len(names) + 3) >= _LARGEST:
        raise OverflowError("the costs of this office do not fit the solver; split it by stage or office")
    solver = min_cost_flow.SimpleMinCostFlow()
    tails, heads, rooms, costs = np.array([(names[arc[0]], names[arc[1]], arc[2], arc[3]) for arc in arcs]).T
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    solver.set_nodes_supplies(np.array([names[name] for name in supplies]), np.array(list(supplies.values())))
    if solver.solve() != solver.OPTIMAL:
        raise ArithmeticError("the places could be filled, yet the flow was not found")
    return [int(count) for count in solver.flows(np.arange(len(arcs)))]
