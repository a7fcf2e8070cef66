"""The even spread of places (负荷最均衡): place after place goes to whom one more costs least, as long as the places taken can be shifted to make room.

Taking the cheapest that still fits is exact here, because what fits is a matroid (the sets of starting points from which disjoint paths lead to places):
what was taken never has to be given back. No solver, and whole numbers of any size.
"""

from collections.abc import Container, Mapping
from heapq import heapify, heappop, heappush

from evenhand.draw.teams.network import Network

__all__ = ["even_loads"]

Ways = dict[str, list[str]]


def even_loads(network: Network) -> dict[str, int] | None:
    """Return how many places each person carries in the most even spread, ties by ticket; None when some place stays empty."""
    ways: Ways = {}
    for tail, head, _ in network.arcs:
        ways.setdefault(tail, []).append(head)
    empty = {f"P:{visit}|{role}" for visit, role in network.places}
    ways |= {place: [] for place in empty}
    loads = dict.fromkeys(network.people, 0)
    asked = [(network.load_cost(person, 1), person) for person, most in network.most.items() if most]
    heapify(asked)
    closed: set[str] = set()
    while empty and asked:
        _, person = heappop(asked)
        came, place = _searched(ways, f"I:{person}", empty, closed)
        if place is None:
            closed |= came.keys()  # no empty place can be reached from here, now or later
            continue
        _shifted(ways, came, place)
        empty.remove(place)
        loads[person] += 1
        heappush(asked, (network.load_cost(person, loads[person] + 1), person))
    return None if empty else loads


def _searched(ways: Ways, start: str, wanted: Container[str], closed: Container[str]) -> tuple[dict[str, str], str | None]:
    """Nodes reached from a start, each with the one before it, until a wanted one was found."""
    came = {start: ""}
    stack = [start]
    while stack:
        node = stack.pop()
        for head in ways[node]:
            if head in came or head in closed:
                continue
            came[head] = node
            if head in wanted:
                return came, head
            stack.append(head)
    return came, None


def _shifted(ways: Ways, came: Mapping[str, str], head: str) -> None:
    """Turn every arc of the path that leads here: who held a place on it holds the one before."""
    while tail := came[head]:
        ways[tail].remove(head)
        ways[head].append(tail)
        head = tail
