"""Laws of the team draw on generated offices: as even as can be, the same as enumeration finds, and only that roster is accepted by the certificate."""

import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from evenhand.draw.teams import Edge, Network, Person, draw_teams, faults_of, is_tied, missing_places, prices_of, spread
from evenhand.draw.teams.flows import solved
from evenhand.draw.teams.spreading import even_loads
from evenhand.errors import BadInput

COUNT = 120


def office(seed: int, *, visits: int = 3, people: int = 4) -> Network:
    """A small office; some visits ask for an expert whom only some may be."""
    chance = random.Random(seed)  # who may do what, no draw
    edges: list[Edge] = []
    for n in range(visits):
        for role, share in (("L", 0.7), ("E", 0.7)):
            edges += [(f"V{n}", role, f"I{k}") for k in range(people) if chance.random() < share]
    held = {f"I{k}": Person(carried=chance.randint(0, 3), quarters=chance.choice((1, 2, 4))) for k in range(people)}
    return Network(edges=tuple(edges), people=held, seed=hashlib.sha256(f"{seed}".encode()).hexdigest())


def rosters(network: Network) -> list[tuple[Edge, ...]]:
    """Every lawful roster, by enumeration."""
    places = sorted({(f"V{n}", role) for n in range(3) for role in "LE"})
    able = {place: [person for visit, role, person in network.edges if (visit, role) == place] for place in places}
    found = []
    for who in itertools.product(*(able[place] for place in places)):
        roster = tuple((visit, role, person) for (visit, role), person in zip(places, who, strict=True))
        if all(a[0] != b[0] or a[2] != b[2] for a, b in itertools.combinations(roster, 2)):
            found.append(roster)
    return found


def key(network: Network, roster: tuple[Edge, ...]) -> tuple[int, int, int]:
    """What decides: the spread, the tickets of the loads, the tickets of the pairs."""
    loads = dict.fromkeys(network.people, 0)
    for _, _, person in roster:
        loads[person] += 1
    tickets = sum(load * (network.load_cost(person, 1) % network.scale) for person, load in loads.items())
    return spread(network, loads), tickets, sum(network.pair_costs(roster))


FEASIBLE = [network for network in map(office, range(COUNT)) if len({edge[:2] for edge in network.edges}) == 6 and rosters(network)]


def test_there_is_enough_to_look_at():
    assert len(FEASIBLE) > COUNT // 2


def test_the_draw_is_the_best_of_all_lawful_rosters():
    for network in FEASIBLE:
        every = rosters(network)

        found = draw_teams(network)

        assert found.roster == min(every, key=lambda roster: key(network, roster))
        assert set(found.roster) <= set(network.edges)


def test_the_certificate_accepts_that_roster_and_refuses_every_other():
    for network in FEASIBLE[:40]:
        found = draw_teams(network)

        assert list(faults_of(network, found.roster, found.prices)) == []
        for other in rosters(network):
            if other != found.roster:
                assert next(faults_of(network, other, found.prices), ""), other
                assert next(faults_of(network, other, prices_of(network, other)), ""), other


def test_forged_prices_are_refused():
    for network in FEASIBLE[:20]:
        found = draw_teams(network)
        used = network.used(found.roster)
        tail, head, _ = next(arc for arc in network.arcs if (arc[0], arc[1]) in used)

        assert next(faults_of(network, found.roster, found.prices | {head: found.prices[head] - 2**41, tail: found.prices[tail]}), "")


def test_nobody_who_may_not_go_is_ever_sent():
    """Planted: recusals, expired certificates and missing skills are edges that are not there."""
    for network in FEASIBLE[:40]:
        banned = network.edges[0]
        left = Network(edges=tuple(edge for edge in network.edges if edge != banned), people=network.people, seed=network.seed)

        if len({edge[:2] for edge in left.edges}) == 6 and rosters(left):
            assert banned not in draw_teams(left).roster


def test_two_different_people_go_to_every_visit():
    for network in FEASIBLE:
        roster = draw_teams(network).roster

        assert all(len({person for visit, _, person in roster if visit == one}) == 2 for one in ("V0", "V1", "V2"))


@pytest.mark.parametrize(
    ("edges", "told"),
    [
        ((("V0", "L", "I0"), ("V0", "E", "I0")), "V0 的"),
        ((("V0", "L", "I0"), ("V0", "E", "I1"), ("V1", "L", "I1"), ("V1", "E", "I1")), "V1 的"),
    ],
)
def test_a_place_that_cannot_be_filled_is_named_with_who_could_take_it(edges: tuple[Edge, ...], told: str):
    network = Network(edges=edges, people={f"I{n}": Person(carried=0, quarters=4) for n in range(2)}, seed="0" * 64)

    assert missing_places(network)
    with pytest.raises(BadInput, match=told):
        draw_teams(network)


def test_every_best_balanced_roster_can_occur_and_about_equally_often():
    """Four visits, four equal people who may all do everything: over many seeds each person leads as often as the others."""
    edges = tuple((f"V{n}", role, f"I{k}") for n in range(2) for role in "LE" for k in range(4))
    people = {f"I{k}": Person(carried=0, quarters=4) for k in range(4)}
    seen: dict[tuple[Edge, ...], int] = {}
    for n in range(600):
        seed = hashlib.sha256(f"entropy {n}".encode()).hexdigest()
        roster = draw_teams(Network(edges=edges, people=people, seed=seed)).roster
        seen[roster] = seen.get(roster, 0) + 1

    assert len(seen) == 24  # every way to give four people one place each
    assert max(seen.values()) < 600 * Fraction(1, 24) * 2.4


def test_an_expert_who_alone_may_do_it_carries_it_and_others_carry_the_rest():
    edges = (*((f"V{n}", "E", "I0") for n in range(3)), *((f"V{n}", "L", f"I{k}") for n in range(3) for k in range(3)))
    network = Network(edges=edges, people={f"I{k}": Person(carried=0, quarters=4) for k in range(3)}, seed="1" * 64)

    found = draw_teams(network)

    assert found.loads["I0"] == 3
    assert sorted((found.loads["I1"], found.loads["I2"])) == [1, 2]


class Short(Network):
    """Tickets cut to three bits, so that ties abound."""

    def pair_costs(self, edges: Iterable[Edge]) -> Iterator[int]:
        return (cost >> 37 for cost in super().pair_costs(edges))

    def load_cost(self, person: str, k: int) -> int:
        return super().load_cost(person, k) // self.scale * self.scale + (super().load_cost(person, k) % self.scale >> 21)


def test_with_short_tickets_ties_are_seen_exactly_where_enumeration_sees_them_and_the_next_tickets_decide():
    seen = {True: 0, False: 0}
    for network in map(office, range(COUNT)):
        short = Short(edges=network.edges, people=network.people, seed=network.seed)
        every = rosters(short) if len({edge[:2] for edge in short.edges}) == 6 else []
        if not every:
            continue
        best = min(key(short, roster) for roster in every)
        even = {tuple(sorted(person for _, _, person in roster)) for roster in every if key(short, roster)[:2] == best[:2]}
        several = sum(key(short, roster) == best for roster in every) > 1 or len(even) > 1  # rosters as good, or spreads as even
        try:
            found = draw_teams(short)
        except ArithmeticError:  # five ties in a row, with three bits
            continue
        seen[several] += 1
        assert (found.attempt > 1) == several
        assert len(found.tied) == found.attempt - 1
        for attempt, (roster, prices) in enumerate(found.tied, 1):
            assert is_tied(replace(short, attempt=attempt), roster, prices)
        assert not is_tied(replace(short, attempt=found.attempt), found.roster, found.prices)
        worse = max(every, key=lambda roster: key(short, roster))
        if key(short, worse)[:2] != best[:2]:
            assert not is_tied(short, worse, prices_of(short, worse))
    assert min(seen.values()) > 10


def test_place_after_place_gives_the_loads_that_a_solver_finds():
    """The same network as a flow of least cost, one arc for each further place of a person: larger offices than can be enumerated."""
    compared = 0
    for number in range(60):
        network = office(number, visits=15, people=9)
        arcs = [("S", f"I:{person}", 1, network.load_cost(person, k)) for person, most in network.most.items() for k in range(1, most + 1)]
        own = len(arcs)
        arcs += [(tail, head, 1, 0) for tail, head, _ in network.arcs] + [
            (f"P:{visit}|{role}", "T", 1, 0) for visit, role in network.places
        ]
        flows = solved(arcs, {"S": len(network.places), "T": -len(network.places)})

        found = even_loads(network)

        assert (found is None) == (flows is None) == bool(missing_places(network))
        if found is not None and flows is not None:
            compared += 1
            assert {person: load for person, load in found.items() if load} == Counter(
                arc[1][2:] for arc, count in zip(arcs[:own], flows, strict=False) for _ in range(count)
            )
    assert compared > 20
