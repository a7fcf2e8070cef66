"""How well grades told what came after: concordance, lift, calibration (回溯检验). For any table of scores and outcomes.

Each measure states its assumption: the outcome is what the first full inspection after the day found; a business that was not inspected tells nothing,
and whoever is inspected more often is not counted more often. The figure within inspectors compares only businesses that the same person inspected, so
that lenient and strict habits cancel; it stands beside the raw figure and never enters a grade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["Backtest", "concordance", "measure", "within"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class GradeRow:
    """One grade: businesses inspected afterwards, how many failed, and how many times the mean rate that is."""

    grade: str
    count: int
    failed: int
    lift: float | None


@dataclass(frozen=True, kw_only=True)
class OfficeRow:
    """One office: failures found, and failures to be expected if it found as many in each grade as all offices together."""

    office: str
    count: int
    failed: int
    expected: float


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What came of grades. `auc`: chance that of two businesses the one that failed had the higher score; None when all fared alike.

    `auc_within`: the same among businesses of one inspector. `grades`: from A to D. `offices`: the farthest from what was to be expected first.
    """

    count: int
    failed: int
    auc: float | None
    auc_within: float | None
    grades: tuple[GradeRow, ...]
    offices: tuple[OfficeRow, ...]


def concordance(score: Floats, failed: Flags) -> float | None:
    """Return the share of pairs (failed, sound) in which the failed has the higher score, ties counting half; None without both.

    >>> float(concordance(np.array([1.0, 2.0, 3.0]), np.array([False, True, True])))
    1.0
    """
    pairs, wins = _pairs(score, failed)
    return wins / pairs if pairs else None


def _pairs(score: Floats, failed: Flags) -> tuple[float, float]:
    bad, good = int(failed.sum()), int((~failed).sum())
    if not bad or not good:
        return 0.0, 0.0
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[place]
    return float(bad) * good, float(ranks[failed].sum()) - bad * (bad + 1) / 2


def within(score: Floats, failed: Flags, group: Sequence[str]) -> float | None:
    """Return the concordance over pairs of the same group only; None when no group has both.

    >>> float(within(np.array([1.0, 2.0, 9.0, 8.0]), np.array([False, True, False, True]), ["甲", "甲", "乙", "乙"]))
    0.5
    """
    names, place = np.unique(np.array(group, dtype=str), return_inverse=True)
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(len(names) + 1))
    pairs = wins = 0.0
    for begin, end in pairwise(bounds.tolist()):
        mine = order[begin:end]
        more, won = _pairs(score[mine], failed[mine])
        pairs, wins = pairs + more, wins + won
    return wins / pairs if pairs else None


def measure(*, score: Floats, failed: Flags, grade: Sequence[str], office: Sequence[str], inspector: Sequence[str]) -> Backtest:
    """Measure one row per business: its score and grade on the day, whether it failed afterwards, its office, who inspected it."""
    grades, offices = np.array(grade, dtype=str), np.array(office, dtype=str)
    mean = float(failed.mean()) if len(failed) else 0.0
    rates, rows = {}, []
    for name in sorted(set(grades.tolist())):
        mine = grades == name
        rates[name] = float(failed[mine].mean())
        rows.append(GradeRow(grade=name, count=int(mine.sum()), failed=int(failed[mine].sum()), lift=rates[name] / mean if mean else None))
    expected = np.array([rates[name] for name in grades.tolist()])
    names, place = np.unique(offices, return_inverse=True)
    count, found, hoped = np.bincount(place), np.bincount(place, weights=failed), np.bincount(place, weights=expected)
    listed = [
        OfficeRow(office=str(names[n]), count=int(count[n]), failed=int(found[n]), expected=float(hoped[n])) for n in range(len(names))
    ]
    return Backtest(
        count=len(failed), failed=int(failed.sum()), auc=concordance(score, failed), auc_within=within(score, failed, inspector), grades=tuple(rows),
        offices=tuple(sorted(listed, key=lambda row: (-abs(row.failed - row.expected), row.office))),
    )  # fmt: skip
