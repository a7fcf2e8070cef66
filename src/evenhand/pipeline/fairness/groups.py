"""Is a group drawn as often as chance makes it? Within each stratum the drawn are a uniform subset, so what falls on a group is hypergeometric; draws add up (分组检验).

All groups of a dimension together: generalised Mantel–Haenszel χ². Each group alone: the exact distribution of the sum, by
convolution; above `_EXACT` objects the normal distribution with the exact mean and variance. Holm's correction within a dimension.
Draws by weight are held against their own chances by Chernoff's bound, which accuses less readily than an exact test would.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy

from evenhand.pipeline.fairness.draws import Frame

__all__ = ["TAIL", "GroupTest", "Verdict", "group_tests", "tails"]

TAIL: Final = "名单位置"
_EXACT: Final = 20_000
_TENTHS: Final = 10
_SAME: Final = 1 + 1e-9
_STEEPEST: Final = 40.0
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One group: times in the frame, times drawn, times expected, two-sided p, p after Holm, and how p was found (精确 or 正态近似)."""

    group: str
    framed: int
    drawn: int
    expected: float
    p: float
    adjusted: float
    how: str


@dataclass(frozen=True, kw_only=True)
class GroupTest:
    """All groups of one dimension: χ², degrees of freedom (0: nothing could be tested), p, and each group, the most surprising first."""

    dimension: str
    chi2: float
    freedom: int
    p: float
    groups: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """By cell of draw and stratum: objects, drawn, and by group objects and drawn."""

    objects: Floats
    drawn: Floats
    by_group: Floats
    drawn_by_group: Floats


def tails(frame: Frame) -> list[str]:
    """Return the tenth of the list in which each object of a stratum stands: a draw that forgets the tail shows here."""
    order = np.lexsort((np.arange(len(frame.ids)), frame.stratum))
    sizes = np.bincount(frame.stratum, minlength=len(frame.quotas))
    place = np.empty(len(frame.ids), np.int64)
    place[order] = np.arange(len(frame.ids)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return [f"第{one}个十分之一" for one in np.minimum(place * _TENTHS // np.maximum(sizes[frame.stratum], 1), _TENTHS - 1) + 1]


def group_tests(frames: Sequence[Frame], told: Mapping[str, Mapping[str, str]]) -> list[GroupTest]:
    """Return the test of each dimension, and of the place in the list.

    Args:
        frames: draws by equal chance and by weight; the latter have tests of their own.
        told: by dimension the group of each object; an object without one is in the group （不明）.
    """
    equal, weighted = ([frame for frame in frames if frame.weighted is by_weight] for by_weight in (False, True))
    return [_test(name, equal, groups) for name, groups in _groups(equal, told).items()] + [
        _weighted_test(f"{name}（按权重）", weighted, groups) for name, groups in _groups(weighted, told).items() if weighted
    ]


def _groups(frames: Sequence[Frame], told: Mapping[str, Mapping[str, str]]) -> dict[str, list[list[str]]]:
    """The group of each object of each frame, by dimension."""
    of = {name: [[group.get(one, "（不明）") for one in frame.ids] for frame in frames] for name, group in told.items()}
    return of | {TAIL: [tails(frame) for frame in frames]}


def _test(dimension: str, frames: Sequence[Frame], groups: Sequence[Sequence[str]]) -> GroupTest:
    names = sorted({name for one in groups for name in one})
    cells = _cells(frames, groups, names)
    share = cells.by_group / cells.objects[:, None]
    expected = (share * cells.drawn[:, None]).sum(axis=0)
    weight = cells.drawn * (cells.objects - cells.drawn) / np.maximum(cells.objects - 1, 1)
    spread = np.diag((share * weight[:, None]).sum(axis=0)) - (share * weight[:, None]).T @ share
    gap = cells.drawn_by_group.sum(axis=0) - expected
    freedom = int(np.linalg.matrix_rank(spread, hermitian=True)) if names else 0
    chi2 = float(gap @ np.linalg.pinv(spread, hermitian=True) @ gap) if freedom else 0.0
    found = [_alone(cells, place, spread[place, place]) for place in range(len(names))]
    adjusted = _holm([p for p, _ in found])
    verdicts = [
        Verdict(
            group=name, framed=int(cells.by_group[:, n].sum()), drawn=int(cells.drawn_by_group[:, n].sum()), expected=float(expected[n]), p=found[n][0],
            adjusted=adjusted[n], how=found[n][1],
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    return GroupTest(
        dimension=dimension, chi2=chi2, freedom=freedom, p=float(scipy.stats.chi2.sf(chi2, freedom)) if freedom else 1.0,
        groups=tuple(sorted(verdicts, key=lambda one: (one.p, one.group))),
    )  # fmt: skip


def _weighted_test(dimension: str, frames: Sequence[Frame], groups: Sequence[Sequence[str]]) -> GroupTest:
    """Test draws by weight: their joint chances are not known, but the pivotal method makes who is drawn negatively associated, so Chernoff's bound holds."""
    held: dict[str, list[Floats]] = defaultdict(list)
    drawn: Counter[str] = Counter()
    for frame, group in zip(frames, groups, strict=True):
        open_ = (frame.chances > 0) & (frame.chances < 1)
        for name in set(group):
            rows = open_ & np.array([one == name for one in group], np.bool_)
            held[name].append(frame.chances[rows])
            drawn[name] += int(frame.drawn[rows].sum())
    names = sorted(held)
    chances = [np.concatenate(held[name]) for name in names]
    found = [_bound(one, drawn[name]) for name, one in zip(names, chances, strict=True)]
    verdicts = [
        Verdict(group=name, framed=len(one), drawn=drawn[name], expected=float(one.sum()), p=p, adjusted=adjusted, how="切尔诺夫界" if len(one) else "无可检验")
        for name, one, p, adjusted in zip(names, chances, found, _holm(found), strict=True)
    ]  # fmt: skip
    ranked = sorted(verdicts, key=lambda one: (one.p, one.group))
    return GroupTest(dimension=dimension, chi2=0.0, freedom=0, p=ranked[0].adjusted if ranked else 1.0, groups=tuple(ranked))


def _bound(chances: Floats, drawn: int) -> float:
    """Return a p that is never too small: twice the least of E exp(t(X − drawn)) over all t of the right sign."""
    mean = float(chances.sum())
    if not len(chances) or drawn == mean:
        return 1.0
    sign = 1.0 if drawn > mean else -1.0

    def log_of(size: float) -> float:
        return float(np.log1p(chances * np.expm1(sign * size)).sum() - sign * size * drawn)

    return float(min(1.0, 2 * np.exp(scipy.optimize.minimize_scalar(log_of, bounds=(0.0, _STEEPEST), method="bounded").fun)))


def _cells(frames: Sequence[Frame], groups: Sequence[Sequence[str]], names: Sequence[str]) -> _Cells:
    """Cells where chance decides: neither nobody nor everybody is drawn."""
    number, width = {name: n for n, name in enumerate(names)}, len(names)
    blocks: list[tuple[Floats, Floats, Floats, Floats]] = []
    for frame, group in zip(frames, groups, strict=True):
        key = frame.stratum * width + np.array([number[name] for name in group], np.int64)
        every = np.bincount(key, minlength=len(frame.quotas) * width).reshape(-1, width).astype(float)
        taken = np.bincount(key[frame.drawn], minlength=len(frame.quotas) * width).reshape(-1, width).astype(float)
        objects, drawn = every.sum(axis=1), taken.sum(axis=1)
        open_ = (drawn > 0) & (drawn < objects)
        blocks.append((objects[open_], drawn[open_], every[open_], taken[open_]))
    if not blocks:
        return _Cells(objects=np.zeros(0), drawn=np.zeros(0), by_group=np.zeros((0, width)), drawn_by_group=np.zeros((0, width)))
    objects, drawn, every, taken = (np.concatenate([block[n] for block in blocks]) for n in range(4))
    return _Cells(objects=objects, drawn=drawn, by_group=every, drawn_by_group=taken)


def _alone(cells: _Cells, group: int, variance: float) -> tuple[float, str]:
    """Two-sided p of one group: the chance of everything that is no likelier than what happened."""
    own = cells.by_group[:, group]
    mixed = (own > 0) & (own < cells.objects)
    if not mixed.any():
        return 1.0, "无可检验"
    drawn = int(cells.drawn_by_group[mixed, group].sum())
    total, places, size = cells.objects[mixed], cells.drawn[mixed], own[mixed]
    if np.minimum(places, size).sum() > _EXACT:
        gap = abs(drawn - float((places * size / total).sum()))
        return float(min(1.0, 2 * scipy.stats.norm.sf(max(gap - 0.5, 0.0) / np.sqrt(variance)))), "正态近似"
    chances, start = np.ones(1), 0
    for objects, taken, held in zip(total, places, size, strict=True):
        low, high = int(max(0, taken - (objects - held))), int(min(taken, held))
        chances, start = np.convolve(chances, scipy.stats.hypergeom.pmf(np.arange(low, high + 1), objects, held, taken)), start + low
    return float(min(1.0, chances[chances <= chances[drawn - start] * _SAME].sum())), "精确"


def _holm(found: Sequence[float]) -> list[float]:
    """Holm's correction: the chance that any of them looks like this by accident stays below the level."""
    order = sorted(range(len(found)), key=lambda n: found[n])
    adjusted, worst = [0.0] * len(found), 0.0
    for rank, n in enumerate(order):
        worst = max(worst, min(1.0, found[n] * (len(found) - rank)))
        adjusted[n] = worst
    return adjusted
