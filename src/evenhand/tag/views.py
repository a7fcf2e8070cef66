"""Views: the tables that rules may read, one row per thing they speak of, each tied to its subject.

`licence` holds, for each licence of the register, the source rows of its present issue: a renewal's old rows and words no longer count.
"""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.standards import EXTRACTS, TABLES, standard_schema

__all__ = ["COLUMNS", "EVENTS", "NEEDED", "Views", "build_views"]

_SUBJECT: Final = (
    "name", "uscc", "subject_type", "place", "county_code", "town_code", "office", "industry", "scope", "founded_on", "status", "status_reason", "forms",
    "licence_count", "first_seen",
)  # fmt: skip
_LICENCE: Final = ("licence_no", "licence_kind", "form", "items", "issued_on", "valid_from", "valid_to", "status", "status_reason")
_DETAILS: Final = (
    "form_note", "area", "seats", "staff", "diners", "online", "website", "physical_shop", "central_kitchen", "chain", "wholesale", "meal_delivery",
    "vending", "canteen_type", "trade_type", "small_kind", "product_kind", "class_codes", "name", "warehouse",
)  # fmt: skip
_LICENCE_KINDS: Final = {
    "production_licence": "licence_no", "operation_licence": "licence_no", "filing": "licence_no", "small_registration": "licence_no", "special_food": "product_no",
}  # fmt: skip
EVENTS: Final = ("inspection", "inspection_problem", "sampling", "complaint", "penalty", "credit", "campaign")
"""Views with one row per event; their subject is found through membership."""
_LATER: Final = {
    "grade": ("model", "scheme", "grade", "static_tier", "begins_on", "ends_on", "reason"),
}
"""Views that a later stage brings; until then they are empty, and their rules give nothing."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "subject": _SUBJECT,
    "licence": (*_LICENCE, *_DETAILS),
    "licence_row": ("licence_no", "licence_status"),
    "production_class": ("licence_no", "status", "issued_on", "valid_to", "class_code", "category", "number_category"),
    "size": ("industry", "staff", "revenue"),
    **{kind: tuple(EXTRACTS[kind].names) for kind in EVENTS},
    **_LATER,
}
"""Columns a rule may name, by view."""

NEEDED: Final = ("subject", "licence", "membership", "registration", *_LICENCE_KINDS, *EVENTS)
"""Tables of a build or a release that tagging reads."""


class Views:
    """The views of one build. `members`: record_id → sid; `subjects`: sid → subject_id; both saved."""

    def __init__(self, tables: dict[str, ir.Table], *, members: ir.Table, subjects: ir.Table) -> None:
        """Keep the tables."""
        self.tables, self.members, self.subjects = tables, members, subjects

    def __getitem__(self, name: str) -> ir.Table:
        """Return the view: with `sid`, or with `record_id` for events."""
        return self.tables[name]


def build_views(tables: Mapping[str, ir.Table], *, engine: Engine) -> Views:
    """Build every view from the tables named in `NEEDED`; an extract that is missing counts as empty."""
    held = {name: tables.get(name, _empty(name)) for name in NEEDED}
    ids = held["subject"].select("subject_id")
    subjects = engine.save(ids.mutate(sid=ibis.row_number().over(order_by="subject_id").cast("int32")))
    members = engine.save(held["membership"].select("record_id", "subject_id").join(subjects, "subject_id").select("record_id", "sid"))
    subject = engine.save(held["subject"].join(subjects, "subject_id").select("sid", *_SUBJECT))
    licence = engine.save(_licences(held, members, subjects))
    views = {
        "subject": subject, "licence": licence, "production_class": engine.save(_classes(licence)), "size": engine.save(_sizes(held, members, subject)),
    }  # fmt: skip
    views["licence_row"] = _rows(held, members)
    views |= {kind: held[kind].select("record_id", *EXTRACTS[kind].names) for kind in EVENTS}
    views |= {name: _later(tables.get(name), columns, subjects) for name, columns in _LATER.items()}
    return Views(views, members=members, subjects=subjects)


def _empty(name: str) -> ir.Table:
    schema = standard_schema(EXTRACTS[name]) if name in EXTRACTS else TABLES[name].schema
    return ibis.memtable(schema.to_pyarrow().empty_table())


def _later(table: ir.Table | None, columns: tuple[str, ...], subjects: ir.Table) -> ir.Table:
    if table is not None:
        return table.join(subjects, "subject_id").select("sid", *columns)
    types = {name: "date" if name.endswith(("_on", "_to")) else "string" for name in columns}
    return ibis.memtable(ibis.schema({"sid": "int32", **types}).to_pyarrow().empty_table())


def _licences(held: Mapping[str, ir.Table], members: ir.Table, subjects: ir.Table) -> ir.Table:
    """Rows of the present issue of each licence: what the register says of it, and the details its source rows carry."""
    types = {f.name: f.column_type for extract in EXTRACTS.values() for f in extract}
    never = ibis.date("1900-01-01")
    rows = []
    for kind, number in _LICENCE_KINDS.items():
        table = held[kind]
        details = {name: table[name] if name in EXTRACTS[kind] else ibis.null(types[name]) for name in _DETAILS}
        rows.append(table.select("record_id", number=table[number], issue=ibis.coalesce(table.issued_on, never), **details))
    details_of = ibis.union(*rows, distinct=False).join(members, "record_id").drop("record_id")
    licence = held["licence"].join(subjects, "subject_id").select("sid", *_LICENCE)
    licence = licence.mutate(issue=ibis.coalesce(licence.issued_on, never))
    joined = licence.join(details_of, [("sid", "sid"), ("licence_no", "number"), ("issue", "issue")])
    return joined.select("sid", *COLUMNS["licence"])


def _rows(held: Mapping[str, ir.Table], members: ir.Table) -> ir.Table:
    """Rows of every licence source, those whose number is missing or wrong too."""
    rows = []
    for kind, number in _LICENCE_KINDS.items():
        if kind != "special_food":
            rows.append(held[kind].select("record_id", "licence_status", licence_no=held[kind][number]))
    return ibis.union(*rows, distinct=False).join(members, "record_id").select("sid", *COLUMNS["licence_row"])


def _classes(licence: ir.Table) -> ir.Table:
    """One row per production licence and class code; a licence without class codes has one row with its number's category alone."""
    held = licence.filter(licence.licence_kind == "SC")
    parted = held.class_codes.fill_null("").re_replace(r"[^0-9]+", ",").split(",").unnest()
    rows = held.select("sid", "licence_no", "status", "issued_on", "valid_to", class_code=parted)
    return rows.mutate(
        class_code=rows.class_code.nullif(""),
        category=rows.class_code.substr(0, 2).nullif(""),
        number_category=rows.licence_no.re_extract("^SC([0-9]{3})", 1).nullif(""),
    )


def _sizes(held: Mapping[str, ir.Table], members: ir.Table, subject: ir.Table) -> ir.Table:
    """One row per subject with staff or revenue: the latest figure stated in the register or a production licence."""
    rows = []
    for kind, day in (("registration", "approved_on"), ("production_licence", "issued_on")):
        table = held[kind]
        kept = table.filter(table.staff.notnull() | table.revenue.notnull())
        rows.append(
            kept.select("record_id", "staff", revenue=kept.revenue.cast("float64"), day=ibis.coalesce(kept[day], ibis.date("1900-01-01")))
        )
    stated = ibis.union(*rows, distinct=False).join(members, "record_id")
    # A row without a figure gives no key, and rows without a key are not asked: the same on every engine.
    latest = {name: stated[name].argmax(stated[name].notnull().ifelse(stated.day, ibis.null("date"))) for name in ("staff", "revenue")}
    return stated.group_by("sid").agg(**latest).join(subject.select("sid", "industry"), "sid")
