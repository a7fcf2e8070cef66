"""Worked cases: the texts of each dictionary and the rows of each rule, judged by the very expressions that judge a province."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.errors import Problem
from evenhand.standards import EXTRACTS, TABLES
from evenhand.tag.conditions import NO, columns_of, condition
from evenhand.tag.messages import TAG_CASE_FAILS
from evenhand.tag.rules import Rule, TagFamily, TagRules
from evenhand.tag.words import Words, has_word

__all__ = ["failing_cases"]

_DAY: Final = date(2026, 6, 30)
"""The day on which worked cases are judged."""


def failing_cases(rules: TagRules, *, engine: Engine) -> Iterator[Problem]:
    """Give each worked case that the rules judge otherwise; nothing when all stand."""
    for family in rules.families:
        file = rules.files[family.family]
        for name, words in family.words.items():
            yield from _word_cases(file, name, words, engine=engine)
        for rule in family.rules():
            if rule.cases:
                yield from _rule_cases(file, rule, family, engine=engine)


def _told(file: str, rule: str, case: object, *, expected: bool) -> Problem:
    said = ("有", "没有") if expected else ("没有", "有")
    return Problem(TAG_CASE_FAILS, {"file": file, "rule": rule, "case": case, "expected": said[0], "found": said[1]})


def _word_cases(file: str, name: str, words: Words, *, engine: Engine) -> Iterator[Problem]:
    rows = [(text, True) for text in words.yes] + [(text, False) for text in words.no]
    table = engine.table(pa.table({"n": range(len(rows)), "text": [text for text, _ in rows]}))
    for n in _wrong(table, has_word(table.text, words), [expected for _, expected in rows], engine=engine):
        yield _told(file, f"词典 {name}", rows[n][0], expected=rows[n][1])


def _rule_cases(file: str, rule: Rule, family: TagFamily, *, engine: Engine) -> Iterator[Problem]:
    if rule.cases is None:
        return
    rows = [(row, True) for row in rule.cases.yes] + [(row, False) for row in rule.cases.no]
    table = engine.table(_table([row for row, _ in rows], rule))
    passes = condition(table, rule.where, words=family.words, asof=_DAY)
    for n in _wrong(table, passes, [expected for _, expected in rows], engine=engine):
        yield _told(file, rule.id, rows[n][0], expected=rows[n][1])


def _wrong(table: ir.Table, passes: ir.BooleanValue, expected: Sequence[bool], *, engine: Engine) -> list[int]:
    found = engine.arrow(table.select("n", passes=passes.fill_null(NO)).order_by("n"))["passes"].to_pylist()
    return [n for n, (got, want) in enumerate(zip(found, expected, strict=True)) if got != want]


def _table(rows: Sequence[Mapping[str, Any]], rule: Rule) -> pa.Table:
    """The rows as a table with every column the rule reads, typed as in its view."""
    names = sorted({name for row in rows for name in row} | columns_of(rule.where))
    schema = ibis.schema({"n": dt.Int64(), **{name: _type(name, rule.read) for name in names}}).to_pyarrow()
    exact = {name for name in names if pa.types.is_decimal(schema.field(name).type)}
    cells = [
        {name: Decimal(str(row[name])) if name in exact and row.get(name) is not None else row.get(name) for name in names} for row in rows
    ]
    return pa.Table.from_pylist([{"n": n, **row} for n, row in enumerate(cells)], schema=schema)


def _type(name: str, view: str) -> dt.DataType:
    if view in TABLES and name in TABLES[view].names:
        return TABLES[view].schema[name]
    if name == "revenue":
        return dt.Float64()
    for extract in [EXTRACTS[view]] if view in EXTRACTS else EXTRACTS.values():
        if name in extract:
            return extract[name].column_type
    return dt.String()
