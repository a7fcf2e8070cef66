"""The columns a condition sees: the fields of its data set, and beside them what `record` knows about the row."""

import ast
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.validate.functions import Cell
from evenhand.validate.language import Expression, Scope, name_of, table_calls
from evenhand.validate.rules import names_of

__all__ = ["base_table", "columns_of", "trial_scope", "type_of_call", "types_of"]

_IDENTITY: Final = ("record_id", "kind", "source", "record_office")


def base_table(wanted: Mapping[str, Iterable[str]], *, standard: Mapping[str, ir.Table], record: ir.Table) -> ir.Table:
    """Return the rows of several kinds, one under the other; `wanted` says which names the rows of each kind need.

    `record_id`, `kind`, `source` and `record_office` are always there. A name that a kind does not want may be NULL in its rows; so is a
    field that it does not have, and what `record` says of a row that it does not know.
    """
    names = {kind: {*mine, *_IDENTITY} - {"asof"} for kind, mine in wanted.items()}
    if "record" in names:
        return record.select(*[c for c in record.columns if c in names["record"]], record_office=record.office)
    own = {kind: {name for name in mine if name in standard[kind].columns} for kind, mine in names.items()}
    types = {name: standard[kind][name].type() for kind in names for name in sorted(own[kind])}
    parts = [standard[k].select(**{n: standard[k][n] if n in own[k] else ibis.null(types[n]) for n in sorted(types)}) for k in names]
    stacked = parts[0] if len(parts) == 1 else ibis.union(*parts, distinct=False)
    # Only what some kind needs and does not have itself is joined: `record` is the largest table, and wide.
    beside = sorted({name for kind in names for name in names[kind] - own[kind]})
    sources = {name: name if name in TABLES["record"].names else name.removeprefix("record_") for name in beside}
    known = record.select(record_key=record.record_id, **{f"known_{name}": record[c] for name, c in sources.items() if c in record.columns})
    joined = stacked.left_join(known, [("record_id", "record_key")])
    columns = {name: joined[name] for name in types} | {
        # A name that is a field here and only known to `record` there means the field where there is one.
        name: joined.kind.isin([k for k in names if name in own[k]]).ifelse(joined[name], joined[f"known_{name}"])
        if name in types
        else joined[f"known_{name}"]
        for name in beside
        if f"known_{name}" in known.columns
    }
    return joined.select(**columns)


def columns_of(table: ir.Table, *, asof: date) -> dict[str, Cell]:
    """Return each name a condition may use with its column."""
    return {name: table[name] for name in table.columns} | {"asof": ibis.literal(asof)}


def trial_scope(kind: str, expression: Expression, *, pack: Pack) -> Scope:
    """Return a scope over an empty table of the right types: enough to see whether an expression fits the data set."""
    calls = table_calls([expression])
    lookups = ibis.table({f"lookup_{n}": type_of_call(call) for n, call in enumerate(calls.values())} or {"none": "int64"}, name="lookups")
    joined = {text: lookups[f"lookup_{n}"] for n, text in enumerate(calls)}
    return Scope(columns=_trial_columns(kind), joined=joined, pack=pack)


def types_of(kind: str, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return each name with the type it has in this data set."""
    columns = _trial_columns(kind)
    return tuple((name, str(columns[name].type())) for name in sorted(names))


@cache
def _trial_columns(kind: str) -> dict[str, Cell]:
    record = TABLES["record"].schema
    own = {} if kind == "record" else dict(standard_schema(EXTRACTS[kind]))
    types = {
        name: own.get(name) or record[name if name in record else name.removeprefix("record_")] for name in names_of(kind) if name != "asof"
    }
    return columns_of(ibis.table(types, name=kind), asof=date(2000, 1, 1))


def type_of_call(call: ast.Call) -> Any:
    """Return the type of the column that a table function gives."""
    match name_of(call):
        case "unique" | "exists_in":
            return "boolean"
        case "earliest_in" | "latest_in":
            kind, value = (str(getattr(call.args[n], "value", "")) for n in (1, 3))
            return EXTRACTS[kind][value].column_type
        case _:
            return "int64"
