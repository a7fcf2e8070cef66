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

__all__ = ["chain_id", "granted_rows", "is_slip", "issue_rows", "period_rows", "with_texts"]

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
_LOOKED_AT: Final = (
    "rid", "sid", "licence_no", "licence_kind", "kind", "form", "site_key", "issued_on", "valid_from", "valid_to", "licence_status", "delivery",
)  # fmt: skip
"""What chains, statuses and moves look at."""
_TAKEN: Final = ("form", "small_kind", "issuer", "issued_on", "valid_from", "valid_to", "licence_status")


def granted_rows(standard: Mapping[str, ir.Table], record: ir.Table, gathered: Gathered, rules: FormRules, *, engine: Engine) -> ir.Table:
    """One row per record that grants a licence: rid, sid, site_key and all that `licence` and `licence_period` show of it."""
    granted = ibis.union(*[_granted(extract_of(standard, kind), kind) for kind in _ITEMS], distinct=False)
    known = record.filter(record.licence_no.notnull())
    named = known.select(
        "record_id", "kind", "licence_no", "place", "county_code", "road", "house_no", "office", "delivery", licence_kind=known.licence_kind.fill_null(_OTHER),
        site_key=ibis.coalesce(known.place_key, known.place),
    )  # fmt: skip
    rows = granted.join(named, "record_id").join(gathered.numbers, "record_id").join(gathered.subjects, "sid")
    return engine.save(rows.mutate(form=_form(rows, rules), site_id=site_id(rows.subject_id, rows.site_key)))


def issue_rows(granted: ir.Table, gathered: Gathered, rules: GoldenRules, *, engine: Engine) -> ir.Table:
    """One row per issue: rid of the record that stands for it, and what chains, statuses and moves look at.

    Of several records of one issue the latest delivered counts, then the smallest record id.
    """
    # Windows sort what they are given: texts that only people read are joined at the end.
    rows = granted.select(*_LOOKED_AT)
    one = (*NUMBER, "issued_on", "valid_to")
    ranked = rows.mutate(
        turn=ibis.row_number().over(ibis.window(group_by=one, order_by=[ibis.desc("delivery", nulls_first=False), ibis.asc("rid")])),
        record_count=rows.count().over(ibis.window(group_by=one)),
        # From when on the present state was stated: the earliest delivery that had it.
        stated_on=rows.delivery.min().over(ibis.window(group_by=(*one, "licence_status"))),
    )
    issues = ranked.filter(ranked.turn == 0).drop("turn", "delivery")
    # Issued before its period begins, or changed within it: the later of the two days.
    begins_on = ibis.coalesce(ibis.greatest(issues.valid_from, issues.issued_on), issues.valid_from, issues.issued_on)
    gone = _ended(gathered, rules).rename(gone="sid")
    issues = engine.save(
        issues.mutate(begins_on=begins_on, believed_to=is_slip(issues.valid_to, begins_on).ifelse(ibis.null("date"), issues.valid_to))
        .left_join(gone, [issues.sid == gone.gone])
        .drop("gone")
    )
    return engine.save(chained(issues, rules.levels.chain, engine=engine))


def period_rows(issues: ir.Table, granted: ir.Table) -> ir.Table:
    """The table `licence_period`."""
    rows = with_texts(issues, granted)
    rows = rows.mutate(chain_id=chain_id(rows))
    return rows.select(*TABLES["licence_period"].names).cast(TABLES["licence_period"].schema)


def is_slip(valid_to: ir.DateValue, begins_on: ir.DateValue) -> ir.BooleanValue:
    """Whether a last day is not after the first (1900-01-01, or the day of issue in a row whose columns slipped): such a day is shown, not believed."""
    return (valid_to <= begins_on).fill_null(ibis.literal(value=False))


def with_texts(issues: ir.Table, granted: ir.Table) -> ir.Table:
    """Issues with all that the record of each says."""
    return issues.join(granted.drop(*[name for name in granted.columns if name in issues.columns and name != "rid"]), "rid")


def chain_id(rows: ir.Table) -> ir.StringValue:
    """`C` and 16 hexadecimal digits, a fixed function of the subject and the first number of the chain."""
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
