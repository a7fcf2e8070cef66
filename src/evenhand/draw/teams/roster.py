"""Draw the teams: the most even spread of places first, then by ticket among all rosters that have it (双随机组队).

The solver only finds what is already decided: the answer is unique, and a page of plain Python proves it.
"""

from dataclasses import dataclass, replace
from typing import Final

from evenhand.draw.messages import NO_TEAM
from evenhand.draw.teams.certificate import is_unique, prices_of
from evenhand.draw.teams.flows import Arc, fullest, solved
from evenhand.draw.teams.network import Edge, Network, Tied, spread
from evenhand.draw.teams.spreading import even_loads
from evenhand.errors import BadInput, Problem

__all__ = ["Teams", "draw_teams", "missing_places", "roster_of"]

_ATTEMPTS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Teams:
    """Who goes where: `roster` by visit and role, places of each person, the even spread Φ, prices that prove the roster, and the attempt it took; `tied`: the attempts before it, none of which was the only best."""

    roster: tuple[Edge, ...]
    loads: dict[str, int]
    spread: int
    prices: dict[str, int]
    attempt: int
    tied: tuple[Tied, ...] = ()


def draw_teams(network: Network) -> Teams:
    """Return the one roster that the seed decides.

    Raises:
        BadInput: some places cannot be filled by two different people; they are named with who could take them (DRAW-15).
    """
    tied: list[Tied] = []
    for attempt in range(network.attempt, network.attempt + _ATTEMPTS):
        tried = network if attempt == network.attempt else replace(network, attempt=attempt)  # its arcs are worked out already
        loads = even_loads(tried)
        if loads is None:
            raise BadInput(
                Problem(
                    NO_TEAM,
                    {
                        "places": "；".join(
                            f"{visit} 的{role}（可派 {people or '无人'}）" for visit, role, people in missing_places(network)
                        )
                    },
                )
            )
        roster = roster_of(tried, loads)
        prices = prices_of(tried, roster)
        if is_unique(tried, roster, prices):
            return Teams(roster=roster, loads=loads, spread=spread(tried, loads), prices=prices, attempt=attempt, tied=tuple(tied))
        tied.append((roster, prices))
    raise ArithmeticError("five attempts gave no unique roster; tickets of 40 bits do not repeat so often")


def missing_places(network: Network) -> list[tuple[str, str, str]]:
    """Return places that nobody is left for when as many as possible are filled: visit, role, and who could take it."""
    arcs: list[Arc] = [("S", f"I:{person}", most, 0) for person, most in network.most.items() if most]
    arcs += [(tail, head, 1, 0) for tail, head, _ in network.arcs]
    arcs += [(f"P:{visit}|{role}", "T", 1, 0) for visit, role in network.places]
    filled = {arc[0] for arc, count in zip(arcs, fullest(arcs), strict=True) if arc[1] == "T" and count}
    able: dict[tuple[str, str], list[str]] = {}
    for visit, role, person in network.edges:
        able.setdefault((visit, role), []).append(person)
    return [(visit, role, "、".join(sorted(able[visit, role]))) for visit, role in network.places if f"P:{visit}|{role}" not in filled]


def roster_of(network: Network, loads: dict[str, int]) -> tuple[Edge, ...]:
    """Return the roster of least tickets in which everybody has these loads."""
    arcs: list[Arc] = [(tail, head, 1, cost) for tail, head, cost in network.arcs]
    supplies = {f"I:{person}": load for person, load in loads.items() if load} | {f"P:{visit}|{role}": -1 for visit, role in network.places}
    flows = solved(arcs, supplies)
    if flows is None:
        raise ArithmeticError("the places could be filled, yet the flow was not found")
    taken = []
    for (tail, head, _, _), count in zip(arcs, flows, strict=True):
        if count and head.startswith("P:"):
            visit, role = head[2:].split("|")
            taken.append((visit, role, tail[2:].rpartition("|")[2] if tail.startswith("B:") else tail[2:]))
    return tuple(sorted(taken))
