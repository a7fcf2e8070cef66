"""Exchange between offices (异地互查): an office lends as many places as it borrows; within that the loads are as even as can be; then tickets decide.

Three layers: office → inspector → place `X` of a visit elsewhere. An office lends for free what it borrows; the e-th place beyond
costs e times more than any spread of loads, so balance comes before evenness. With the layer of offices the short proof of the
loads does not hold; prices of both stages are published.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from evenhand.draw.messages import NO_EXCHANGE, NO_TEAM
from evenhand.draw.teams.certificate import judged, prices_of
from evenhand.draw.teams.flows import Arc, fits, fullest, potentials, reduced_faults, solved, tight_components
from evenhand.draw.teams.network import Edge, Network, Tied, step
from evenhand.draw.teams.roster import missing_places, roster_of
from evenhand.errors import BadInput, Problem

__all__ = ["EXCHANGE_ROLE", "Exchange", "Exchanged", "draw_exchange", "exchange_faults", "exchange_prices", "is_exchange_tied"]

EXCHANGE_ROLE: Final = "X"
_ATTEMPTS: Final = 5
_OFFICES: Final = 2


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Who could go where: `network` with edges of role `X` to visits of other offices only; `home`: office of each person; `seat`: of each visit; `most`: places per person."""

    network: Network
    home: Mapping[str, str]
    seat: Mapping[str, str]
    most: int

    @cached_property
    def borrowed(self) -> Counter[str]:
        """Places that each office needs from elsewhere."""
        return Counter(self.seat[visit] for visit, _ in self.network.places)

    def faults(self) -> Iterator[str]:
        """Yield edges that may not stand: inside one office, or of another role."""
        for visit, role, person in self.network.edges:
            if role != EXCHANGE_ROLE or self.home[person] == self.seat[visit]:
                yield f"{visit} / {role} / {person}"

    def room(self, person: str) -> int:
        """Places one person can take."""
        return min(self.most, self.network.most[person])

    @cached_property
    def dear(self) -> int:
        """What one place out of balance costs: more than the loads of all offices together."""
        largest = max((step(self.network.people[person], self.most) for person in self.network.people), default=0)
        return (1 + len(set(self.home.values()) | set(self.borrowed)) * largest) * self.network.scale

    @cached_property
    def load_arcs(self) -> tuple[Arc, ...]:
        """Arcs of the first stage: `S` → `O:office` → `I:person` → `P:visit|X` → `T`."""
        people = sorted(person for person in self.network.people if self.room(person))
        staff: dict[str, int] = defaultdict(int)
        for person in people:
            staff[self.home[person]] += self.room(person)
        arcs: list[Arc] = []
        for office in sorted(staff):
            free = min(self.borrowed[office], staff[office])
            arcs += [("S", f"O:{office}", free, 0)] if free else []
            beyond = min(staff[office], len(self.network.places)) - free
            arcs += [("S", f"O:{office}", 1, e * self.dear) for e in range(1, beyond + 1)] if not self.balanced else []
        arcs += [
            (f"O:{self.home[person]}", f"I:{person}", 1, self.network.load_cost(person, k))
            for person in people
            for k in range(1, self.room(person) + 1)
        ]
        arcs += [(f"I:{person}", f"P:{visit}|{role}", 1, 0) for visit, role, person in sorted(self.network.edges)]
        return (*arcs, *((f"P:{visit}|{role}", "T", 1, 0) for visit, role in self.network.places))

    @cached_property
    def fits(self) -> bool:
        """Whether the draw can be worked out at all; the costs hardly depend on the seed."""
        return fits(self.load_arcs)

    @cached_property
    def balanced(self) -> bool:
        """Whether every office can lend exactly what it borrows: then no other arcs are needed, and costs stay small."""
        arcs: list[Arc] = [("S", f"O:{office}", count, 0) for office, count in self.borrowed.items()]
        arcs += [
            (f"O:{self.home[person]}", f"I:{person}", self.room(person), 0) for person in sorted(self.network.people) if self.room(person)
        ]
        arcs += [(f"I:{person}", f"P:{visit}|{role}", 1, 0) for visit, role, person in sorted(self.network.edges)]
        arcs += [(f"P:{visit}|{role}", "T", 1, 0) for visit, role in self.network.places]
        return sum(count for arc, count in zip(arcs, fullest(arcs), strict=True) if arc[1] == "T") == len(self.network.places)

    def load_flows(self, roster: Sequence[Edge]) -> list[int]:
        """The flow on each arc of the first stage that a roster means: cheapest arcs first."""
        loads = Counter(person for _, _, person in roster)
        lent = Counter(self.home[person] for _, _, person in roster)
        left = {f"I:{person}": count for person, count in loads.items()} | {f"O:{office}": count for office, count in lent.items()}
        used = {(f"I:{person}", f"P:{visit}|{role}") for visit, role, person in roster}
        flows = []
        for tail, head, room, _ in self.load_arcs:
            if head[:2] in {"O:", "I:"}:
                count = min(room, left.get(head, 0))
                left[head] = left.get(head, 0) - count
                flows.append(count)
            else:
                flows.append(int((tail, head) in used or head == "T"))
        return flows


@dataclass(frozen=True, kw_only=True)
class Exchanged:
    """Who goes where, what each office lends beyond what it borrows (all zero when balance was possible), and the prices of both stages; `tied`: attempts before it, none of which was the only best."""

    roster: tuple[Edge, ...]
    loads: dict[str, int]
    imbalance: dict[str, int]
    prices: dict[str, int]
    attempt: int
    tied: tuple[Tied, ...] = ()


def draw_exchange(exchange: Exchange) -> Exchanged:
    """Return the one roster that the seed decides.

    Raises:
        BadInput: fewer than two offices (DRAW-17), or places that nobody from elsewhere can take (DRAW-15): there is no silent fallback to ordinary distribution.
    """
    if len(set(exchange.home.values()) | set(exchange.borrowed)) < _OFFICES:
        raise BadInput(Problem(NO_EXCHANGE, {"why": "只有一个机构"}))
    if wrong := list(exchange.faults()):
        raise BadInput(Problem(NO_EXCHANGE, {"why": f"名单里有本机构的人员：{'；'.join(wrong[:3])}"}))
    if short := missing_places(exchange.network):
        raise BadInput(
            Problem(NO_TEAM, {"places": "；".join(f"{visit} 的{role}（可派 {people or '无人'}）" for visit, role, people in short)})
        )
    tied: list[Tied] = []
    for attempt in range(1, _ATTEMPTS + 1):
        network = replace(exchange.network, attempt=attempt)
        tried = Exchange(network=network, home=exchange.home, seat=exchange.seat, most=exchange.most)
        flows = solved(tried.load_arcs, {"S": len(network.places), "T": -len(network.places)})
        if flows is None:
            raise BadInput(Problem(NO_EXCHANGE, {"why": f"每人最多 {exchange.most} 个位置时派不满"}))
        loads = dict.fromkeys(network.people, 0)
        for (_, head, _, _), count in zip(tried.load_arcs, flows, strict=True):
            if head.startswith("I:"):
                loads[head[2:]] += count
        roster = roster_of(network, loads)
        prices = exchange_prices(tried, roster)
        if not any(exchange_faults(tried, roster, prices)):
            lent = Counter(tried.home[person] for _, _, person in roster)
            offices = sorted(set(lent) | set(tried.borrowed))
            return Exchanged(
                roster=roster, loads=loads, imbalance={office: lent[office] - tried.borrowed[office] for office in offices}, prices=prices, attempt=attempt, tied=tuple(tied)
            )  # fmt: skip
        tied.append((roster, prices))
    raise ArithmeticError("five attempts gave no unique roster; tickets of 40 bits do not repeat so often")


def exchange_prices(exchange: Exchange, roster: Sequence[Edge]) -> dict[str, int]:
    """Return the prices of both stages; the same for everybody."""
    loads = potentials(exchange.load_arcs, exchange.load_flows(roster))
    return prices_of(exchange.network, roster) | {f"load:{node}": price for node, price in loads.items()}


def exchange_faults(exchange: Exchange, roster: Sequence[Edge], prices: Mapping[str, int]) -> Iterator[str]:
    """Give what is wrong with an exchange and its prices; nothing when they prove balance, loads and roster. Needs no solver."""
    yield from (text for text, _ in _exchange_judged(exchange, roster, prices))


def is_exchange_tied(exchange: Exchange, roster: Sequence[Edge], prices: Mapping[str, int]) -> bool:
    """Return whether nothing is better than this exchange, but something is as good."""
    told = list(_exchange_judged(exchange, roster, prices))
    return bool(told) and all(equal for _, equal in told)


def _exchange_judged(exchange: Exchange, roster: Sequence[Edge], prices: Mapping[str, int]) -> Iterator[tuple[str, bool]]:
    yield from ((f"{one} 是本机构的位置", False) for one in exchange.faults())
    told = list(judged(exchange.network, roster, prices))
    yield from told
    if not all(equal for _, equal in told):
        return
    of_loads = {node.removeprefix("load:"): price for node, price in prices.items() if node.startswith("load:")}
    flows = exchange.load_flows(roster)
    better = list(reduced_faults(exchange.load_arcs, flows, of_loads))
    if better:
        yield from ((text, False) for text in better)
        return
    groups = tight_components(exchange.load_arcs, flows, of_loads)
    for tail, head, _, _ in exchange.load_arcs:
        if head.startswith("I:") and groups[tail] == groups[head]:
            yield f"{head[2:]} 的位置数另有同样均衡的分法", True
            return
