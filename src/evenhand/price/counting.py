"""Counting what hangs on each subject, and summing it over the subjects that each kind of defect touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.price.rules import PriceRules
from evenhand.standards import REACHES, OfficeState

__all__ = ["NEEDED", "Priced", "price"]

NEEDED: Final = (
    "subject", "record", "membership", "finding", "conflict", "repair", "jurisdiction",
    *dict.fromkeys(reach.table for reach in REACHES if reach.table),
)  # fmt: skip
"""Tables that the counting looks at."""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """What the room gives: columns of `TABLES`."""

    reach: ir.Table
    """One row per subject."""
    price: ir.Table
    """One row per kind of defect, rule, county and office that has an open one."""


def price(tables: Mapping[str, ir.Table], *, rules: PriceRules) -> Priced:
    """Count what hangs on each subject, weigh it, and sum it over the subjects that each rule's open defects touch.

    Args:
        tables: those of NEEDED.
        rules: points of each kind of thing.
    """
    reach = _reach(tables, rules)
    touched = _touched(tables)
    place = tables["subject"].select("subject_id", "county_code", "office")
    each = touched.join(place, "subject_id").join(reach, "subject_id")
    sums = {name: each[name].sum() for name in (*(r.name for r in REACHES), "price")}
    return Priced(reach=reach, price=each.group_by("item", "rule", "county_code", "office").agg(subjects=each.count(), **sums))


def _reach(tables: Mapping[str, ir.Table], rules: PriceRules) -> ir.Table:
    """One row per subject: how much of each kind hangs on it, and its price."""
    found = tables["subject"].select("subject_id")
    kinds = sorted({kind for reach in REACHES for kind in reach.kinds})
    record, membership = tables["record"], tables["membership"]
    rows = (
        record.filter(record.kind.isin(kinds)).select("record_id", "kind").join(membership.select("record_id", "subject_id"), "record_id")
    )
    counted = rows.group_by("subject_id").agg(**{r.name: rows.kind.isin(r.kinds).cast("int64").sum() for r in REACHES if r.kinds})
    parts = [counted, *(tables[r.table].group_by("subject_id").agg(**{r.name: ibis._.count()}) for r in REACHES if r.table)]
    for part in parts:
        named = part.rename(touched_id="subject_id")
        found = found.left_join(named, found.subject_id == named.touched_id).drop("touched_id")
    found = found.mutate(**{r.name: found[r.name].fill_null(0).cast("int64") for r in REACHES})
    total = ibis.literal(rules.subject, "int64")
    for one in REACHES:
        total = total + found[one.name] * rules.weights[one.name]
    return found.mutate(price=total)


def _touched(tables: Mapping[str, ir.Table]) -> ir.Table:
    """One row per kind of defect, rule and subject: item, rule, subject_id."""
    membership = tables["membership"].select("record_id", "subject_id")
    finding, repair, conflict, disputed = (tables[name] for name in ("finding", "repair", "conflict", "jurisdiction"))
    failed = finding.filter(finding.outcome == "fail").select("rule", "record_id").join(membership, "record_id")
    doubtful = repair.filter(repair.state == "review", repair["rank"] == 1).select("rule", "record_id").join(membership, "record_id")
    of_record = conflict.select("rule", "record_id").join(membership, "record_id")
    open_office = disputed.filter(disputed.state == OfficeState.DISPUTED.value).select("subject_id", rule=ibis.literal(""))
    found = [
        _item("finding", failed),
        _item("repair", doubtful),
        _item("pair", conflict.select("rule", subject_id="left_id")),
        _item("pair", conflict.select("rule", subject_id="right_id")),
        _item("pair", of_record),
        _item("office", open_office),
    ]
    return ibis.union(*found, distinct=True)


def _item(item: str, rows: ir.Table) -> ir.Table:
    return rows.select("rule", "subject_id", item=ibis.literal(item)).select("item", "rule", "subject_id")
