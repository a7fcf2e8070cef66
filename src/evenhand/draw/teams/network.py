"""The network of a team draw: who may take which place of which visit, and what each arc costs (组队网络).

An edge (visit, role, inspector) becomes an arc from the person to the place; who may take both places of a visit goes through a
node of its own with one way in, so that nobody holds both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from evenhand.draw.tickets import t24, t40, ticket, tickets

__all__ = ["Edge", "Network", "Person", "Tied", "spread", "step"]

Edge = tuple[str, str, str]
"""Visit, role, inspector."""
Tied = tuple[tuple[Edge, ...], dict[str, int]]
"""Roster and prices of an attempt beside which another was as good."""
_TWELVE: Final = 12
_TIES: Final = 2**24


@dataclass(frozen=True, kw_only=True)
class Person:
    """One inspector in the load year: places carried already, and quarters of full time (1 to 4)."""

    carried: int
    quarters: int


def step(person: Person, k: int) -> int:
    """Return what the k-th place of this draw costs: always a whole number, dearer with every place, cheaper for who works more.

    >>> step(Person(carried=0, quarters=4), 1), step(Person(carried=1, quarters=2), 2)
    (3, 30)
    """
    return _TWELVE * (2 * (person.carried + k) - 1) // person.quarters


@dataclass(frozen=True, kw_only=True)
class Network:
    """Edges of one office and week, its people, and the seed; `attempt` 2 or more takes other tickets, because the one before was not unique."""

    edges: tuple[Edge, ...]
    people: Mapping[str, Person]
    seed: str
    attempt: int = 1
    algorithm: str = field(default="sha256")

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Visit and role of each place, sorted."""
        return tuple(sorted({(visit, role) for visit, role, _ in self.edges}))

    @cached_property
    def scale(self) -> int:
        """M: one step of the even spread outweighs all tickets together."""
        return _TIES * (len(self.places) + 1)

    @cached_property
    def arcs(self) -> tuple[tuple[str, str, int], ...]:
        """Arcs of the roster as (tail, head, cost): from `I:person` to `P:visit|role`, some through `B:visit|person`."""
        roles: dict[tuple[str, str], list[str]] = {}
        edges = sorted(self.edges)
        costs = dict(zip(edges, self.pair_costs(edges), strict=True))
        for visit, role, person in edges:
            roles.setdefault((visit, person), []).append(role)
        found = []
        for (visit, person), held in roles.items():
            tail = f"I:{person}"
            if len(held) > 1:
                found.append((tail, f"B:{visit}|{person}", 0))
                tail = f"B:{visit}|{person}"
            found += [(tail, f"P:{visit}|{role}", costs[visit, role, person]) for role in held]
        return tuple(found)

    def pair_costs(self, edges: Iterable[Edge]) -> Iterator[int]:
        """Give the ticket of each person for each place."""
        named = (f"{visit}|{role}|{self._suffixed(person)}" for visit, role, person in edges)
        return map(t40, tickets(self.seed, "pair", named, algorithm=self.algorithm))

    def load_cost(self, person: str, k: int) -> int:
        """Return what the k-th place of a person costs in the even spread, ties by ticket."""
        return step(self.people[person], k) * self.scale + self._load_tickets[person]

    @cached_property
    def _load_tickets(self) -> dict[str, int]:
        return {one: t24(ticket(self.seed, "load", self._suffixed(one), algorithm=self.algorithm)) for one in self.people}

    def _suffixed(self, person: str) -> str:
        return person if self.attempt == 1 else f"{person}#{self.attempt}"

    @cached_property
    def most(self) -> dict[str, int]:
        """How many visits each person could take at most."""
        found: dict[str, set[str]] = {person: set() for person in self.people}
        for visit, _, person in self.edges:
            found[person].add(visit)
        return {person: len(visits) for person, visits in found.items()}

    @cached_property
    def _both(self) -> set[str]:
        return {head for _, head, _ in self.arcs if head.startswith("B:")}

    def used(self, roster: Sequence[Edge]) -> set[tuple[str, str]]:
        """Return the arcs that a roster uses, as (tail, head)."""
        found = set()
        for visit, role, person in roster:
            through = f"B:{visit}|{person}"
            if through in self._both:
                found |= {(f"I:{person}", through), (through, f"P:{visit}|{role}")}
            else:
                found.add((f"I:{person}", f"P:{visit}|{role}"))
        return found


def spread(network: Network, loads: Mapping[str, int]) -> int:
    """Return Φ: the sum of all steps; the least is the most even relative load."""
    return sum(step(network.people[person], k) for person, load in loads.items() for k in range(1, load + 1))
