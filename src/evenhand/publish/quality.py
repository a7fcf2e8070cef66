"""Quality in figures (质量得分): the one place where counts of checks become scores, for commands, pages and the manifest.

The score of a dimension or of a rule is passed / (passed + failed), from 0 to 1. The score of a whole (everything, a source, an office) is
the mean of its dimensions by the weights of the rule pack, over the dimensions that were assessed: many easy checks of one dimension do
not drown another. What could not be told (无法判断) and what a rule does not speak of (不适用) is shown and never counted as right or wrong.

>>> rows = [
...     {"dimension": "规范性", "passed": 9, "failed": 1, "unknown": 0, "skipped": 5},
...     {"dimension": "完整性", "passed": 1, "failed": 1, "unknown": 3, "skipped": 0},
... ]
>>> whole(rows, weights={"规范性": 30, "完整性": 10})
{'passed': 10, 'failed': 2, 'unknown': 3, 'skipped': 5, 'score': 0.8}
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

__all__ = ["COUNTS", "figures", "scored", "whole"]

Row = dict[str, Any]
COUNTS: Final = ("passed", "failed", "unknown", "skipped")


def whole(rows: Sequence[Mapping[str, Any]], *, weights: Mapping[str, int], counts: Sequence[str] = COUNTS) -> Row:
    """Return the sums of the counts and the weighted score of some rows; `score` is None where nothing was assessed.

    Rows of the same dimension are added up first. `counts`: columns to add up, the four counts and perhaps more.

    A dimension without a weight counts nothing; with no weights at all (an older release) all dimensions weigh the same.
    """
    passed, assessed = Counter[str](), Counter[str]()
    for row in rows:
        passed[row["dimension"]] += row["passed"]
        assessed[row["dimension"]] += row["passed"] + row["failed"]
    shares = {name: weights.get(name, 0) if weights else 1 for name in sorted(assessed) if assessed[name]}
    total = sum(shares.values())
    # Exact until the last step: the order of the rows must not change the last digit.
    score = float(sum(Fraction(passed[name] * share, assessed[name]) for name, share in shares.items()) / total) if total else None
    return {name: sum(row[name] for row in rows) for name in counts} | {"score": score}


def figures(rows: Sequence[Mapping[str, Any]], *, weights: Mapping[str, int], counts: Sequence[str] = COUNTS) -> Row:
    """Return `whole`, one row in a list, and `dimensions`, one row per dimension that a rule speaks of.

    `rows` hold the counts and their dimension; there may be several rows of a dimension.
    """
    dimensions = scored(sorted(rows, key=lambda row: str(row["dimension"])), keys=("dimension",), weights={}, counts=counts)
    return {"whole": [whole(dimensions, weights=weights, counts=counts)], "dimensions": dimensions}


def scored(
    rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str], weights: Mapping[str, int], counts: Sequence[str] = COUNTS
) -> list[Row]:
    """Return one row per `keys`, in their order: the keys, the sums of the counts, the score.

    Args:
        rows: sorted by `keys`, each with its dimension and the four counts.
        keys: columns that name a group.
        weights: percent per dimension.
        counts: columns to add up.
    """
    groups = groupby(rows, key=lambda row: tuple(row[key] for key in keys))
    return [dict(zip(keys, group, strict=True)) | whole(list(mine), weights=weights, counts=counts) for group, mine in groups]
