"""Measure: how the tags agree with a known truth, tag by tag.

>>> [agreement(pa.table({"code": ["T01-05", "T01-05", "T01-05"], "given": [True, True, False], "true": [True, False, True]}))[0].coverage]
[0.5]
"""

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

__all__ = ["Agreement", "agreement"]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One tag: how many subjects the rules gave it, how many truly have it, how many are both."""

    code: str
    given: int
    true: int
    right: int

    @property
    def coverage(self) -> float | None:
        """Share of the true tags that were given; None when none is true."""
        return self.right / self.true if self.true else None

    @property
    def precision(self) -> float | None:
        """Share of the given tags that are true; None when none was given."""
        return self.right / self.given if self.given else None


def agreement(pairs: pa.Table) -> list[Agreement]:
    """Count by tag code.

    Args:
        pairs: one row per subject and tag that was given or is true: columns `code`, `given`, `true`.
    """
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for row in pairs.group_by(["code", "given", "true"]).aggregate([([], "count_all")]).to_pylist():
        counts[row["code"], row["given"], row["true"]] += row["count_all"]
    return [
        Agreement(
            code=code,
            given=counts[code, True, True] + counts[code, True, False],
            true=counts[code, True, True] + counts[code, False, True],
            right=counts[code, True, True],
        )
        for code in sorted({code for code, _, _ in counts})
    ]
