"""Worked cases: small tables built from the rows in a rule file, judged by the same engine as a million rows.

Each case has a source of its own, so rules that compare rows see only the rows of their case. Raw text defaults to the value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import ibis.expr.datatypes as dt
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.validate.check import check
from evenhand.validate.rules import Case, QualityRule

__all__ = ["CaseResult", "run_cases", "tables_of"]

_Row = Mapping[str, Any]
_DELIVERED: Final = date(2026, 11, 1)


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """What the rule said about one case; `finding` is the row of the findings table, None when there is none."""

    rule: QualityRule
    case: Case
    outcome: str
    finding: Mapping[str, Any] | None


def run_cases(rules: Sequence[QualityRule], *, engine: Engine, pack: Pack) -> Iterator[CaseResult]:
    """Judge every case of every rule; cases without rows of other data sets are judged together."""
    asked = [(f"{rule.id}#{n}", rule, case) for rule in rules for n, case in enumerate(rule.cases)]
    alone = [[entry] for entry in asked if entry[2].others]
    plain = sorted((entry for entry in asked if not entry[2].others), key=lambda entry: (entry[2].kind, entry[2].asof, entry[0]))
    together = [list(group) for _, group in groupby(plain, key=lambda entry: (entry[2].kind, entry[2].asof))]
    for batch in (*together, *alone):
        yield from _judge(batch, engine=engine, pack=pack)


def _judge(batch: Sequence[tuple[str, QualityRule, Case]], *, engine: Engine, pack: Pack) -> Iterator[CaseResult]:
    kind, asof = batch[0][2].kind, date.fromisoformat(batch[0][2].asof)
    data: dict[str, list[_Row]] = {kind: []}
    for name, _, case in batch:
        data[kind] += [_identified(row, name, place) for place, row in enumerate(case.rows)]
        for other, rows in case.others.items():
            data.setdefault(other, []).extend(_identified(row, f"{name}:{other}", place) for place, row in enumerate(rows))
    standard, record = tables_of(data)
    tables = {other: engine.table(table) for other, table in standard.items()}
    rules = {rule.id: rule for _, rule, _ in batch}
    known = engine.table(record)
    checked = check(tables, known, rules=rules.values(), asof=asof, engine=engine, pack=pack)
    found = {(row["rule"], row["record_id"]): row for row in engine.arrow(checked.findings).to_pylist()}
    counts = {(row["rule"], row["source"]): row for row in engine.arrow(checked.counts.filter(checked.counts.kind == kind)).to_pylist()}
    for name, rule, case in batch:
        finding = found.get((rule.id, f"{name}/0"))
        yield CaseResult(rule=rule, case=case, outcome=finding["outcome"] if finding else _quiet(counts[rule.id, name]), finding=finding)


def _quiet(counts: Mapping[str, Any]) -> str:
    """The outcome of rows that left no finding."""
    return next((outcome for outcome, name in (("pass", "passed"), ("unknown", "unknown"), ("skipped", "skipped")) if counts[name]), "")


def _identified(row: _Row, name: str, place: int) -> _Row:
    return {"source": name, "row": place + 2, **row, "record_id": f"{name}/{place}"}


def tables_of(data: Mapping[str, Sequence[_Row]]) -> tuple[dict[str, pa.Table], pa.Table]:
    """Return the standardised tables and the table of records of a few rows written by hand.

    A row may hold fields, `<field>_raw`, columns of provenance and columns of `record`; everything else is NULL. Rows of kind `record`
    are rows of the table of records themselves.
    """
    record = []
    standard = {}
    for kind, rows in data.items():
        filled = [{"kind": kind, "delivery": _DELIVERED, "file": "示例.csv", "sheet": "", "fault": "", **row} for row in rows]
        record += filled
        if kind != "record":
            standard[kind] = _arrow([_with_raw(row, kind) for row in filled], standard_schema(EXTRACTS[kind]))
    return standard, _arrow(
        [{k.removeprefix("record_") if k != "record_id" else k: v for k, v in row.items()} for row in record], TABLES["record"].schema
    )


def _with_raw(row: _Row, kind: str) -> _Row:
    raw: dict[str, Any] = {f"{name}_raw": None if row.get(name) is None else str(row[name]) for name in EXTRACTS[kind].names}
    return {**raw, **row}


def _arrow(rows: Sequence[_Row], schema: Any) -> pa.Table:
    types = schema.to_pyarrow()
    columns = [pa.array([_value(row.get(name), kind) for row in rows], types.field(name).type) for name, kind in schema.items()]
    return pa.table(columns, schema=types)


def _value(value: Any, kind: dt.DataType) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if kind.is_decimal():
        return Decimal(str(value))
    if kind.is_date():
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    return str(value) if kind.is_string() else value
