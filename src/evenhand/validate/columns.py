"""The columns a condition sees: the fields of its data set, and beside them what `record` knows about the row."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.validate.functions import Cell
from evenhand.validate.language import Expression, Scope, table_calls
from evenhand.validate.rules import names_of

__all__ = ["base_table", "columns_of", "trial_scope", "type_of_call"]

_IDENTITY: Final = ("record_id", "kind", "source", "record_office")


def base_table(kind: str, *, standard: ir.Table | None, record: ir.Table, wanted: Iterable[str]) -> ir.Table:
    """Return the rows of one kind with the wanted ones of `names_of(kind)`; one row per row of the kind.

    `record_id`, `kind`, `source` and `record_office` are always there. A row that `record` does not know keeps NULL in the columns of `record`.
    """
    names = {*wanted, *_IDENTITY}
    if kind == "record" or standard is None:
        return record.select(*[c for c in record.columns if c in names], record_office=record.office)
    own = [c for c in standard.columns if c in names]
    beside = {name: name.removeprefix("record_") for name in names_of(kind) if name in names and name not in standard.columns and name != "asof"}
    known = record.select(record_key=record.record_id, **{name: record[column] for name, column in beside.items()})
    return standard.select(*own).left_join(known, [("record_id", "record_key")]).drop("record_key")


def columns_of(table: ir.Table, *, asof: date) -> dict[str, Cell]:
    """Return each name a condition may use with its column."""
    return {name: table[name] for name in table.columns} | {"asof": ibis.literal(asof)}


def trial_scope(kind: str, expression: Expression, *, pack: Pack) -> Scope:
    """Return a scope over an empty table of the right types: enough to see whether an expression fits the data set."""
    calls = table_calls([expression])
    lookups = ibis.table({f"lookup_{n}": type_of_call(call) for n, call in enumerate(calls.values())} or {"none": "int64"}, name="lookups")
    joined = {text: lookups[f"lookup_{n}"] for n, text in enumerate(calls)}
    return Scope(columns=_trial_columns(kind), joined=joined, pack=pack)


@cache
def _trial_columns(kind: str) -> dict[str, Cell]:
    record = TABLES["record"].schema
    own = {} if kind == "record" else dict(standard_schema(EXTRACTS[kind]))
    types = {name: own.get(name) or record[name if name in record else name.removeprefix("record_")] for name in names_of(kind) if name != "asof"}
    return columns_of(ibis.table(types, name=kind), asof=date(2000, 1, 1))


def type_of_call(call: Any) -> Any:  # noqa: ANN401 — a node of the tree in, a type of Ibis out
    """Return the type of the column that a table function gives."""
    match call.func.id:
        case "unique" | "exists_in":
            return "boolean"
        case "earliest_in" | "latest_in":
            return EXTRACTS[call.args[1].value][call.args[3].value].column_type
        case _:
            return "int64"
