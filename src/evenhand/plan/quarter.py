"""The quarterly model (季度任务模型): how many of each county, matter and grade are drawn this quarter, and from whom.

Quota = ⌈(visits of the year − done) / quarters left⌉, less those whom the two-year rule sends this quarter without a draw.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.plan.period import Period

__all__ = ["QuarterFrame", "quarter_frame"]

_TWO_YEARS = 2
"""Visits in two years that make one a year."""


@dataclass(frozen=True, kw_only=True)
class QuarterFrame:
    """`frame`: one row per subject that can be drawn, `id` and `stratum`; `quota`: one row per stratum; `excluded`: subjects kept out of the draw, by reason."""

    frame: ir.Table
    quota: ir.Table
    excluded: ir.Table


def quarter_frame(live: ir.Table, period: Period, *, engine: Engine) -> QuarterFrame:
    """Return who can be drawn in a quarter and how many.

    Args:
        live: who is planned for.
        period: lies in one quarter.
        engine: saves what is used twice.
    """
    first, last = period.first, period.last
    live = live.filter(~live.capped)
    bound = live.covered_by <= last
    why = ibis.cases(
        (live.asked < _TWO_YEARS, "今年没有次数"),
        (live.owed == 0, "今年的次数已经完成"),
        (bound, "两年全覆盖在本季度到期，不经抽取"),
        (live.barred_to > last, "三个月内上级已检查"),
        (live.free_from > last, "最近三个月内已检查"),
        else_=None,
    )
    stratum = live.county.fill_null("（不明）") + "-" + live.matters.split(" ")[0] + "-" + live.grade
    rows = engine.save(
        live.select("subject", "owed", stratum=stratum, why=why, bound=bound & (live.owed > 0), free=ibis.greatest(live.free_from, first))
    )
    frame = rows.filter(rows.why.isnull()).select("stratum", id="subject")
    sums = rows.group_by("stratum").agg(owed=rows.owed.sum(), bound=rows.bound.sum(), pool=rows.why.isnull().sum(), subjects=rows.count())
    share = -((-sums.owed) // period.quarters_left)
    quota = sums.select(
        "stratum",
        "subjects",
        "owed",
        "bound",
        "pool",
        due=share.cast("int64"),
        quota=ibis.least(ibis.greatest(share - sums.bound, 0), sums.pool).cast("int64"),
    )
    excluded = rows.filter(rows.why.notnull()).group_by("why").agg(subjects=ibis._.count())
    return QuarterFrame(frame=frame, quota=quota.order_by("stratum"), excluded=excluded.order_by("why"))
