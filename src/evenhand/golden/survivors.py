"""Survivors: which value of a field is taken, as a column expression.

Every distinct value of a field gets one text, its standing; the smallest standing wins. A standing is the rule's steps in their
order, each with a fixed number of digits, smaller is better, and at its end the record that stands for the value.
"""

import functools
import operator
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.golden.rules import FieldRule, Reasons
from evenhand.standards import EXTRACTS

__all__ = ["DAY_ZERO", "LAST_DAY", "MOST_SOURCES", "standings", "winners"]

DAY_ZERO: Final = date(1900, 1, 1)
LAST_DAY: Final = 99_999
MOST_SOURCES: Final = 99


def digits(number: ir.IntegerValue, width: int) -> ir.StringValue:
    """The number with leading zeros."""
    return number.cast("string").lpad(width, "0")


def days_left(day: ir.DateValue) -> ir.IntegerValue:
    """A number that is smaller the later the day: 0 to 99999; no day counts as the earliest."""
    days = day.delta(ibis.literal(DAY_ZERO), unit="day").cast("int64")
    return (ibis.literal(LAST_DAY, "int64") - days.fill_null(0).clip(0, LAST_DAY)).cast("int64")


def standings(rows: ir.Table, rule: FieldRule, reasons: Reasons) -> ir.Table:
    """What speaks for each value of one field.

    Args:
        rows: one row per record with a value: sid, value, record_id, kind, source, observed_on, good (the value is valid).
        rule: steps and order of sources of the field.
        reasons: wording.

    Returns:
        One row per sid and value: standing, record_id, record_count, source_count, first_seen, last_seen, reason.
    """
    other = len(rule.sources)
    rank = ibis.cases(*[(rows.kind == kind, digits(ibis.literal(n, "int64"), 2)) for n, kind in enumerate(rule.sources)], else_=digits(ibis.literal(other, "int64"), 2))
    found = rows.group_by("sid", "value").agg(
        best=(rank + rows.record_id).min(), good=rows.good.cast("int64").max(), record_count=rows.count(), source_count=rows.source.nunique(),
        first_seen=rows.observed_on.min(), last_seen=rows.observed_on.max(),
    )  # fmt: skip
    ranked, record = found.best.substr(0, 2), found.best.substr(2)
    parts: dict[str, ir.StringValue] = {
        "validity": (1 - found.good).cast("string"), "source": ranked, "agreement": digits((MOST_SOURCES - found.source_count).clip(0, MOST_SOURCES), 2),
        "recency": digits(days_left(found.last_seen), 5),
    }  # fmt: skip
    titles = [(ranked == f"{n:02}", reasons.source.format(source=EXTRACTS[kind].title)) for n, kind in enumerate(rule.sources)]
    told: dict[str, ir.StringValue] = {
        "validity": (found.good == 1).ifelse(reasons.validity, ""), "source": ibis.cases(*titles, else_="") if titles else ibis.literal(""),
        "agreement": (found.source_count > 1).ifelse(_filled(reasons.agreement, "{count}", found.source_count.cast("string")), ""), "recency": _filled(reasons.recency, "{day}", found.last_seen.cast("string")).fill_null(""),
    }  # fmt: skip
    standing = functools.reduce(operator.add, [parts[step] for step in rule.steps]) + record
    said = functools.reduce(operator.add, [(told[step] == "").ifelse("", ibis.literal("；") + told[step]) for step in rule.steps])
    return found.select("sid", "value", "record_count", "source_count", "first_seen", "last_seen", standing=standing, record_id=record, reason=said.substr(1))


def winners(found: ir.Table) -> ir.Table:
    """The value with the smallest standing: one row per sid, with value, standing, record_id."""
    return found.group_by("sid").agg(value=found.value.argmin(found.standing), record_id=found.record_id.argmin(found.standing), standing=found.standing.min())


def _filled(template: str, slot: str, value: ir.StringValue) -> ir.StringValue:
    before, _, after = template.partition(slot)
    return ibis.literal(before) + value + ibis.literal(after)
