"""Who works with whom: how evenly the pairs of each office are spread, measured in bits (搭档的均匀程度)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from evenhand.pipeline.fairness.draws import Teamed

__all__ = ["Pairing", "pairings"]

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """One office of leads: visits, pairs seen and possible, entropy in bits and the most there could be, the commonest pair and how often."""

    office: str
    visits: int
    pairs: int
    possible: int
    bits: float
    most_bits: float
    commonest: Pair
    times: int

    @property
    def evenness(self) -> float:
        """Entropy against the most there could be; 1 when every possible pair occurs alike."""
        return self.bits / self.most_bits if self.most_bits else 1.0


def pairings(teams: Sequence[Teamed], offices: Mapping[str, str]) -> list[Pairing]:
    """Return the pairing of each office.

    Args:
        teams: draws of teams; a visit without a second certified person is not a pair.
        offices: of each inspector; unknown ones count as （不明）.
    """
    seen: dict[str, Counter[Pair]] = defaultdict(Counter)
    possible: dict[str, set[Pair]] = defaultdict(set)
    for team in teams:
        able: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for visit, role, person in team.edges:
            able[visit][role].append(person)
        went: dict[str, dict[str, str]] = defaultdict(dict)
        for visit, role, person in team.roster:
            went[visit][role] = person
        for visit, roles in went.items():
            if {"L", "E"} <= set(roles):
                office = offices.get(roles["L"], "（不明）")
                seen[office][_pair(roles["L"], roles["E"])] += 1
                possible[office] |= {_pair(lead, expert) for lead in able[visit]["L"] for expert in able[visit]["E"] if lead != expert}
    return [_pairing(office, counts, len(possible[office])) for office, counts in sorted(seen.items())]


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _pairing(office: str, counts: Counter[Pair], possible: int) -> Pairing:
    visits = counts.total()
    commonest, times = min(counts.items(), key=lambda item: (-item[1], item[0]))
    bits = -sum(count / visits * log2(count / visits) for count in counts.values())
    return Pairing(
        office=office, visits=visits, pairs=len(counts), possible=possible, bits=bits, most_bits=log2(min(visits, possible)), commonest=commonest, times=times
    )  # fmt: skip
