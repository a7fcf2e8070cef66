"""Table functions of conditions: each distinct call becomes one joined column.

Every join is a left join on a table with at most one row per key, so no row is lost or doubled.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.validate.columns import columns_of, type_of_call
from evenhand.validate.language import Expression, Scope, compile_expression, name_of, table_calls

__all__ = ["Neighbours", "with_lookups"]

_SEPARATORS: Final = "[、,，;；/ ]+"


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What table functions may look at: the other data sets, the rule pack, the day, the engine."""

    standard: Mapping[str, ir.Table]
    pack: Pack
    asof: date
    engine: Engine
    kept: dict[tuple[str, ...], ir.Table] = field(default_factory=dict)

    def keep(self, key: tuple[str, ...], build: Callable[[], ir.Table]) -> ir.Table:
        """Return the table of that key, worked out and saved at its first use."""
        if key not in self.kept:
            self.kept[key] = self.engine.save(build())
        return self.kept[key]


def with_lookups(base: ir.Table, asked: Iterable[tuple[Expression, tuple[str, ...]]], *, near: Neighbours) -> tuple[ir.Table, Scope]:
    """Return the base with one more column per distinct table call, and the scope that knows them. Rows stay as they are.

    `asked`: expressions, each with the kinds of rows that it is asked of; on other rows the columns may say anything.
    """
    calls: dict[str, ast.Call] = {}
    kinds: dict[str, set[str]] = {}
    for expression, data in asked:
        for text, call in table_calls([expression]).items():
            calls.setdefault(text, call)
            kinds.setdefault(text, set()).update(data)
    table, names = base, {}
    for place, (text, call) in enumerate(calls.items()):
        name = f"lookup_{place}"
        scope = Scope(columns=columns_of(table, asof=near.asof), joined={}, pack=near.pack)
        if name_of(call) == "unique":
            table = _unique(table, call, name, scope, near, kinds=kinds[text])
        else:
            table = _BUILDERS[name_of(call)](table, call, name, scope, near)
        names[text] = name
    joined = {text: table[name] for text, name in names.items()}
    return table, Scope(columns=columns_of(table, asof=near.asof), joined=joined, pack=near.pack)


def _attach(table: ir.Table, keys: Mapping[str, Any], found: ir.Table, *, name: str, value: Callable[[ir.Table], Any]) -> ir.Table:
    """Left-join `found` (one row per key, key columns named `name_k0` …) and keep one more column `name`."""
    keyed = table.mutate(**{f"{name}_l{n}": key for n, key in enumerate(keys.values())})
    matches = [keyed[f"{name}_l{n}"] == found[f"{name}_k{n}"] for n in range(len(keys))]
    joined = keyed.left_join(found, matches)
    return joined.select(*table.columns, **{name: value(joined)})


def _unique(table: ir.Table, call: ast.Call, name: str, scope: Scope, near: Neighbours, *, kinds: Iterable[str]) -> ir.Table:
    keys = {"source": table.source, "kind": table.kind} | {str(n): compile_expression(arg, scope) for n, arg in enumerate(call.args)}
    rows = table if "record" in set(kinds) else table.filter(table.kind.isin(sorted(kinds)))
    counted = rows.select(**{f"{name}_k{n}": key for n, key in enumerate(keys.values())})
    doubles = counted.group_by(counted.columns).agg(**{f"{name}_n": counted.count()}).filter(lambda t: t[f"{name}_n"] > 1)
    doubles = near.engine.save(doubles)

    def value(joined: ir.Table) -> Any:
        known = ibis.and_(*[joined[f"{name}_l{n}"].notnull() for n in range(len(keys))])
        return known.ifelse(joined[f"{name}_n"].isnull(), ibis.null("boolean"))

    return _attach(table, keys, doubles, name=name, value=value)


def _other(call: ast.Call, near: Neighbours) -> tuple[ir.Table | None, list[str]]:
    kind, *fields = [str(arg.value) for arg in call.args[1:] if isinstance(arg, ast.Constant)]
    return near.standard.get(kind), fields


def _in_other(table: ir.Table, call: ast.Call, name: str, scope: Scope, near: Neighbours) -> ir.Table:
    """Join the other data set grouped by its key: how many rows, and the least or greatest value."""
    other, fields = _other(call, near)
    function = name_of(call)
    if other is None:
        return table.mutate(**{name: ibis.null(type_of_call(call))})
    wanted = {"earliest_in": "min", "latest_in": "max"}.get(function)

    def grouped() -> ir.Table:
        rows = other.filter(other[fields[0]].notnull())
        measure = getattr(rows[fields[1]], wanted)() if wanted else rows.count()
        return rows.group_by(k0=rows[fields[0]]).agg(v=measure)

    kind = str(getattr(call.args[1], "value", ""))
    found = near.keep((wanted or "rows", kind, *fields), grouped).rename({f"{name}_k0": "k0", f"{name}_v": "v"})
    asked = compile_expression(call.args[0], scope)

    def value(joined: ir.Table) -> Any:
        got = joined[f"{name}_v"]
        if wanted:
            return got
        answer = got.notnull() if function == "exists_in" else got.fill_null(0)
        return joined[f"{name}_l0"].notnull().ifelse(answer, ibis.null(type_of_call(call)))

    return _attach(table, {"0": asked}, found, name=name, value=value)


def _certified_named(table: ir.Table, call: ast.Call, name: str, scope: Scope, near: Neighbours) -> ir.Table:
    """How many of the persons named hold a certificate on the day; NULL when no inspectors' data set or no names were given.

    Namesakes count as one person holding the best certificate of them: doubt speaks for the record.
    """
    people = near.standard.get("inspector")
    if people is None:
        return table.mutate(**{name: ibis.null("int64")})
    names, on = (compile_expression(arg, scope) for arg in call.args)
    # A team on a day repeats over many visits: the distinct pairs are split, not the rows.
    asked = near.engine.save(table.select(team=names, on=on).filter(lambda t: t.team.notnull() & t.on.notnull()).distinct())
    split = asked.mutate(person=asked.team.re_replace(_SEPARATORS, "、").split("、").unnest())
    held = people.filter(people.certified & people.inspector.notnull())
    held = held.group_by(holder=held.inspector).agg(until=held.certificate_to.max(), open_end=held.certificate_to.isnull().any())
    matched = split.distinct().left_join(held, split.person == held.holder)
    holds = (matched.holder.notnull() & (matched.open_end | (matched.until >= matched.on))).fill_null(False)  # noqa: FBT003 — Ibis takes it by position only
    found = matched.group_by(**{f"{name}_k0": matched.team, f"{name}_k1": matched.on}).agg(**{f"{name}_v": holds.cast("int64").sum()})
    return _attach(table, {"0": names, "1": on}, near.engine.save(found), name=name, value=lambda joined: joined[f"{name}_v"])


def _workday_number(table: ir.Table, call: ast.Call, name: str, scope: Scope, near: Neighbours) -> ir.Table:
    days = near.keep(("calendar",), lambda: ibis.memtable(_calendar(near.pack)))
    calendar = days.rename({f"{name}_k0": "day", f"{name}_v": "number"})
    return _attach(table, {"0": compile_expression(call.args[0], scope)}, calendar, name=name, value=lambda joined: joined[f"{name}_v"])


def _calendar(pack: Pack) -> pa.Table:
    """One row per day of the years in the code list `holidays`: how many working days have passed up to that day."""
    marked = {date.fromisoformat(row["date"]): row["kind"] for row in pack.codes("holidays")}
    first, last = date(min(marked).year, 1, 1), date(max(marked).year, 12, 31)
    days, numbers, passed = [], [], 0
    for day in (first + timedelta(n) for n in range((last - first).days + 1)):
        is_workday = marked.get(day) == "makeup_workday" or (day.isoweekday() <= 5 and day not in marked)  # noqa: PLR2004 — Friday
        passed += is_workday
        days.append(day)
        numbers.append(passed)
    return pa.table({"day": pa.array(days, pa.date32()), "number": pa.array(numbers, pa.int64())})


_BUILDERS: Final[Mapping[str, Callable[[ir.Table, ast.Call, str, Scope, Neighbours], ir.Table]]] = {
    "exists_in": _in_other, "earliest_in": _in_other, "latest_in": _in_other, "rows_in": _in_other,
    "certified_named": _certified_named, "workday_number": _workday_number,
}  # fmt: skip
