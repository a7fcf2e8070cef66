"""Why two visits of one subject stayed apart, for a whole province: the reasons of `why_apart` as column expressions."""

import ibis
import ibis.expr.types as ir

from evenhand.plan.batch import Merged
from evenhand.plan.shapes import Class

__all__ = ["apart_of"]


def apart_of(merged: Merged, duty: ir.Table) -> ir.Table:
    """Return one row for each pair of neighbouring visits of a subject, in the order of their windows, with the reason in words.

    Args:
        merged: visits and what they serve.
        duty: one row per duty, with `series` and the ends of its window and who set them.
    """
    rows = merged.served.join(duty.select("r", "d", "series", "r_end", "d_end", duty="id"), "duty")
    tight = rows.group_by("visit").agg(
        series=rows.series.max(), ours=((rows.r_end == "ours") | (rows.d_end == "ours")).any(), first=rows.r.max(), last=rows.d.min()
    )
    visit = merged.visit.join(tight, "visit")
    window = ibis.window(group_by="subject", order_by=["hi", "lo", "visit"])
    pair = visit.mutate(
        **{f"next_{name}": visit[name].lead().over(window) for name in ("visit", "class", "series", "first", "last", "ours")}
    )
    pair = pair.filter(pair.next_visit.notnull())
    low, high = ibis.least(pair["class"], pair.next_class), ibis.greatest(pair["class"], pair.next_class)
    gap = ibis.greatest(pair.first, pair.next_first) - ibis.least(pair.last, pair.next_last)
    same = (pair.series != "") & (pair.series == pair.next_series)
    movable = (pair.ours | pair.next_ours).ifelse("；其中自定的期限可以放宽", "；期限由法律或者批准确定，不能移动")
    reason = ibis.cases(
        ((low == Class.FULL) & (high == Class.FLIGHT), "飞行检查不得事先告知，不能与要事先告知的全项目检查合为一次"),
        (same, "同一频次的两次检查，不能合为一次"),
        (gap > 0, ibis.literal("期限没有共同的日子，相差 ") + gap.cast("string") + " 日" + movable),
        else_="与其他任务的期限合起来没有共同的日子",
    )
    return pair.select("subject", "visit", "next_visit", reason=reason)
