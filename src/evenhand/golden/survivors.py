"""Survivors: which value of a field is taken, as column expressions.

Every distinct value of a field gets one whole number, its standing; the smallest standing wins. A standing is written like a number of
mixed digits: the steps of the rule in their order, smaller is better, and in the last place the record that stands for the value.
"""

import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.golden.rules import FieldRule, Reasons, Step, SurvivorRules
from evenhand.standards import EXTRACTS

__all__ = [
    "BY_RECORD",
    "DAY_ZERO",
    "LAST_DAY",
    "MOST_SOURCES",
    "RECORDS",
    "days_left",
    "deciding_rule",
    "ranked",
    "reasons_of",
    "standings",
]

DAY_ZERO: Final = date(1900, 1, 1)
LAST_DAY: Final = 99_999
MOST_SOURCES: Final = 99
RECORDS: Final = 4_000_000_000
"""More than a build has records: the size of the last place of a standing."""
BY_RECORD: Final = "record"
"""What decides when no step does."""
_MARK: Final = "；"
_RANKS: Final = 100
_SIZES: Final[dict[Step, int]] = {"validity": 2, "source": _RANKS, "agreement": MOST_SOURCES + 1, "recency": LAST_DAY + 1}
"""How many values each step's place can hold; all of them and RECORDS together stay below 2**63."""


def days_left(day: ir.DateValue) -> ir.IntegerValue:
    """A number that is smaller the later the day: 0 to 99999; no day counts as the earliest."""
    days = day.delta(ibis.literal(DAY_ZERO), unit="day").cast("int64")
    return (ibis.literal(LAST_DAY, "int64") - days.fill_null(0).clip(0, LAST_DAY)).cast("int64")


def ranked(rows: ir.Table, rules: SurvivorRules, field: str, value: ir.StringValue, *, good: ir.BooleanValue | None = None) -> ir.Table:
    """Rows of one field as `standings` wants them.

    Args:
        rows: one row per record: sid, rid, kind, source, observed_on.
        rules: order of sources of the field.
        field: its name; the tables call it by its place in the rules.
        value: the field's value; rows without one are left out.
        good: whether the value is valid; every value is, when not given.
    """
    number, rule = rules.place_of(field), rules[field]
    ranks = [(rows.kind == kind, _whole(n)) for n, kind in enumerate(rule.sources)]
    rank = ibis.cases(*ranks, else_=_whole(len(rule.sources))) if ranks else _whole(0)
    valid = _whole(1) if good is None else good.cast("int64")
    taken = rows.select("sid", "source", "observed_on", field=_whole(number), value=value, best=rank * RECORDS + rows.rid, good=valid)
    return taken.filter(taken.value.notnull())


def standings(rows: ir.Table, rules: Sequence[FieldRule]) -> ir.Table:
    """What speaks for each value of each field.

    Args:
        rows: one row per record and field, from `ranked`.
        rules: the rules of the fields.

    Returns:
        One row per sid, field and value: standing, rank, rid, good, record_count, source_count, first_seen, last_seen.
    """
    # Source by source first: counting distinct sources in one pass makes the engine group twice and join.
    by_source = rows.group_by("sid", "field", "value", "source").agg(
        best=rows.best.min(), good=rows.good.max(), rows=rows.count(), first_seen=rows.observed_on.min(), last_seen=rows.observed_on.max()
    )
    found = by_source.group_by("sid", "field", "value").agg(
        best=by_source.best.min(), good=by_source.good.max(), record_count=by_source.rows.sum(), source_count=by_source.count(),
        first_seen=by_source.first_seen.min(), last_seen=by_source.last_seen.max(),
    )  # fmt: skip
    found = found.mutate(rank=found.best // RECORDS, rid=found.best % RECORDS).drop("best")
    parts: dict[Step, ir.IntegerValue] = {
        "validity": _whole(1) - found.good, "source": found.rank, "agreement": (_whole(MOST_SOURCES) - found.source_count).clip(0, MOST_SOURCES), "recency": days_left(found.last_seen),
    }  # fmt: skip

    def number(steps: tuple[Step, ...]) -> ir.IntegerValue:
        placed = functools.reduce(lambda higher, step: higher * _SIZES[step] + parts[step], steps, _whole(0))
        return placed * RECORDS + found.rid

    return found.mutate(standing=_by_steps(found.field, rules, number, else_=_whole(0)))


def deciding_rule(field: ir.IntegerValue, mine: ir.IntegerValue, rival: ir.IntegerValue, rules: Sequence[FieldRule]) -> ir.StringValue:
    """Which rule and step set a value apart from its rival, as `GS-04.source`.

    Args:
        field: place of the field in the rules.
        mine: standing of the value.
        rival: standing of the chosen value; for the chosen one that of the next best.
        rules: the rules of the fields.
    """

    def step_of(steps: tuple[Step, ...]) -> ir.StringValue:
        size, tests = RECORDS, list[tuple[ir.BooleanValue, ir.StringValue]]()
        for step in reversed(steps):
            # Without the places behind it: what is left differs when this step, or one before it, differs.
            tests.insert(0, (mine - mine % size != rival - rival % size, ibis.literal(step)))
            size *= _SIZES[step]
        return ibis.cases(*tests, else_=BY_RECORD)

    ids = ibis.cases(*[(field == n, ibis.literal(f"{rule.id}.")) for n, rule in enumerate(rules)], else_="")
    return ids + _by_steps(field, rules, step_of, else_=ibis.literal(""))


def reasons_of(
    found: ir.Table, rules: Sequence[FieldRule], reasons: Reasons, *, agreeing: ir.IntegerValue, latest: ir.DateValue
) -> ir.StringValue:
    """What speaks for a value, in words, in the order of steps.

    Args:
        found: one row per value: field, rank, good, as `standings` gives them.
        agreeing: how many sources have the value.
        latest: last day on which the value was seen.
        rules: the rules of the fields.
        reasons: wording.
    """
    named = [
        (
            found.field == n,
            ibis.cases(*[(found.rank == place, _source(reasons, kind)) for place, kind in enumerate(rule.sources)], else_=""),
        )
        for n, rule in enumerate(rules)
        if rule.sources
    ]
    # Each part brings the mark that parts it from the one before; the first mark is cut off.
    said: dict[Step, ir.StringValue] = {
        "validity": (found.good == 1).ifelse(_MARK + reasons.validity, ""), "source": ibis.cases(*named, else_=""),
        "agreement": (agreeing > 1).ifelse(_filled(reasons.agreement, "{count}", agreeing.cast("string")), ""),
        "recency": _filled(reasons.recency, "{day}", latest.cast("string")).fill_null(""),
    }  # fmt: skip
    join: Callable[[tuple[Step, ...]], ir.StringValue] = lambda steps: functools.reduce(operator.add, [said[step] for step in steps])  # noqa: E731 — one expression, used below only
    return _by_steps(found.field, rules, join, else_=ibis.literal("")).substr(1)


def _by_steps(
    field: ir.IntegerValue, rules: Sequence[FieldRule], make: Callable[[tuple[Step, ...]], ir.Value], *, else_: ir.Value
) -> ir.Value:
    """What `make` gives for the steps of each row's field; fields with the same steps share one case."""
    orders: dict[tuple[Step, ...], list[int]] = defaultdict(list)
    for n, rule in enumerate(rules):
        orders[rule.steps].append(n)
    return ibis.cases(*[(field.isin(fields), make(steps)) for steps, fields in orders.items()], else_=else_)


def _source(reasons: Reasons, kind: str) -> ir.StringValue:
    return ibis.literal(_MARK + reasons.source.format(source=EXTRACTS[kind].title))


def _whole(number: int) -> ir.IntegerValue:
    return ibis.literal(number, "int64")


def _filled(template: str, slot: str, value: ir.StringValue) -> ir.StringValue:
    before, _, after = template.partition(slot)
    return ibis.literal(_MARK + before) + value + ibis.literal(after)
