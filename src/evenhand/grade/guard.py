"""The guard against quick changes, for all subjects at once: no second change of grade within so many days, unless a serious trigger raises it."""

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.days import FOREVER

__all__ = ["guarded"]

_ZERO: Final = date(1970, 1, 1)
_LONG_AGO: Final = -1_000_000


def guarded(rows: ir.Table, days: int, *, until: date, engine: Engine) -> ir.Table:
    """Add `grade`, the grade that counts, and `ends`, the day the row no longer stands; rows are added where a held change comes into force.

    Args:
        rows: `uid`, `day`, `due`, `serious` and what else is told, one row per unit and change.
        days: length of the guard; 0 for none.
        until: the day the scheme ends.
        engine: saves what is used twice.
    """
    if days:
        rows = engine.save(rows)
        busy = engine.save(_busy(rows, days))
        quiet = rows.anti_join(busy, "uid")
        rows = ibis.union(
            quiet.mutate(grade=quiet.due), _held(rows.semi_join(busy, "uid"), days, until=until, engine=engine), distinct=False
        )
    else:
        rows = rows.mutate(grade=rows.due)
    window = ibis.window(group_by=rows.uid, order_by=rows.day)
    last = ibis.null("date") if until == FOREVER else ibis.literal(until)
    return rows.mutate(ends=ibis.coalesce(rows.day.lead(1).over(window), last))


def _number(day: ir.DateValue) -> ir.IntegerValue:
    return day.delta(ibis.literal(_ZERO), unit="day").cast("int64")


def _busy(rows: ir.Table, days: int) -> ir.Table:
    """Units whose due grade changes twice within the guard: all others need none."""
    by_day = ibis.window(group_by=rows.uid, order_by=rows.day)
    seen = rows.select("uid", "day", "due", was=rows.due.lag(1).over(by_day))
    changes = seen.filter(seen.was.notnull() & (seen.due != seen.was))
    by_day = ibis.window(group_by=changes.uid, order_by=changes.day)
    gaps = changes.select("uid", gap=_number(changes.day) - _number(changes.day.lag(1).over(by_day)))
    return gaps.filter(gaps.gap < days).select("uid").distinct()


def _held(rows: ir.Table, days: int, *, until: date, engine: Engine) -> ir.Table:
    """Walk from change to change, all busy units at once: each turn finds the next change that comes into force of each."""
    window = ibis.window(group_by=rows.uid, order_by=rows.day)
    end = ibis.literal((until - _ZERO).days, "int64")
    segments = engine.save(
        rows.mutate(at=_number(rows.day), place=ibis.row_number().over(window)).mutate(
            next_at=ibis.coalesce(_number(rows.day.lead(1).over(window)), end)
        )
    )
    state = segments.filter(segments.place == 0).select("uid", "at", grade="due", changed=ibis.literal(_LONG_AGO, "int64"))
    flips = [engine.save(state.select("uid", "at", "grade"))]
    while True:
        state = engine.save(_next(segments, state, days))
        if not engine.count(state):
            break
        flips.append(state.select("uid", "at", "grade"))
    changes = engine.save(ibis.union(*flips, distinct=False) if len(flips) > 1 else flips[0])
    return _spread(segments, changes)


def _next(segments: ir.Table, state: ir.Table, days: int) -> ir.Table:
    both = segments.select("uid", "at", "next_at", "due", "serious").join(state.select("uid", "grade", "changed"), "uid")
    both = both.filter((both.due != both.grade) & (both.next_at > both.changed))
    raised = both.serious & (both.due > both.grade)
    both = both.mutate(comes=raised.ifelse(ibis.greatest(both.at, both.changed), ibis.greatest(both.at, both.changed + days)))
    both = both.filter(both.comes < both.next_at)
    code = (both.comes + 1_000_000) * 10 + both.due
    first = both.group_by("uid").agg(code=code.min())
    at = (first.code // 10).cast("int64") - 1_000_000
    return first.select("uid", at=at, grade=(first.code % 10).cast("int64"), changed=at)


def _spread(segments: ir.Table, changes: ir.Table) -> ir.Table:
    """Give every segment the grade that counts on its first day, and split those in which a held change comes into force."""
    whole = segments.select("uid", "at").mutate(code=ibis.null("int64"))
    marked = changes.select("uid", "at", code=changes.at * 10 + changes.grade)
    days = ibis.union(whole, marked, distinct=False).group_by("uid", "at").agg(code=ibis._.code.max())
    window = ibis.window(group_by=days.uid, order_by=days.at, preceding=None, following=0)
    days = days.select("uid", "at", held=(days.code.max().over(window) % 10).cast("int64")).rename(unit="uid", on="at")
    joined = days.join(segments, [days.unit == segments.uid, days.on >= segments.at, days.on < segments.next_at])
    return joined.mutate(day=(ibis.literal(_ZERO) + joined.on.as_interval("D")).cast("timestamp").cast("date"), grade=joined.held).drop(
        "unit", "on", "held", "at", "next_at", "place"
    )
