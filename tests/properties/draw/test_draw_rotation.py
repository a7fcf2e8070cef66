"""Pair rotation on generated offices: places stay lawful and as many as before, pairs meet no more often, and it ends where nothing is left to swap."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.draw.teams import Network, Person, draw_teams, pair_of, pairs_in, rotated

PEOPLE = [f"I{n}" for n in range(6)]
OFFICE = st.lists(
    st.tuples(st.sets(st.sampled_from(PEOPLE), min_size=2, max_size=4), st.sets(st.sampled_from(PEOPLE), min_size=3, max_size=6)), min_size=2, max_size=9
)  # fmt: skip
PAST = st.dictionaries(st.sampled_from([pair_of(*pair) for pair in combinations(PEOPLE, 2)]), st.integers(0, 9))


def network_of(office: list[tuple[set[str], set[str]]], seed: str) -> Network:
    edges = tuple(
        (f"V{n}", role, one) for n, places in enumerate(office) for role, able in zip("LE", places, strict=True) for one in sorted(able)
    )
    return Network(edges=edges, people={one: Person(carried=0, quarters=4) for one in PEOPLE}, seed=seed)


def squares(counts: Counter[tuple[str, str]]) -> int:
    return sum(count * count for count in counts.values())


@given(office=OFFICE, past=PAST, seed=st.binary(min_size=32, max_size=32).map(bytes.hex))
@settings(max_examples=120, deadline=None)
def test_rotation_keeps_places_and_lowers_repetition_until_nothing_is_left_to_swap(office, past, seed):
    network = network_of(office, seed)
    roster = draw_teams(network).roster

    turned = rotated(network, roster, past)

    assert {edge[:2] for edge in turned} == {edge[:2] for edge in roster}
    assert set(turned) <= set(network.edges)
    assert Counter(edge[2] for edge in turned) == Counter(edge[2] for edge in roster)
    assert all(len({person for one, _, person in turned if one == visit}) == 2 for visit in {edge[0] for edge in turned})
    assert squares(Counter(past) + pairs_in(turned)) <= squares(Counter(past) + pairs_in(roster))
    assert rotated(network, turned, past) == turned


@given(office=OFFICE, seed=st.binary(min_size=32, max_size=32).map(bytes.hex))
@settings(max_examples=40, deadline=None)
def test_who_leads_is_never_changed(office, seed):
    network = network_of(office, seed)
    roster = draw_teams(network).roster

    turned = rotated(network, roster, {})

    assert [edge for edge in turned if edge[1] == "L"] == [edge for edge in roster if edge[1] == "L"]
