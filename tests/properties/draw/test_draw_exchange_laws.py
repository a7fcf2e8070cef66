"""Exchange between offices, against enumeration: balance first, then even loads, then tickets; the certificate accepts exactly the one best roster."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.draw import by_chance
from evenhand.draw.teams import Exchange, Network, Person, draw_exchange, exchange_faults, step
from evenhand.errors import BadInput

SEED = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
HOME = {"I0": "甲", "I1": "甲", "I2": "乙", "I3": "乙", "I4": "丙"}


def exchange(
    visits: dict[str, str],
    barred: set[tuple[str, str]] = frozenset(),
    *,
    most: int = 3,
    seed: str = SEED,
    carried: dict[str, int] | None = None,
) -> Exchange:  # type: ignore[assignment]
    edges = tuple(
        (visit, "X", person)
        for visit, office in visits.items()
        for person in HOME
        if HOME[person] != office and (visit, person) not in barred
    )
    people = {person: Person(carried=(carried or {}).get(person, 0), quarters=4) for person in HOME}
    return Exchange(network=Network(edges=edges, people=people, seed=seed), home=HOME, seat=visits, most=most)


def enumerated(one: Exchange) -> tuple[int, int, int, int]:
    """The best of all rosters, written from the two rules: imbalance, even loads, load tickets, pair tickets."""
    network = one.network
    able = {visit: [edge[2] for edge in network.edges if edge[0] == visit] for visit, _ in network.places}
    best = None
    for choice in product(*(able[visit] for visit, _ in network.places)):
        loads = Counter(choice)
        if max(loads.values()) > one.most:
            continue
        lent = Counter(HOME[person] for person in choice)
        beyond = {office: max(0, lent[office] - one.borrowed[office]) for office in set(HOME.values())}
        balance = sum(e * one.dear for count in beyond.values() for e in range(1, count + 1))
        even = sum(network.load_cost(person, k) for person, load in loads.items() for k in range(1, load + 1))
        pairs = sum(network.pair_costs((*place, person) for place, person in zip(network.places, choice, strict=True)))
        spread = sum(step(network.people[person], k) for person, load in loads.items() for k in range(1, load + 1))
        key = (balance + even, pairs, balance, spread)
        best = key if best is None else min(best, key)
    assert best is not None
    return best


def of(one: Exchange, roster: tuple[tuple[str, str, str], ...]) -> tuple[int, int]:
    loads = Counter(person for _, _, person in roster)
    lent = Counter(HOME[person] for person in loads.elements())
    balance = sum(e * one.dear for office in set(HOME.values()) for e in range(1, max(0, lent[office] - one.borrowed[office]) + 1))
    even = sum(one.network.load_cost(person, k) for person, load in loads.items() for k in range(1, load + 1))
    return balance + even, sum(one.network.pair_costs(roster))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["甲", "乙", "丙"]), min_size=1, max_size=5),
    st.sets(st.tuples(st.sampled_from([f"V{n}" for n in range(5)]), st.sampled_from(sorted(HOME))), max_size=4),
    st.dictionaries(st.sampled_from(sorted(HOME)), st.integers(0, 3), max_size=3),
    st.integers(0, 10**6),
)
def test_the_roster_is_the_best_of_all(offices: list[str], barred: set[tuple[str, str]], carried: dict[str, int], salt: int) -> None:
    one = exchange({f"V{n}": office for n, office in enumerate(offices)}, barred, carried=carried, seed=f"{salt:064x}")
    if len(one.network.places) < len(offices):
        return
    try:
        found = draw_exchange(one)
    except BadInput:
        return

    assert of(one, found.roster) == enumerated(one)[:2]
    assert list(exchange_faults(one, found.roster, found.prices)) == []


def test_lent_is_borrowed_where_it_can_be() -> None:
    found = draw_exchange(exchange({"V0": "甲", "V1": "甲", "V2": "乙", "V3": "乙", "V4": "丙"}))

    assert set(found.imbalance.values()) == {0}
    assert all(HOME[person] != {"V0": "甲", "V1": "甲", "V2": "乙", "V3": "乙", "V4": "丙"}[visit] for visit, _, person in found.roster)


def test_every_swap_and_move_is_refused_by_the_certificate() -> None:
    one = exchange({"V0": "甲", "V1": "甲", "V2": "乙", "V3": "乙", "V4": "丙"})
    found = draw_exchange(one)
    others = 0
    for n, (visit, role, person) in enumerate(found.roster):
        for _, _, other in (edge for edge in one.network.edges if edge[0] == visit and edge[2] != person):
            changed = (*found.roster[:n], (visit, role, other), *found.roster[n + 1 :])
            assert list(exchange_faults(one, changed, found.prices))
            others += 1

    assert others > 8


@pytest.mark.parametrize("node", ["load:S", "load:O:甲", "load:I:I0", "I:I0"])
def test_a_forged_price_is_found(node: str) -> None:
    one = exchange({"V0": "甲", "V1": "甲", "V2": "乙", "V3": "乙", "V4": "丙"})
    found = draw_exchange(one)

    forged = [found.prices | {node: found.prices[node] + sign * one.dear * 10} for sign in (-1, 1)]
    assert any(list(exchange_faults(one, found.roster, prices)) for prices in forged)


def test_without_a_second_office_the_exchange_stops_and_does_not_fall_back() -> None:
    edges = (("V0", "X", "I0"),)
    one = Exchange(
        network=Network(edges=edges, people={"I0": Person(carried=0, quarters=4)}, seed=SEED), home={"I0": "甲"}, seat={"V0": "甲"}, most=3
    )

    with pytest.raises(BadInput, match="只有一个机构"):
        draw_exchange(one)


def test_people_of_the_own_office_are_refused() -> None:
    one = exchange({"V0": "甲", "V1": "乙"})
    wrong = Exchange(
        network=Network(edges=(*one.network.edges, ("V0", "X", "I0")), people=one.network.people, seed=SEED),
        home=HOME,
        seat=one.seat,
        most=3,
    )

    with pytest.raises(BadInput, match="本机构的人员"):
        draw_exchange(wrong)


def test_a_limit_per_person_that_cannot_hold_is_told() -> None:
    with pytest.raises(BadInput, match="最多 1 个位置"):
        draw_exchange(exchange({f"V{n}": "甲" for n in range(4)}, most=1))


def test_which_visits_are_exchanged_goes_by_ticket() -> None:
    drawn = by_chance({"甲": [f"V{n}" for n in range(6)]}, {"甲": 6}, SEED, reserve_pct=0, purpose="exch")

    assert [one.id for one in drawn] == ["V5", "V4", "V2", "V1", "V3", "V0"]
