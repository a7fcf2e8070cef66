"""The columns a condition sees: the fields of its data set, and beside them what `record` knows about the row."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.validate.functions import Cell
from evenhand.validate.language import Expression, Scope, table_calls
from evenhand.validate.rules import names_of

__all__ = ["base_table", "columns_of", "trial_scope", "type_of_call"]

_IDENTITY = ("record_id", "kind", "source", "record_office")


def base_table(kind: str, *, standard: ir.Table | None, record: ir.Table) -> ir.Table:
    """Return the rows of one kind with every column of `names_of(kind)` but `asof`; one row per row of the kind.

    A row that `record` does not know keeps NULL in the columns of `record`.
    """
    if kind == "record" or standard is None:
        return record.mutate(record_office=record.office)
    wanted = names_of(kind)
    own = set(standard.columns)
    beside = record.select(record_key=record.record_id, **{f"record_{c}": record[c] for c in TABLES["record"].names})
    joined = standard.left_join(beside, standard.record_id == beside.record_key)
    plain = {c: joined[f"record_{c}"] for c in TABLES["record"].names if c not in own and c in wanted}
    return joined.select(*standard.columns, *[f"record_{c}" for c in TABLES["record"].names if f"record_{c}" not in own], **plain)


def columns_of(table: ir.Table, kind: str, *, asof: date) -> dict[str, Cell]:
    """Return each name a condition may use with its column."""
    return {name: table[name] for name in names_of(kind) if name in table.columns} | {"asof": ibis.literal(asof)}


def trial_scope(kind: str, expression: Expression, *, pack: Pack) -> Scope:
    """Return a scope over an empty table of the right types: enough to see whether an expression fits the data set."""
    record = ibis.table(TABLES["record"].schema, name="record")
    standard = None if kind == "record" else ibis.table(standard_schema(EXTRACTS[kind]), name=kind)
    table = base_table(kind, standard=standard, record=record)
    joined = {text: ibis.null(type_of_call(call)) for text, call in table_calls([expression]).items()}
    return Scope(columns=columns_of(table, kind, asof=date(2000, 1, 1)), joined=joined, pack=pack)


def type_of_call(call: Any) -> Any:  # noqa: ANN401 — a node of the tree in, a type of Ibis out
    """Return the type of the column that a table function gives."""
    match call.func.id:
        case "unique" | "exists_in":
            return "boolean"
        case "earliest_in" | "latest_in":
            return EXTRACTS[call.args[1].value][call.args[3].value].column_type
        case _:
            return "int64"
