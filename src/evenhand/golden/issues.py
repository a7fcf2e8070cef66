"""Issues: every issue of every licence, one row each (发证：首次、变更、延续、换号).

An issue is what one document said: a number with its day of issue and its last day. Several records of one issue are one row.
"""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.chains import NUMBER, chained
from evenhand.golden.gathering import Gathered, extract_of
from evenhand.golden.rules import FormRules, GoldenRules
from evenhand.golden.sites import site_id
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["issue_rows", "period_rows"]

_ITEMS: Final = {
    "production_licence": "food_categories",
    "operation_licence": "items",
    "filing": "items",
    "small_registration": "items",
    "special_food": "product_name",
}
"""Kinds of extract that grant something, and the field that says what."""
_OTHER: Final = "其他"
"""Kind of a number of no known form, as `record.licence_kind` writes it."""
_TAKEN: Final = ("form", "small_kind", "issuer", "issued_on", "valid_from", "valid_to", "licence_status")


def issue_rows(standard: Mapping[str, ir.Table], record: ir.Table, gathered: Gathered, rules: GoldenRules, *, engine: Engine) -> ir.Table:
    """One row per issue: the columns of the table `licence_period`, and sid, rid, site_key, county_code, road, house_no, office, closed.

    Of several records of one issue the latest delivered counts, then the smallest record id.
    """
    granted = ibis.union(*[_granted(extract_of(standard, kind), kind) for kind in _ITEMS], distinct=False)
    known = record.filter(record.licence_no.notnull())
    named = known.select(
        "record_id", "kind", "licence_no", "place", "county_code", "road", "house_no", "office", "delivery", licence_kind=known.licence_kind.fill_null(_OTHER),
        site_key=ibis.coalesce(known.place_key, known.place),
    )  # fmt: skip
    rows = granted.join(named, "record_id").join(gathered.numbers, "record_id")
    one = (*NUMBER, "issued_on", "valid_to")
    ranked = rows.mutate(
        turn=ibis.row_number().over(ibis.window(group_by=one, order_by=[ibis.desc("delivery", nulls_first=False), ibis.asc("rid")])),
        record_count=rows.count().over(ibis.window(group_by=one)),
        # From when on the present state was stated: the earliest delivery that had it.
        stated_on=rows.delivery.min().over(ibis.window(group_by=(*one, "licence_status"))),
    )
    issues = ranked.filter(ranked.turn == 0).drop("turn")
    # Issued before its period begins, or changed within it: the later of the two days.
    begins_on = ibis.coalesce(ibis.greatest(issues.valid_from, issues.issued_on), issues.valid_from, issues.issued_on)
    issues = issues.mutate(begins_on=begins_on, form=_form(issues, rules.status.forms))
    gone = _ended(gathered, rules).rename(gone="sid")
    issues = engine.save(issues.left_join(gone, [issues.sid == gone.gone]).drop("gone"))
    joined = chained(issues, rules.levels.chain, rules.status.licence, engine=engine).join(gathered.subjects, "sid")
    return engine.save(joined.mutate(site_id=site_id(joined.subject_id, joined.site_key), chain_id=_chain_id(joined)))


def period_rows(issues: ir.Table) -> ir.Table:
    """The table `licence_period`."""
    return issues.select(*TABLES["licence_period"].names).cast(TABLES["licence_period"].schema)


def _chain_id(rows: ir.Table) -> ir.StringValue:
    return ibis.literal("C") + (rows.subject_id + "|" + rows.root).hexdigest("md5").substr(0, 16)


def _ended(gathered: Gathered, rules: GoldenRules) -> ir.Table:
    """One row per subject that a register calls ended: sid, closed (true), closed_on."""
    rows = gathered.registrations
    ends = [name for name, column in rules.status.subject.begins.items() if column == "cancelled_on"]
    return rows.filter(rows.value.isin(ends)).group_by("sid").agg(closed=rows.value.notnull().max(), closed_on=rows.cancelled_on.min())


def _granted(table: ir.Table, kind: str) -> ir.Table:
    has = EXTRACTS[kind]
    schema = {"issued_on": "date", "valid_from": "date", "valid_to": "date"}
    taken = {name: table[name] if name in has else ibis.null(schema.get(name, "string")) for name in _TAKEN}
    return table.select("record_id", items=_ITEMS[kind], **taken)


def _form(rows: ir.Table, rules: FormRules) -> ir.StringValue:
    """Form of business that the licence shows; NULL when it shows none."""
    # The form stated goes first, then the digit behind JY; a pattern for each of a million numbers would cost seconds.
    return ibis.cases(
        *[
            ((rows.kind == "production_licence") & rows.licence_no.startswith(f"SC{n}"), ibis.literal(name))
            for n, name in rules.production.items()
        ],
        (rows.kind == "production_licence", ibis.literal(next(iter(rules.production.values())))),
        *[
            (
                (rows.kind == "operation_licence") & ((rows.form == n) | (rows.form.isnull() & rows.licence_no.startswith(f"JY{n}"))),
                ibis.literal(name),
            )
            for n, name in rules.operation.items()
        ],
        (rows.kind == "filing", ibis.literal(rules.filing)),
        (rows.kind == "small_registration", rows.small_kind),
        else_=ibis.null("string"),
    )
