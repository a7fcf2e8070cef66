"""The quality report: the six dimensions of GB/T 36344 by source, office and rule, recounted from stored counts.

A score is passed / (passed + failed), from 0 to 1; what could not be told is shown beside it and never counted as right or wrong.
The score of a whole (a source, an office) is the weighted mean of its dimensions, over the dimensions that were assessed.
"""

from collections.abc import Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir

__all__ = ["quality_report"]

_COUNTS: Final = ("passed", "failed", "unknown", "skipped")
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "dimension": ("dimension",), "source": ("source", "dimension"), "office": ("office", "dimension"), "rule": ("rule", "dimension"),
}  # fmt: skip


def quality_report(counts: ir.Table, *, weights: Mapping[str, int], previous: ir.Table | None = None) -> dict[str, ir.Table]:
    """Return the report's tables.

    Args:
        counts: TABLES["check_count"] of this release.
        weights: percent per dimension, from `read_weights`.
        previous: the same table of an earlier release, or None.

    Returns:
        `dimension`, `source`, `office`, `rule`: one row per group and dimension, with `passed, failed, unknown, skipped, score, before, change`;
        `whole`: one row per source (`part` = 来源) and per office (`part` = 机构), and one for everything (`part` = 全部), with the weighted
        score. `score` is None where nothing could be assessed; `change` is `score - before`, None without both. Office "" means 未知.
    """
    report = {name: _grouped(counts, keys, previous) for name, keys in _GROUPS.items()}
    return report | {"whole": _whole(report, weights)}


def _score(counts: ir.Table, keys: tuple[str, ...]) -> ir.Table:
    sums = {name: counts[name].sum().cast("int64") for name in _COUNTS}
    summed = counts.group_by(*keys).agg(**sums)
    assessed = summed.passed + summed.failed
    return summed.mutate(score=(assessed > 0).ifelse(summed.passed.cast("float64") / assessed.nullif(0), ibis.null("float64")))


def _grouped(counts: ir.Table, keys: tuple[str, ...], previous: ir.Table | None) -> ir.Table:
    now = _score(counts, keys)
    if previous is None:
        return now.mutate(before=ibis.null("float64"), change=ibis.null("float64")).order_by(*keys)
    old = _score(previous, keys).select(**{f"old_{key}": key for key in keys}, before="score")
    joined = now.left_join(old, [now[key] == old[f"old_{key}"] for key in keys]).drop(*[f"old_{key}" for key in keys])
    return joined.mutate(change=joined.score - joined.before).order_by(*keys)


def _whole(report: Mapping[str, ir.Table], weights: Mapping[str, int]) -> ir.Table:
    parts = [(report["dimension"], "全部", ibis.literal("")), (report["source"], "来源", "source"), (report["office"], "机构", "office")]
    rows = [
        table.select(
            part=ibis.literal(part),
            name=table[name] if isinstance(name, str) else name,
            dimension="dimension",
            score="score",
            before="before",
        )
        for table, part, name in parts
    ]
    table = ibis.union(*rows)
    share: Any = ibis.cases(*[(table.dimension == dimension, weight) for dimension, weight in weights.items()], else_=0)
    weighed = table.mutate(share=share)

    def mean(column: str) -> Any:
        known = weighed[column].notnull().ifelse(weighed.share, 0)
        return (weighed[column] * weighed.share).sum() / known.sum().nullif(0)

    scored = weighed.group_by("part", "name").agg(score=mean("score"), before=mean("before"))
    return scored.mutate(change=scored.score - scored.before).order_by("part", "name")
