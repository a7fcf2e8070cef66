"""Teams: who inspects whom, drawn so evenly that nobody carries more, and by ticket where evenness leaves a choice (随机选派).

Takes   edges (visit, role, inspector) that are lawful, what each carries already, the seed
Gives   the one roster, loads, prices that prove it
Never   leaves a place empty in silence, puts one person on both places of a visit; only `flows` calls a solver
"""

from evenhand.draw.teams.certificate import faults_of, is_tied, is_unique, prices_bytes, prices_of, read_prices, roster_bytes
from evenhand.draw.teams.exchange import (
    EXCHANGE_ROLE,
    Exchange,
    Exchanged,
    draw_exchange,
    exchange_faults,
    exchange_prices,
    is_exchange_tied,
)
from evenhand.draw.teams.frozen import exchange_of, network_of
from evenhand.draw.teams.network import Edge, Network, Person, spread, step
from evenhand.draw.teams.roster import Teams, draw_teams, missing_places
from evenhand.draw.teams.rotation import PAIR_ROTATION, Pair, pair_of, pairs_in, past_pairs, rotated
from evenhand.draw.teams.substitute import Opened, roster_now, substitute, substituted

__all__ = [
    "EXCHANGE_ROLE",
    "PAIR_ROTATION",
    "Edge",
    "Exchange",
    "Exchanged",
    "Network",
    "Opened",
    "Pair",
    "Person",
    "Teams",
    "draw_exchange",
    "draw_teams",
    "exchange_faults",
    "exchange_of",
    "exchange_prices",
    "faults_of",
    "is_exchange_tied",
    "is_tied",
    "is_unique",
    "missing_places",
    "network_of",
    "pair_of",
    "pairs_in",
    "past_pairs",
    "prices_bytes",
    "prices_of",
    "read_prices",
    "roster_bytes",
    "roster_now",
    "rotated",
    "spread",
    "step",
    "substitute",
    "substituted",
]  # fmt: skip
