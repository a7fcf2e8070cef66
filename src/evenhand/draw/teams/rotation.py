"""Pairs change: the experts of two visits swap places when the same two people would otherwise meet more often (搭档轮换).

After the roster is drawn and proved, pairs of visits are walked in the order of their tickets; a swap is made when both experts may take
each other's place and the sum of squared counts of all pairs falls. Everybody keeps as many places as before. Walked until nothing
changes: each swap lowers a whole number, so it ends.

>>> network = Network(edges=tuple((v, r, p) for v in ("V1", "V2") for r, p in (("L", "A"), ("L", "B"), ("E", "C"), ("E", "D"))), people={}, seed="00")
>>> roster = (("V1", "E", "C"), ("V1", "L", "A"), ("V2", "E", "D"), ("V2", "L", "B"))
>>> rotated(network, roster, {("A", "C"): 2})
(('V1', 'E', 'D'), ('V1', 'L', 'A'), ('V2', 'E', 'C'), ('V2', 'L', 'B'))
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from evenhand.draw.draft import Draft
from evenhand.draw.teams.network import Edge, Network
from evenhand.draw.tickets import ticket

__all__ = ["PAIR_ROTATION", "Pair", "pair_of", "pairs_in", "past_pairs", "rotated"]

PAIR_ROTATION: Final = "pair_rotation"
"""Parameter of the rules that asks for it."""
_PAST: Final = "pair:"
_LEAD, _EXPERT = "L", "E"
Pair = tuple[str, str]


def pair_of(one: str, other: str) -> Pair:
    """Return two people as a pair: the order does not matter."""
    return (one, other) if one < other else (other, one)


def pairs_in(roster: Iterable[Edge]) -> Counter[Pair]:
    """Return how often each two work together as lead and expert."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for visit, role, person in roster:
        places[visit][role] = person
    return Counter(pair_of(held[_LEAD], held[_EXPERT]) for held in places.values() if {_LEAD, _EXPERT} <= set(held))


def past_pairs(draft: Draft) -> dict[Pair, int] | None:
    """Return how often each two met before, as the rules tell; None when the rules ask for no rotation."""
    if PAIR_ROTATION not in draft.params:
        return None
    told: dict[Pair, int] = {}
    for key, count in draft.params.items():
        if key.startswith(_PAST):
            one, _, other = key.removeprefix(_PAST).partition("/")
            told[pair_of(one, other)] = int(count)
    return told


def rotated(network: Network, roster: Sequence[Edge], past: Mapping[Pair, int]) -> tuple[Edge, ...]:
    """Return the roster with experts swapped, sorted.

    Args:
        network: of the draw: who may take which place, and the seed.
        roster: as drawn and proved.
        past: how often each two met before.
    """
    lead, expert = ({visit: person for visit, role, person in roster if role == place} for place in (_LEAD, _EXPERT))
    seen = Counter(past)
    seen.update(pairs_in(roster))
    able = {(visit, person) for visit, role, person in network.edges if role == _EXPERT}
    order = _order(network, sorted(lead.keys() & expert.keys()))
    changed = True
    while changed:
        changed = False
        for one, other in order:
            first, second = expert[one], expert[other]
            fits = (one, second) in able and (other, first) in able and second != lead[one] and first != lead[other]
            if not fits or first == second:
                continue
            change = Counter([pair_of(lead[one], second), pair_of(lead[other], first)])
            change.subtract([pair_of(lead[one], first), pair_of(lead[other], second)])
            if sum((seen[pair] + step) ** 2 - seen[pair] ** 2 for pair, step in change.items()) < 0:
                seen.update(change)
                expert[one], expert[other] = second, first
                changed = True
    return tuple(sorted((visit, role, expert[visit] if role == _EXPERT else person) for visit, role, person in roster))


def _order(network: Network, visits: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of visits for whose expert's place at least two people may both stand, by ticket."""
    of: dict[str, list[str]] = defaultdict(list)
    known = set(visits)
    for visit, role, person in sorted(network.edges):
        if role == _EXPERT and visit in known:
            of[person].append(visit)
    shared = Counter(pair for held in of.values() for pair in combinations(held, 2))
    pairs = [pair for pair, people in shared.items() if people > 1]
    return sorted(pairs, key=lambda pair: (ticket(network.seed, "rot", *pair, algorithm=network.algorithm), pair))
