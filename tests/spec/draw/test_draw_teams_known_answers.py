"""Known answers of a team draw: loads, roster and prices, byte for byte."""

import hashlib

import pytest

from evenhand.draw import list_bytes
from evenhand.draw.teams import Network, Person, draw_teams, faults_of, prices_bytes, roster_bytes

SEED = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
CANDIDATES = {"V0": ("012", "123"), "V1": ("023", "0123"), "V2": ("12", "013"), "V3": ("03", "123")}
EDGES = tuple(
    (visit, role, f"I{n}") for visit, (lead, expert) in CANDIDATES.items() for role, who in (("L", lead), ("E", expert)) for n in who
)


def test_the_list():
    assert len(EDGES) == 23
    assert hashlib.sha256(list_bytes(EDGES, "teams")).hexdigest() == "f13e7c951f6a82e0f68a584e4d5b0edd462be81497330ac5388ebe5fa220790a"


@pytest.mark.parametrize(
    ("people", "loads", "roster", "sums", "result", "prices", "priced"),
    [
        ("0/4 0/4 0/4 0/4", "2222", "01 20 13 32", (48, 34302368, 2782037560962), "60cf90846694fd6e", "98ba184dda10cd99", (-704317095490, -784907709024)),
        ("0/4 0/2 1/4 0/4", "2123", "01 23 23 03", (69, 29082425, 3417650639112), "e8b15638d27aa94c", "cded568614b3f685", (-947140562545, -1108047909722)),
    ],
)  # fmt: skip
def test_loads_roster_and_prices(people, loads, roster, sums, result, prices, priced):
    held = {f"I{n}": Person(carried=int(one[0]), quarters=int(one[2])) for n, one in enumerate(people.split())}
    network = Network(edges=EDGES, people=held, seed=SEED)

    found = draw_teams(network)

    assert "".join(str(found.loads[f"I{n}"]) for n in range(4)) == loads
    taken = {(visit, role): person[1] for visit, role, person in found.roster}
    assert " ".join(taken[f"V{n}", "L"] + taken[f"V{n}", "E"] for n in range(4)) == roster
    tickets = (
        sum(load * (network.load_cost(one, 1) % network.scale) for one, load in found.loads.items()),
        sum(network.pair_costs(found.roster)),
    )
    assert (found.spread, *tickets) == sums
    assert (found.prices["I:I0"], found.prices["I:I3"]) == priced
    assert hashlib.sha256(roster_bytes(found.roster)).hexdigest().startswith(result)
    assert hashlib.sha256(prices_bytes(found.prices)).hexdigest().startswith(prices)
    assert list(faults_of(network, found.roster, found.prices)) == []
