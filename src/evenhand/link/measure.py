"""Measure: how well membership agrees with a known truth, counted over pairs of records.

>>> pairwise(pa.table({"subject_id": ["S1", "S1", "S2"], "truth": ["a", "a", "a"]}))
Pairwise(records=3, found=1, true=3, right=1)
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Pairwise", "pairwise"]


@dataclass(frozen=True)
class Pairwise:
    """Pairs of records: joined by us, joined in truth, joined in both."""

    records: int
    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        """Share of our pairs that are true; 1 when we joined none."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that we joined; 1 when there are none."""
        return self.right / self.true if self.true else 1.0


def pairwise(pairs: pa.Table) -> Pairwise:
    """Compare two groupings of the same records.

    Args:
        pairs: one row per record, columns `subject_id` (ours) and `truth` (the true subject), no nulls.

    Returns:
        Counts of pairs, from the sizes of groups: a group of n records has n(n−1)/2 pairs.
    """
    return Pairwise(
        records=pairs.num_rows,
        found=_pairs(pairs, ["subject_id"]),
        true=_pairs(pairs, ["truth"]),
        right=_pairs(pairs, ["subject_id", "truth"]),
    )


def _pairs(rows: pa.Table, by: list[str]) -> int:
    sizes = rows.group_by(by).aggregate([([], "count_all")])["count_all"]
    return int(pc.sum(pc.divide(pc.multiply(sizes, pc.subtract(sizes, 1)), 2)).as_py() or 0)
