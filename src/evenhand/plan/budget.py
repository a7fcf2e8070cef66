"""Burden budget of a business (入企次数上限): who would be visited more often than its grade allows, and the most duties that so many visits can serve."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.plan.rules import PlanRules
from evenhand.plan.shapes import Duty

__all__ = ["Capped", "over_budget", "within"]


def over_budget(live: ir.Table, visit: ir.Table, duty: ir.Table, served: ir.Table, rules: PlanRules) -> ir.Table:
    """Return one row for each subject whose planned visits, with those done this year, exceed the cap of its grade.

    A visit that serves only what an event orders (complaint, clue, sampling) does not count; one for a campaign does.

    Args:
        live: who is planned for.
        visit: one row per trip.
        duty: with `origin` and `approval`, empty but for campaigns.
        served: which trip serves which duty.
        rules: with `annual_cap`; without a published cap nobody is over it.
    """
    planned = duty.filter(duty.origin.isin(("随机", "全覆盖")) | (duty.approval != "")).select(duty="id")
    counted = visit.semi_join(served.semi_join(planned, "duty"), "visit")
    each = counted.group_by("subject").agg(planned=counted.count(), minutes=counted.minutes.sum())
    rows = live.join(each, "subject")
    cap = (
        ibis.cases(*((rows.grade == grade, count) for grade, count in rules.annual_cap.items()), else_=None)
        if rules.annual_cap
        else ibis.null("int64")
    )
    told = rows.select("subject", "name", "office", "grade", "done", "planned", "minutes", cap=cap.cast("int64"))
    return told.filter(told.done + told.planned > told.cap)


@dataclass(frozen=True, kw_only=True)
class Capped:
    """The best that `days` visits can do: duties they serve, and by duty left over the number of days its window would have to be widened to meet the nearest visit."""

    days: tuple[int, ...]
    served: tuple[str, ...]
    widen: dict[str, int]


def within(duties: Sequence[Duty], most: int) -> Capped:
    """Return at most `most` visit days that serve the largest number of duties of one subject; of several best the earliest deadlines win.

    Exact: visits can stand on deadlines, and a duty is served by the first chosen day from its first day on. Nothing is dropped: what is left over is named.

    >>> one = lambda name, r, d: Duty(id=name, subject="S", kind="日常", r=r, d=d)
    >>> found = within([one("a", 0, 10), one("b", 5, 20), one("c", 30, 40)], 1)
    >>> found.days, found.served, found.widen
    ((10,), ('a', 'b'), {'c': 20})
    """
    stops = sorted({one.d for one in duties})
    best: dict[int, tuple[int, tuple[int, ...]]] = {-1: (0, ())}
    for _ in range(most):
        found = dict(best)
        for last, (count, days) in best.items():
            for stop in stops:
                if stop <= last:
                    continue
                more = count + sum(last < one.r <= stop <= one.d for one in duties)
                if stop not in found or (more, [-day for day in (*days, stop)]) > (found[stop][0], [-day for day in found[stop][1]]):
                    found[stop] = (more, (*days, stop))
        best = found
    _, days = max(best.values(), key=lambda plan: (plan[0], -len(plan[1]), [-day for day in plan[1]]))
    served = tuple(one.id for one in duties if any(one.r <= day <= one.d for day in days))
    widen = {one.id: min(max(one.r - day, day - one.d) for day in days) for one in duties if one.id not in served and days}
    return Capped(days=days, served=served, widen=widen)
