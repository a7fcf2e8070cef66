"""The batch engine, first part: conditions and what a subject is (`ways`), as columns over `trait` rows."""

import functools
import operator
from collections.abc import Mapping, Sequence
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from evenhand.grade.facts import FACTS, Kind
from evenhand.grade.ruleset import most
from evenhand.grade.scoring import share
from evenhand.grade.shapes import Empty, Indicator, Scheme, Test, Way, tenths

__all__ = ["condition", "empty_points", "has_any", "way_points"]

_NO = ibis.literal(value=False)
_YES = ibis.literal(value=True)


def has_any(tags: ir.StringColumn, codes: Sequence[str]) -> ir.BooleanValue:
    """Return whether the set of codes, written between spaces, holds one of `codes`."""
    found = [tags.contains(f" {code} ") for code in codes]
    return functools.reduce(operator.or_, found).fill_null(_NO) if found else _NO


def condition(rows: ir.Table, tests: Mapping[str, Test]) -> ir.BooleanValue:
    """Return whether each row passes every test, as `passes` does for one; never NULL."""
    return functools.reduce(operator.and_, [_passes(rows[name], name, test) for name, test in tests.items()], _YES)


def _passes(column: ir.Column, name: str, test: Test) -> ir.BooleanValue:
    parts: list[ir.BooleanValue] = []
    if test.empty is not None:
        parts.append(column.isnull() if test.empty else column.notnull())
    if FACTS[name].kind is Kind.CODES:
        if test.any:
            parts.append(has_any(column, test.any))
        if test.none:
            parts.append(~has_any(column, test.none))
    if test.one_of:
        parts.append(column.isin(test.one_of).fill_null(_NO))
    if test.above is not None:
        parts.append((column > ibis.literal(test.above, "decimal(18, 2)")).fill_null(_NO))
    if test.upto is not None:
        parts.append((column <= ibis.literal(test.upto, "decimal(18, 2)")).fill_null(_NO))
    return functools.reduce(operator.and_, parts)


def empty_points(rows: ir.Table, empties: Sequence[Empty], top: int) -> dict[str, ir.Value]:
    """Return used, low, high and known of an indicator of which nothing is known: the first of `empties` whose condition holds."""
    told: dict[str, ir.Value] = {
        "used": ibis.literal(0, "int64"),
        "low": ibis.literal(0, "int64"),
        "high": ibis.literal(0, "int64"),
        "known": _NO,
    }
    for one in reversed(empties):
        used = share(top, one.percent, 100)
        here = condition(rows, one.when)
        now = {"used": used, "low": used if one.sure else 0, "high": used if one.sure else top, "known": one.sure}
        told = {name: here.ifelse(ibis.literal(value), told[name]) for name, value in now.items()}
    return told


def way_points(rows: ir.Table, one: Indicator, scheme: Scheme) -> ir.Table:
    """Return the rows with `<id>_used`, `_low`, `_high`, `_known` of an indicator that asks what the subject is.

    `rows` holds, for each way with a code list, the column `<id>_<place>` with the points of the subject's highest code, or NULL.
    """
    top, name = most(one, scheme), _slug(one.id)
    told = [_way(rows, way, f"{name}_{place}") for place, way in enumerate(one.ways)]
    fits = {f"{name}_f{n}": fit for n, (fit, *_) in enumerate(told)}
    rows = rows.mutate(**fits)
    figures: dict[str, ir.Value] = {}
    if one.pick == "first":
        for place, figure in enumerate(("used", "low", "high", "known")):
            otherwise: ir.Value = _YES if figure == "known" else ibis.literal(0, "int64")
            for n in reversed(range(len(told))):
                otherwise = rows[f"{name}_f{n}"].ifelse(told[n][1 + place], otherwise)
            figures[figure] = otherwise
    else:
        for place, figure in enumerate(("used", "low", "high")):
            each = [rows[f"{name}_f{n}"].ifelse(told[n][1 + place], ibis.literal(0, "int64")) for n in range(len(told))]
            figures[figure] = ibis.greatest(*each) if len(each) > 1 else each[0]
        known: ir.Value = _YES
        for n in reversed(range(len(told))):
            known = (rows[f"{name}_f{n}"] & (told[n][1] == figures["used"])).ifelse(told[n][4], known)
        figures["known"] = known
    figures["known"] = figures["known"] & (figures["low"] == figures["high"])
    if one.unknown:
        nothing = condition(rows, one.unknown)
        empty = empty_points(rows, one.empty, top)
        figures = {figure: nothing.ifelse(empty[figure], value) for figure, value in figures.items()}
    return rows.mutate(**{f"{name}_{figure}": value for figure, value in figures.items()}).drop(*fits)


def _way(rows: ir.Table, way: Way, listed: str) -> tuple[ir.BooleanValue, ir.Value, ir.Value, ir.Value, ir.BooleanValue]:
    """Return (fits, used, low, high, known) of one way."""
    fits = condition(rows, way.when)
    if way.points is not None:
        points = ibis.literal(tenths(way.points), "int64")
        return fits, points, points, points, _YES
    if way.listed:
        points = rows[listed]
        return fits & points.notnull(), points, points, points, _YES
    number = rows[way.fact]
    given = [tenths(band.points) for band in way.bands]
    banded: ir.Value = ibis.literal(given[-1], "int64")
    for band, points_of in zip(reversed(way.bands[:-1]), reversed(given[:-1]), strict=True):
        banded = (number <= ibis.literal(band.upto, "decimal(18, 2)")).ifelse(ibis.literal(points_of, "int64"), banded)
    missing = number.isnull()
    unknown = {"used": tenths(way.empty or Decimal(0)), "low": min(given), "high": max(given)}
    used, low, high = (missing.ifelse(ibis.literal(value, "int64"), banded) for value in unknown.values())
    return fits, used, low, high, ~missing


def _slug(indicator: str) -> str:
    return indicator.lower().replace("-", "_")
