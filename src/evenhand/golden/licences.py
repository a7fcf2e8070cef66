"""Licences: one row per number and subject, with the status it has on a day and why."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.gathering import Gathered, extract_of
from evenhand.golden.rules import FormRules, LicenceRules, StatusRules
from evenhand.golden.sites import site_id
from evenhand.golden.survivors import RECORDS, days_left
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["licence_rows", "licence_status"]

_ITEMS: Final = {
    "production_licence": "food_categories",
    "operation_licence": "items",
    "filing": "items",
    "small_registration": "items",
    "special_food": "product_name",
}
"""Kinds of extract that grant something, and the field that says what."""
_TAKEN: Final = ("form", "small_kind", "issuer", "issued_on", "valid_from", "valid_to", "licence_status")


def licence_rows(
    standard: Mapping[str, ir.Table], record: ir.Table, gathered: Gathered, rules: StatusRules, *, asof: date, engine: Engine
) -> ir.Table:
    """The table `licence`: of several records of one number the latest issued counts, then the smallest record id."""
    granted = ibis.union(*[_granted(extract_of(standard, kind), kind) for kind in _ITEMS], distinct=False)
    known = record.filter(record.licence_no.notnull())
    named = known.select(
        "record_id",
        "kind",
        "licence_no",
        "licence_kind",
        "place",
        "county_code",
        "office",
        site_key=ibis.coalesce(known.place_key, known.place),
    )
    rows = engine.save(granted.join(named, "record_id").join(gathered.numbers, "record_id"))
    latest = rows.group_by("sid", "licence_no", "licence_kind").agg(key=(days_left(rows.issued_on) * RECORDS + rows.rid).min())
    chosen = rows.semi_join(latest.select(rid=latest.key % RECORDS), "rid")
    mentions = known.select("record_id", "licence_no").join(gathered.numbers, "record_id")
    counted = mentions.group_by("sid", "licence_no").agg(record_count=mentions.count())
    chosen = chosen.join(counted, ["sid", "licence_no"]).join(gathered.subjects, "sid")
    status, reason = licence_status(chosen, rules.licence, asof=asof)
    filled = chosen.mutate(
        site_id=site_id(chosen.subject_id, chosen.site_key), status=status, status_reason=reason, form=_form(chosen, rules.forms)
    )
    return engine.save(filled.select(*TABLES["licence"].names).cast(TABLES["licence"].schema))


def licence_status(rows: ir.Table, rules: LicenceRules, *, asof: date) -> tuple[ir.StringValue, ir.StringValue]:
    """Status on a day and its reason (证照推定状态).

    Args:
        rows: one row per licence: kind, licence_status (code), valid_to.
        rules: `golden/status.yaml`, `licence`.
        asof: the day; a licence is still valid on its last day.
    """
    said, names = rules.reasons, rules.names
    day = rows.valid_to.cast("string")
    left = rows.valid_to.delta(ibis.literal(asof), unit="day")
    values = {"asof": asof.isoformat(), "days": rules.soon_days}
    stated = [(rows.licence_status == code, name, ibis.literal(said["stated"].format(status=name))) for code, name in rules.stated.items()]
    dated = [
        (rows.valid_to < ibis.literal(asof), names["expired"], _told(said["expired"], day, **values)),
        (rows.valid_to.notnull() & (rows.licence_status == rules.expired_code), names["unknown"], _told(said["doubtful"], day, **values)),
        (left <= rules.soon_days, names["soon"], _told(said["soon"], day, **values)),
        (rows.valid_to.notnull(), names["valid"], _told(said["valid"], day, **values)),
        (rows.licence_status == rules.expired_code, names["expired"], ibis.literal(said["stated_expired"])),
        (rows.kind.isin(rules.open_ended), names["valid"], ibis.literal(said["open_ended"])),
        (rows.licence_status == rules.valid_code, names["valid"], ibis.literal(said["stated_valid"])),
    ]
    cases = [*stated, *dated]
    status = ibis.cases(*[(test, ibis.literal(name)) for test, name, _ in cases], else_=ibis.literal(names["unknown"]))
    reason = ibis.cases(*[(test, text) for test, _, text in cases], else_=ibis.literal(said["unknown"]))
    return status, reason


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


def _told(template: str, day: ir.StringValue, **values: object) -> ir.StringValue:
    before, _, after = template.partition("{day}")
    return ibis.literal(before.format(**values)) + day + ibis.literal(after.format(**values))
