"""Conditions: the `where` of a rule as a Boolean column.

`where` is a table of tests, all of which must pass; `any` holds several such tables, one of which must; `not` holds one that must not.
A test is a value, a list of values, or a table: `not`, `min`, `max`, `above`, `below`, `has` (a text dictionary), `contains`, `starts`,
`empty`, `within_days`, `within_months`, `this_year`. A test on an empty cell fails, but for `empty`.
"""

import functools
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.tag.words import Words, has_word

__all__ = ["NO", "columns_of", "condition", "placeholders", "problems_of", "words_of"]

_TESTS: Final = frozenset(
    {"not", "min", "max", "above", "below", "has", "contains", "starts", "empty", "within_days", "within_months", "this_year"}
)
_GROUPS: Final = ("any", "not")
Where = Mapping[str, Any]
NO: Final = ibis.literal(value=False)


def _tests(where: Where) -> Iterator[tuple[str, Any]]:
    """Walk every (column, test) of a condition, inside groups too."""
    for key, test in where.items():
        if key == "any":
            for part in test:
                yield from _tests(part)
        elif key == "not":
            yield from _tests(test)
        else:
            yield key, test


def columns_of(where: Where) -> set[str]:
    """Return the columns a condition reads."""
    return {name for name, _ in _tests(where)}


def words_of(where: Where) -> set[str]:
    """Return the text dictionaries a condition asks."""
    return {test["has"] for _, test in _tests(where) if isinstance(test, Mapping) and "has" in test}


def problems_of(where: Where) -> list[str]:
    """Return what is wrong with the form of a condition, in Chinese; empty when nothing is."""
    found = []
    for name, test in _tests(where):
        if isinstance(test, Mapping) and (unknown := set(test) - _TESTS):
            found.append(f"{name} 的比较“{'、'.join(sorted(map(str, unknown)))}”不存在；可用 {'、'.join(sorted(_TESTS))}")
        elif isinstance(test, Mapping) and not test:
            found.append(f"{name} 没有写比较")
    return found


def condition(rows: ir.Table, where: Where, *, words: Mapping[str, Words], asof: date) -> ir.BooleanValue:
    """Return whether each row passes; never NULL."""
    parts = [_part(rows, key, test, words=words, asof=asof) for key, test in where.items()]
    return functools.reduce(operator.and_, parts) if parts else ibis.literal(value=True)


def _part(rows: ir.Table, key: str, test: Any, *, words: Mapping[str, Words], asof: date) -> ir.BooleanValue:
    if key == "any":
        return functools.reduce(operator.or_, [condition(rows, part, words=words, asof=asof) for part in test])
    if key == "not":
        return ~condition(rows, test, words=words, asof=asof)
    column = rows[key]
    if isinstance(test, Mapping):
        tests = [_test(column, name, wanted, words=words, asof=asof).fill_null(NO) for name, wanted in test.items()]
        return functools.reduce(operator.and_, tests)
    return _equals(column, test).fill_null(NO)


def _equals(column: ir.Column, wanted: Any) -> ir.BooleanValue:
    return column.isin(wanted) if isinstance(wanted, list | tuple) else column == wanted


def _test(column: ir.Column, name: str, wanted: Any, *, words: Mapping[str, Words], asof: date) -> ir.BooleanValue:
    day = ibis.literal(asof)
    tests: dict[str, Callable[[], ir.BooleanValue]] = {
        "not": lambda: ~_equals(column, wanted),
        "min": lambda: column >= wanted,
        "max": lambda: column <= wanted,
        "above": lambda: column > wanted,
        "below": lambda: column < wanted,
        "has": lambda: has_word(column, words[wanted]),
        "contains": lambda: functools.reduce(operator.or_, [column.contains(text) for text in _listed(wanted)]),
        "starts": lambda: functools.reduce(operator.or_, [column.startswith(str(text)) for text in _listed(wanted)]),
        "empty": lambda: column.isnull() if wanted else column.notnull(),
        "within_days": lambda: (column > day - ibis.interval(days=wanted)) & (column <= day),
        "within_months": lambda: (column > day - ibis.interval(months=wanted)) & (column <= day),
        "this_year": lambda: (column >= ibis.literal(date(asof.year, 1, 1))) & (column <= day),
    }
    return tests[name]()


def _listed(wanted: Any) -> list[Any]:
    return list(wanted) if isinstance(wanted, list | tuple) else [wanted]


def placeholders(template: str) -> list[str]:
    """Return the columns that an evidence sentence names in braces."""
    return re.findall(r"\{(\w+)\}", template)
