"""Quotas: how many from which stratum, worked out before any public value exists (名额).

>>> largest_remainder(10, {"A": 7, "B": 7, "C": 7})
{'A': 4, 'B': 3, 'C': 3}
>>> largest_remainder(7, {"a": 50, "b": 30, "c": 15, "d": 5})
{'a': 4, 'b': 2, 'c': 1, 'd': 0}
>>> of_ratio(199, 5, 100), of_ratio(3, 1, 100)  # a small pool never yields none
(10, 1)
"""

from collections.abc import Mapping

from evenhand.draw.messages import QUOTA_TOO_LARGE
from evenhand.errors import BadInput, Problem

__all__ = ["label", "largest_remainder", "of_ratio", "quarterly"]


def of_ratio(rows: int, numerator: int, denominator: int) -> int:
    """Return ⌈rows · numerator / denominator⌉."""
    return -(-rows * numerator // denominator)


def largest_remainder(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Share a total out over strata in proportion to their sizes: whole parts first, the rest to the largest remainders, ties by the bytes of the stratum.

    Raises:
        BadInput: the total is larger than all strata together.
    """
    whole = sum(sizes.values())
    if total > whole:
        raise BadInput(Problem(QUOTA_TOO_LARGE, {"stratum": "合计", "rows": whole, "quota": total}))
    whole = whole or 1  # strata without rows get nothing
    found = {name: total * size // whole for name, size in sizes.items()}
    rest = sorted(sizes, key=lambda name: (-(total * sizes[name] % whole), name.encode()))
    for name in rest[: total - sum(found.values())]:
        found[name] += 1
    return found


def quarterly(due: int, done: int, quarters_left: int) -> int:
    """Return the quota of a quarter: what is due and not done, shared over the quarters left, rounded up."""
    return max(-(-(due - done) // quarters_left), 0)


def label(rows: int, quota: int, *, least: int) -> str:
    """Return what a stratum may be called: 随机 only with at least `least` rows of which some stay undrawn, otherwise 全覆盖 or 重点.

    >>> label(5, 2, least=5), label(4, 2, least=5), label(9, 9, least=5)
    ('随机', '重点', '全覆盖')
    """
    if quota == rows:
        return "全覆盖"
    return "随机" if rows >= least else "重点"
