"""Drawing with chances in proportion to risk, exactly, in whole numbers: the ordered pivotal method (按风险加权抽取; Deville and Tillé 1998).

Each duel is fair and settles at least one of the two, so every chance comes out as it was set, and so does the number drawn.

>>> weights = {"U1": 1, "U2": 1, "U3": 2, "U4": 2, "U5": 3, "U6": 3, "U7": 4, "U8": 8}
>>> inclusion(weights, 3)
(16, {'U1': 2, 'U2': 2, 'U3': 4, 'U4': 4, 'U5': 6, 'U6': 6, 'U7': 8, 'U8': 16})
>>> seed = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
>>> sorted(by_risk(weights, 3, seed))
['U2', 'U7', 'U8']
"""

from collections.abc import Iterable, Mapping
from itertools import tee
from typing import Final

from evenhand.draw.messages import QUOTA_TOO_LARGE
from evenhand.draw.tickets import SIGNS, t256, tickets
from evenhand.errors import BadInput, Problem

__all__ = ["by_risk", "inclusion", "pivotal"]

_BITS: Final = 256


def inclusion(weights: Mapping[str, int], places: int) -> tuple[int, dict[str, int]]:
    """Return (D, a): the chance of each id is a/D; who would have more than a certain chance is certain, and the rest share what is left.

    Raises:
        BadInput: more places than ids.
    """
    if places > len(weights):
        raise BadInput(Problem(QUOTA_TOO_LARGE, {"stratum": "合计", "rows": len(weights), "quota": places}))
    certain: set[str] = set()
    left, rest, heaviest = places, sum(weights.values()), max(weights.values(), default=0)
    while left and left * heaviest >= rest:
        new = {one for one, weight in weights.items() if one not in certain and left * weight >= rest}
        left, rest = left - len(new), rest - sum(weights[one] for one in new)
        certain |= new
        heaviest = max((weight for one, weight in weights.items() if one not in certain), default=0)
    whole = max(rest, 1)
    chances = {one: left * weight for one, weight in weights.items()}
    chances.update(dict.fromkeys(certain, whole))
    if sum(chances.values()) != places * whole:  # the sums are exact; a difference is a fault of this function
        raise ArithmeticError("the chances do not add up to the places")
    return whole, chances


def pivotal(challengers: Iterable[tuple[str, int, int]], whole: int) -> list[str]:
    """Return who is taken when duels are fought in this order; who has a certain place fights none.

    Args:
        challengers: in the order of the duels: id, chance a, and a random number below 2²⁵⁶ that counts when it challenges; the chances add up to a
            multiple of `whole`.
        whole: D.
    """
    taken: list[str] = []
    champion, held = "", 0
    for challenger, own, random in challengers:
        if own == whole:
            taken.append(challenger)
            continue
        if not champion:
            champion, held = challenger, own
            continue
        both = held + own
        if both < whole:
            if random * both >= held << _BITS:
                champion = challenger
            held = both
        elif both == whole:
            taken.append(champion if random * whole < held << _BITS else challenger)
            champion, held = "", 0
        else:
            first = random * (2 * whole - both) < (whole - own) << _BITS
            taken.append(champion if first else challenger)
            champion, held = challenger if first else champion, both - whole
    if champion and held:
        raise ArithmeticError("a champion is left: the chances do not add up to whole places")
    return taken


def by_risk(weights: Mapping[str, int], places: int, seed: str, *, algorithm: str = "sha256") -> list[str]:
    """Draw `places` ids with chances in proportion to whole weights of 1 or more; the order of duels is itself drawn."""
    whole, chances = inclusion(weights, places)
    held = tickets(seed, "piv-order", chances, algorithm=algorithm)
    order = sorted([f"{of}{one}\t{share}" for of, (one, share) in zip(held, chances.items(), strict=True)])  # the share rides along
    parts, again = tee(text[SIGNS:].partition("\t") for text in order)
    own = tickets(seed, "piv", (one for one, _, _ in again), algorithm=algorithm)
    return pivotal(((one, int(share), t256(of)) for (one, _, share), of in zip(parts, own, strict=True)), whole)
