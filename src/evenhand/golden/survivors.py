"""Survivors: which value of a field is taken, as a column expression.

Every distinct value of a field gets one text, its standing; the smallest standing wins. A standing is the rule's steps in their
order, each with a fixed number of digits, smaller is better, and at its end the record that stands for the value.
"""

import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.golden.rules import FieldRule, Reasons
from evenhand.standards import EXTRACTS

__all__ = ["DAY_ZERO", "LAST_DAY", "MOST_SOURCES", "days_left", "digits", "ranked", "standings"]

DAY_ZERO: Final = date(1900, 1, 1)
LAST_DAY: Final = 99_999
MOST_SOURCES: Final = 99
_UNLISTED: Final = "9900"
_KINDS: Final = {kind: f"{n:02}" for n, kind in enumerate(EXTRACTS)}


def digits(number: ir.IntegerValue, width: int) -> ir.StringValue:
    """The number with leading zeros."""
    return number.cast("string").lpad(width, "0")


def days_left(day: ir.DateValue) -> ir.IntegerValue:
    """A number that is smaller the later the day: 0 to 99999; no day counts as the earliest."""
    days = day.delta(ibis.literal(DAY_ZERO), unit="day").cast("int64")
    return (ibis.literal(LAST_DAY, "int64") - days.fill_null(0).clip(0, LAST_DAY)).cast("int64")


def ranked(rows: ir.Table, rule: FieldRule, value: ir.StringValue, *, good: ir.BooleanValue | None = None) -> ir.Table:
    """Rows of one field as `standings` wants them.

    Args:
        rows: one row per record: sid, record_id, kind, source, observed_on.
        rule: order of sources of the field.
        value: the field's value; rows without one are left out.
        good: whether the value is valid; every value is, when not given.
    """
    places = [(rows.kind == kind, ibis.literal(f"{n:02}{_KINDS[kind]}")) for n, kind in enumerate(rule.sources)]
    place = ibis.cases(*places, else_=ibis.literal(_UNLISTED))
    valid = ibis.literal(1, "int64") if good is None else good.cast("int64")
    taken = rows.select(
        "sid", "source", "observed_on", field=ibis.literal(rule.field), value=value, best=place + rows.record_id, good=valid
    )
    return taken.filter(taken.value.notnull())


def standings(rows: ir.Table, rules: Sequence[FieldRule], reasons: Reasons) -> ir.Table:
    """What speaks for each value of each field.

    Args:
        rows: one row per record and field, from `ranked`.
        rules: the rules of the fields.
        reasons: wording.

    Returns:
        One row per sid, field and value: standing, rule, record_id, record_count, source_count, first_seen, last_seen, reason.
    """
    found = rows.group_by("sid", "field", "value").agg(
        best=rows.best.min(), good=rows.good.max(), record_count=rows.count(), source_count=rows.source.nunique(), first_seen=rows.observed_on.min(), last_seen=rows.observed_on.max(),
    )  # fmt: skip
    kind, record = found.best.substr(2, 2), found.best.substr(4)
    parts: dict[str, ir.StringValue] = {
        "validity": (1 - found.good).cast("string"), "source": found.best.substr(0, 2), "agreement": digits((MOST_SOURCES - found.source_count).clip(0, MOST_SOURCES), 2),
        "recency": digits(days_left(found.last_seen), 5),
    }  # fmt: skip
    titles = [(kind == code, ibis.literal(reasons.source.format(source=EXTRACTS[name].title))) for name, code in _KINDS.items()]
    told: dict[str, ir.StringValue] = {
        "validity": (found.good == 1).ifelse(reasons.validity, ""), "source": found.best.startswith(_UNLISTED).ifelse("", ibis.cases(*titles, else_="")),
        "agreement": (found.source_count > 1).ifelse(_filled(reasons.agreement, "{count}", found.source_count.cast("string")), ""),
        "recency": _filled(reasons.recency, "{day}", found.last_seen.cast("string")).fill_null(""),
    }  # fmt: skip
    said = {step: (text == "").ifelse("", ibis.literal("；") + text) for step, text in told.items()}
    rule = ibis.cases(*[(found.field == r.field, ibis.literal(r.id)) for r in rules], else_="")
    return found.mutate(
        standing=_by_steps(found, rules, parts) + record, reason=_by_steps(found, rules, said).substr(1), record_id=record, rule=rule
    ).drop("best", "good")


def _by_steps(found: ir.Table, rules: Sequence[FieldRule], parts: dict[str, ir.StringValue]) -> ir.StringValue:
    """The parts joined in the order of steps of each row's field."""
    orders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for rule in rules:
        orders[rule.steps].append(rule.field)
    join: Callable[[tuple[str, ...]], ir.StringValue] = lambda steps: functools.reduce(operator.add, [parts[step] for step in steps])  # noqa: E731 — one expression, used below only
    return ibis.cases(*[(found.field.isin(fields), join(steps)) for steps, fields in orders.items()], else_="")


def _filled(template: str, slot: str, value: ir.StringValue) -> ir.StringValue:
    before, _, after = template.partition(slot)
    return ibis.literal(before) + value + ibis.literal(after)
