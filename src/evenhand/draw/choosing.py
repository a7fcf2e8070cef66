"""Choosing by tickets: equal chance, several tickets, and lots for weeks (等概率、倍率、排周)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evenhand.draw.messages import NO_QUOTA, QUOTA_TOO_LARGE
from evenhand.draw.quotas import of_ratio
from evenhand.draw.tickets import ranked, ticket
from evenhand.errors import BadInput, Problem

__all__ = ["Drawn", "by_chance", "by_several_tickets", "chance", "result_bytes", "week_lots"]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One row of a result: `state` D drawn or R reserve; `rank` from 1 within the stratum."""

    stratum: str
    rank: int
    state: str
    id: str
    ticket: str


def by_chance(
    strata: Mapping[str, Sequence[str]], quotas: Mapping[str, int], seed: str, *, reserve_pct: int, algorithm: str = "sha256", purpose: str = "obj"
) -> list[Drawn]:  # fmt: skip
    """Draw the smallest tickets of each stratum, every subset equally likely; the next ones are the reserve (等概率抽取).

    Args:
        strata: ids by stratum.
        quotas: number to draw by stratum.
        seed: of this draw.
        reserve_pct: reserve in per cent of the quota, rounded up, as far as there are rows.
        algorithm: hash of the tickets.
        purpose: of the tickets; `exch` for visits to be exchanged.

    >>> seed = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
    >>> [(d.id, d.state) for d in by_chance({"C": ["E001", "E002", "E003"]}, {"C": 2}, seed, reserve_pct=10)]
    [('E003', 'D'), ('E001', 'D'), ('E002', 'R')]
    """
    _check_quotas(strata, quotas)
    found = []
    for stratum in sorted(strata, key=str.encode):
        kept = quotas[stratum] + of_ratio(quotas[stratum], reserve_pct, 100)
        order = ranked(seed, purpose, strata[stratum], first=kept, algorithm=algorithm)
        found += _placed(stratum, order, quotas[stratum], reserve_pct)
    return found


def _check_quotas(strata: Mapping[str, Sequence[str]], quotas: Mapping[str, int]) -> None:
    problems = [
        Problem(QUOTA_TOO_LARGE, {"stratum": name, "rows": len(ids), "quota": quotas[name]})
        for name, ids in strata.items()
        if quotas[name] > len(ids)
    ]
    if problems:
        raise BadInput(problems)


def _placed(stratum: str, order: Sequence[tuple[str, str]], quota: int, reserve_pct: int) -> list[Drawn]:
    kept = order[: quota + of_ratio(quota, reserve_pct, 100)]
    return [
        Drawn(stratum=stratum, rank=place, state="D" if place <= quota else "R", id=one, ticket=of)
        for place, (of, one) in enumerate(kept, 1)
    ]


def by_several_tickets(
    strata: Mapping[str, Mapping[str, int]], quotas: Mapping[str, int], seed: str, *, reserve_pct: int, algorithm: str = "sha256"
) -> list[Drawn]:
    """Give each id as many tickets as its weight; the best counts (倍率抽取). For orders only: the chance is not proportional to the weight."""
    _check_quotas({name: list(ids) for name, ids in strata.items()}, quotas)
    found = []
    for stratum in sorted(strata, key=str.encode):
        best = [
            (min(ticket(seed, "mt", one, str(k), algorithm=algorithm) for k in range(weight)), one)
            for one, weight in strata[stratum].items()
        ]
        found += _placed(stratum, sorted(best), quotas[stratum], reserve_pct)
    return found


def week_lots(
    classes: Mapping[str, Sequence[str]], quotas: Mapping[tuple[str, int], int], seed: str, *, algorithm: str = "sha256"
) -> dict[str, int]:
    """Return the week of each visit: in each class the visits ranked by ticket fill the weeks in ascending order.

    Args:
        classes: visits by class (`office/s/e`).
        quotas: places by class and week; those of a class add up to its visits.
        seed: of this draw.
        algorithm: hash of the tickets.

    Raises:
        BadInput: the places of a class are not as many as its visits.
    """
    found: dict[str, int] = {}
    problems = []
    for name, visits in classes.items():
        weeks = [week for (of, week), count in sorted(quotas.items(), key=lambda item: item[0]) if of == name for _ in range(count)]
        if len(weeks) != len(visits):
            problems.append(Problem(NO_QUOTA, {"text": f"类“{name}”", "found": len(weeks), "expected": len(visits)}))
            continue
        found |= {one: week for (_, one), week in zip(ranked(seed, "week", visits, algorithm=algorithm), weeks, strict=True)}
    if problems:
        raise BadInput(problems)
    return found


def chance(quota: int, rows: int) -> Fraction:
    """Return the chance of each row of a stratum drawn by equal chance, as a reduced fraction (中签机会)."""
    return Fraction(quota, rows)


def result_bytes(drawn: Sequence[Drawn]) -> bytes:
    """Return the bytes of `result.tsv`: stratum, rank, state, id, ticket; sorted by the bytes of the stratum, then by rank."""
    rows = sorted(drawn, key=lambda one: (one.stratum.encode(), one.rank))
    return "".join(f"{one.stratum}\t{one.rank}\t{one.state}\t{one.id}\t{one.ticket}\n" for one in rows).encode()
