"""Networks read from the frozen files of a team draw (选派名单的读取)."""

from evenhand.draw.draft import Draft
from evenhand.draw.teams.exchange import Exchange
from evenhand.draw.teams.network import Network, Person

__all__ = ["exchange_of", "network_of"]


def network_of(draft: Draft, seed: str, *, attempt: int = 1) -> Network:
    """Return the network of a team draw from its frozen files and seed."""
    people = {one: Person(carried=int(told.split("/")[0]), quarters=int(told.split("/")[1])) for one, told in draft.people.items()}
    return Network(
        edges=tuple((row[0], row[1], row[2]) for row in draft.rows), people=people, seed=seed, attempt=attempt, algorithm=draft.algorithm
    )


def exchange_of(draft: Draft, seed: str, *, attempt: int = 1) -> Exchange | None:
    """Return the exchange of a team draw whose rules name one; None for the teams of an office."""
    most = draft.params.get("exchange_most")
    if most is None:
        return None
    home, seat = (
        {key.removeprefix(f"{kind}:"): name for key, name in draft.params.items() if key.startswith(f"{kind}:")}
        for kind in ("home", "seat")
    )
    return Exchange(network=network_of(draft, seed, attempt=attempt), home=home, seat=seat, most=int(most))
