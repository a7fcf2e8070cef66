"""Two-year coverage by construction: everybody comes in some batch, nobody knows in which (两年全覆盖).

>>> [batch_size(2999 - 375 * done, 8 - done) for done in range(8)]
[375, 375, 375, 375, 375, 375, 375, 374]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.draw.tickets import ranked

__all__ = ["Batch", "batch_size", "by_deadline", "rolling_size"]


def batch_size(uncovered: int, periods_left: int) -> int:
    """Return ⌈U/R⌉: how many of those not yet covered are drawn this period; in the last one all."""
    return -(-uncovered // periods_left)


def rolling_size(last_allowed: Sequence[int], *, extra_pct: int) -> int:
    """Return how many are drawn this period under the rolling reading: enough that no later period has to take more than its share.

    Args:
        last_allowed: for each object how many periods it has left, this one included (1: it must come now).
        extra_pct: share in per cent that comes early, so that chance does not die out.

    >>> rolling_size([1, 2, 2, 4, 4, 4], extra_pct=0)
    2
    """
    counts: dict[int, int] = {}
    for left in last_allowed:
        counts[max(left, 1)] = counts.get(max(left, 1), 0) + 1
    due = most = 0
    for left in sorted(counts):
        due += counts[left]
        most = max(most, -(-due // left))
    return min(-(-most * (100 + extra_pct) // 100), len(last_allowed))


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Who comes this period: `due` because it is their last one (全覆盖), `drawn` by ticket among all others, in draw order."""

    due: tuple[str, ...]
    drawn: tuple[str, ...]


def by_deadline(last_allowed: Mapping[str, int], seed: str, *, extra_pct: int, algorithm: str = "sha256") -> Batch:
    """Draw one period under the rolling reading: who is in the last allowed period first, the other seats by ticket."""
    size = rolling_size(list(last_allowed.values()), extra_pct=extra_pct)
    due = sorted(one for one, left in last_allowed.items() if left <= 1)
    order = [one for _, one in ranked(seed, "obj", [one for one, left in last_allowed.items() if left > 1], algorithm=algorithm)]
    return Batch(due=tuple(due), drawn=tuple(order[: max(size - len(due), 0)]))
