"""The batch engine, third part: days on which something begins or ceases to count, as marks that can be summed (起止标记).

Everything that happened to a subject is an interval in which it counts. A mark of +1 where it begins and −1 where it ends, summed over the days,
tells for every day how many count; of latest results the newest code, which carries its day, its points and its own end, is the largest so far.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.days import Cycle, trigger_cycle
from evenhand.grade.ruleset import GradeRules, most
from evenhand.grade.scoring import Since, share
from evenhand.grade.shapes import Indicator, Ratio, Scheme, Trigger
from evenhand.grade.units import slug

__all__ = ["CODE_DAY", "CODE_POINTS", "NEVER", "day_number", "later", "marks", "slots"]

NEVER: Final = 2_932_896
"""Number of the day 9999-12-31: what is open ends then."""
CODE_POINTS: Final = 10_000_000
CODE_DAY: Final = CODE_POINTS * 10_000
_ZERO: Final = ibis.literal(date(1970, 1, 1))


def day_number(day: ir.DateValue) -> ir.IntegerValue:
    """Return days since 1970-01-01."""
    return day.delta(_ZERO, unit="day").cast("int64")


def slots(scheme: Scheme, rules: GradeRules) -> list[str]:
    """Return the names of everything counted by marks: indicators of grounds, then triggers."""
    return [
        *(slug(one.id) for one in _happened(scheme, rules) if one.active),
        *(slug(t.id) for t in scheme.triggers),
    ]


def _happened(scheme: Scheme, rules: GradeRules) -> list[Indicator]:
    found: dict[str, Indicator] = {}
    for name in scheme.models:
        found |= {one.id: one for one in rules.indicators(name, scheme) if not one.ways}
    return list(found.values())


def marks(units: ir.Table, ground: ir.Table, scheme: Scheme, rules: GradeRules, *, first: date, since: Since, engine: Engine) -> ir.Table:
    """Return one row per unit and day with marks: `uid`, `day`, one column per slot, and `code_<id>` of each latest result.

    Args:
        units: what `build_units` gave.
        ground: grounds that count, one row each.
        scheme: the scheme that grades.
        rules: of the pack.
        first: the first day graded.
        since: from when each kind of ground is delivered.
        engine: saves what is used twice.
    """
    events = engine.save(ground.join(units.select("uid", "subject_id", "model"), "subject_id").drop("subject_id"))
    founded = units.founded
    opening = ibis.greatest(ibis.coalesce(founded, ibis.literal(first)), ibis.literal(first))
    parts = [_mark(units.select("uid", day=opening))]
    if scheme.new_months:
        parts.append(_mark(units.filter(founded.notnull()).select("uid", day=later(founded, scheme.new_months))))
    for one in _happened(scheme, rules):
        parts += _of_indicator(one, events, scheme, rules)
    names = slots(scheme, rules)
    for trigger in scheme.triggers:
        for intervals in _of_trigger(trigger, events, units, scheme, since=since):
            parts += _both(intervals, names.index(slug(trigger.id)))
    every = ibis.union(*parts, distinct=False)
    latest = [f"code_{slug(one.id)}" for one in _happened(scheme, rules) if not one.active]
    place = {name: n for n, name in enumerate([*names, *latest])}
    zero, nothing = ibis.literal(0, "int64"), ibis.null("int64")
    summed = {name: (every.slot == place[name]).ifelse(every.delta, zero).sum() for name in names}
    newest = {name: (every.slot == place[name]).ifelse(every.delta, nothing).max() for name in latest}
    return every.group_by("uid", "day").agg(**summed, **newest)


def _mark(rows: ir.Table, slot: int = -1, delta: int = 0) -> ir.Table:
    """Marks of one slot on each row's day: `delta`, or the row's `code`. Without a slot a mark only says that something may change."""
    rows = rows.filter(rows.day.notnull())
    told = rows["code"] if "code" in rows.columns else ibis.literal(delta, "int64")
    return rows.select("uid", day=rows.day.cast("date"), slot=ibis.literal(slot, "int64"), delta=told)


def later(day: ir.DateValue, months: int) -> ir.DateValue:
    """Return the corresponding day so many months later, as `add_months` does."""
    # Ibis takes the sum for a day already and drops a plain cast, but DuckDB makes it a moment.
    return (day + ibis.interval(months=months)).cast("timestamp").cast("date")


def _after(day: ir.DateValue, days: int) -> ir.DateValue:
    return (day + ibis.interval(days=days)).cast("timestamp").cast("date")


def _counts_from(day: ir.DateValue, cycle: Cycle) -> ir.DateValue:
    if cycle == "at_once":
        return day
    unit = "M" if cycle == "monthly" else "Y"
    return later(day.truncate(unit), 1 if cycle == "monthly" else 12)


def _where(rows: ir.Table, kind: str, where: Mapping[str, tuple[str, ...]]) -> ir.Table:
    rows = rows.filter(rows.kind == kind)
    for name, wanted in where.items():
        rows = rows.filter(rows[name].isin(wanted))
    return rows


def _of_indicator(one: Indicator, events: ir.Table, scheme: Scheme, rules: GradeRules) -> Iterator[ir.Table]:
    names = slots(scheme, rules)
    latest = [slug(other.id) for other in _happened(scheme, rules) if not other.active]
    if one.active:
        rows = _where(events, one.active.ground, one.active.where)
        begins = _counts_from(rows.day, scheme.cycle)
        ends = later(begins, one.active.months) if one.active.months else _counts_from(rows.until, scheme.cycle)
        yield from _both(rows.select("uid", begins=begins, ends=ends), names.index(slug(one.id)))
        return
    slot = len(names) + latest.index(slug(one.id))
    told = one.ratio or one.latest
    assert told  # noqa: S101 — the reader lets no indicator through that is none of the four
    rows = _where(events, told.ground, {})
    top = most(one, scheme)
    if one.ratio:
        worth = _ratio(rows, one.ratio, rules, top)
    else:
        assert one.latest  # noqa: S101
        worth = rows.outcome.cases(
            *((outcome, share(top, percent, 100)) for outcome, percent in one.latest.percents.items()), else_=None
        ).cast("int64")
    rows = rows.mutate(worth=worth)
    rows = rows.filter(rows.worth.notnull())
    begins = _counts_from(rows.day, scheme.cycle)
    rows = rows.mutate(begins=begins)
    ends = later(rows.begins, told.months) if told.months else ibis.null("date")
    rows = rows.mutate(ends=ends)
    until = ibis.coalesce(day_number(rows.ends), ibis.literal(NEVER, "int64"))
    coded = rows.mutate(code=day_number(rows.day) * CODE_DAY + rows.worth * CODE_POINTS + until)
    yield _mark(coded.select("uid", "code", day=coded.begins), slot)
    if told.months:
        yield _mark(rows.select("uid", day=rows.ends))


def _ratio(rows: ir.Table, ratio: Ratio, rules: GradeRules, top: int) -> ir.IntegerValue:
    """Points of each inspection, as `ratio_points` gives them for one."""
    tables = {name: ratio.tables[model.checklist] for name, model in rules.models.items() if model.checklist}
    keys = rows.model.cases(*((name, key) for name, (key, _) in tables.items()), else_=None).cast("int64")
    items = rows.model.cases(*((name, total) for name, (_, total) in tables.items()), else_=None).cast("int64")
    verdict = rows.outcome.cases(*((outcome, share(top, percent, 100)) for outcome, percent in ratio.verdicts.items()), else_=None).cast(
        "int64"
    )
    extra = ratio.key_weight - 1
    applicable = ibis.coalesce(rows.total.nullif(0), items)
    failed = rows.failed + extra * ibis.least(ibis.coalesce(rows.key_failed, ibis.literal(0, "int64")), rows.failed)
    whole = applicable + extra * ((2 * applicable * keys + items) // (2 * items)).cast("int64")
    counted = ibis.least(ibis.literal(top, "int64"), ((2 * top * failed + whole) // (2 * whole)).cast("int64"))
    return rows.failed.isnull().ifelse(verdict, counted)


def _both(intervals: ir.Table, slot: int) -> Iterator[ir.Table]:
    """Marks of intervals: +1 where each begins, −1 where it ends; an interval that ends where it begins leaves none in sum."""
    yield _mark(intervals.select("uid", day=intervals.begins), slot, 1)
    yield _mark(intervals.select("uid", day=intervals.ends), slot, -1)


def _of_trigger(trigger: Trigger, events: ir.Table, units: ir.Table, scheme: Scheme, *, since: Since) -> Iterator[ir.Table]:
    if trigger.except_tags:
        open_to = units.filter(units[f"open_{slug(trigger.id)}"]).select("uid")
        events = events.semi_join(open_to, "uid")
        units = units.semi_join(open_to, "uid")
    if not trigger.clean_months:
        yield _fired(trigger, events, scheme)
    elif set(trigger.grounds) <= set(since):  # else a source that would tell is not delivered
        yield _clean(trigger, events, units, scheme, since)


def _fired(trigger: Trigger, events: ir.Table, scheme: Scheme) -> ir.Table:
    rows = _where(events, trigger.ground, trigger.where)
    if trigger.at_least > 1:
        rows = _together(rows, trigger)
    cycle = trigger_cycle(scheme.cycle)
    rows = rows.mutate(begins=_counts_from(rows.day, cycle))
    if trigger.lasts_months:
        return rows.select("uid", "begins", ends=later(rows.begins, trigger.lasts_months))
    ended = later(rows.until, trigger.after_closed) if trigger.after_closed else rows.until
    rows = rows.mutate(ended=_counts_from(ended, cycle))
    return rows.select("uid", "begins", ends=rows.ended.isnull().ifelse(ibis.null("date"), ibis.greatest(rows.begins, rows.ended)))


def _together(rows: ir.Table, trigger: Trigger) -> ir.Table:
    """Rows on whose day enough have come together, by marks of their own."""
    ends = later(rows.day, trigger.within_months) if trigger.within_months else _after(rows.day, trigger.within_days or 1)
    both = ibis.union(
        rows.select("uid", "day", delta=ibis.literal(1, "int64")),
        rows.select("uid", day=ends, delta=ibis.literal(-1, "int64")),
        distinct=False,
    )
    days = both.group_by("uid", "day").agg(delta=both.delta.sum(), came=(both.delta > 0).cast("int64").sum())
    window = ibis.window(group_by=days.uid, order_by=days.day, preceding=None, following=0)
    counted = days.mutate(count=days.delta.sum().over(window))
    enough = counted.filter((counted.came > 0) & (counted["count"] >= trigger.at_least))
    return enough.select("uid", "day", until=ibis.null("date"))


def _clean(trigger: Trigger, events: ir.Table, units: ir.Table, scheme: Scheme, since: Since) -> ir.Table:
    """Intervals without anything bad."""
    told = max(since[kind] for kind in trigger.grounds)
    known = units.filter(units.founded.notnull())
    opened = known.select("uid", opened=ibis.greatest(known.founded, ibis.literal(told)))
    bad = ibis.union(*(_where(events, kind, where).select("uid", "day") for kind, where in trigger.grounds.items()), distinct=True)
    after = bad.join(opened, "uid")
    after = after.filter(after.day > after.opened).select("uid", "day")
    starts = ibis.union(opened.select("uid", day=opened.opened), after, distinct=True)
    window = ibis.window(group_by=starts.uid, order_by=starts.day)
    rows = starts.mutate(broken=starts.day.lead(1).over(window))
    cycle = trigger_cycle(scheme.cycle)
    rows = rows.mutate(begins=_counts_from(later(rows.day, trigger.clean_months or 0), cycle), ends=_counts_from(rows.broken, cycle))
    rows = rows.filter(rows.ends.isnull() | (rows.begins < rows.ends))
    return rows.select("uid", "begins", "ends")
