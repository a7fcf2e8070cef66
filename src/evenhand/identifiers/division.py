"""Division (行政区划代码, GB/T 2260): six digits of province, city and county; nine with the township, twelve with the village.

Takes   cleaned text, or a column of it; the tables of the rule pack, present and old
Gives   the reason a code is wrong (empty, length, character, division: no such province), its names with their years, the code of the
        same area today
Never   rejects a code because it is abolished; guesses a successor where a unit was split
Law     GB/T 2260 and the yearly changes of the Ministry of Civil Affairs; statistics codes of the National Bureau of Statistics

Inside a number an old code stays as it was issued. For statistics it is translated: 沙县 350427 counts as 350405.

>>> history = [
...     {"code": "350427", "name": "沙县", "valid_from": "1983", "valid_to": "2021", "status": "abolished", "current_code": "350405"},
...     {"code": "350205", "name": "杏林区", "valid_from": "1983", "valid_to": "2002", "status": "abolished", "current_code": ""},
...     {"code": "350205", "name": "海沧区", "valid_from": "2003", "valid_to": "", "status": "current", "current_code": "350205"},
... ]
>>> tables = CodeTables.from_rows(division_history=history)
>>> translate("350427", tables=tables)
'350405'
>>> translate("350205", tables=tables, on=date(1999, 1, 1)), translate("350205", tables=tables, on=date(2010, 1, 1))
(None, '350205')
"""

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.identifiers.check_digits import no_check_digit
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, DivisionPeriod, Part
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.layout import Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN, PROVINCES
from evenhand.identifiers.refusals import Fault

__all__ = [
    "SHAPE", "add_division", "build", "check", "check_digit", "clean", "clean_column", "county_column", "division_table", "explain",
    "is_valid", "period_on", "reason", "reason_column", "show", "translate", "valid_column", "warning_column", "warnings",
]  # fmt: skip

_COUNTY: Final = Segment(count=6, pattern=PROVINCE_PATTERN, reason="division")

SHAPE: Final = Shape(
    name_zh="行政区划代码",
    name_en="division code",
    layouts=tuple(Layout(segments=(_COUNTY, *more)) for more in ((), (Segment(count=3),), (Segment(count=6),))),
)


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = no_check_digit


def explain(code: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid code say, old names with their years; raises IdentifierError for a wrong one."""
    check(code)
    parts = [Part(zh="省级", en="province", place=1, text=code[:2], meaning=PROVINCES[code[:2]])]
    if code[2:4] != "00":
        parts.append(Part(zh="市级", en="prefecture", place=3, text=code[2:4], meaning=tables.division_meaning(f"{code[:4]}00")))
    if code[4:6] != "00":
        parts.append(Part(zh="县级", en="county", place=5, text=code[4:6], meaning=tables.division_meaning(code[:6])))
    if len(code) > _COUNTY.count:
        parts.append(Part(zh="乡级", en="township", place=7, text=code[6:9], meaning=tables.division_meaning(code[:9])))
    if code[9:]:
        parts.append(Part(zh="村级", en="village", place=10, text=code[9:], meaning=tables.division_meaning(code)))
    return tuple(parts)


def warnings(code: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about the first six digits of a valid code: county, county_elsewhere; none for a wrong one."""
    return tables.division_doubts(SHAPE, code, start=0) if is_valid(code) else ()


def build(*, county: str, township: str = "", village: str = "") -> str:
    """Return the code of a county (six digits), township (three) and village (three).

    >>> build(county="350102", township="007")
    '350102007'
    """
    return county + township + village


def period_on(code: str, *, tables: CodeTables, on: date | None = None) -> DivisionPeriod | None:
    """Return what the code meant on a day: the latest meaning that had begun by then; without a day the present or last one."""
    periods = tables.divisions.get(code, ())
    begun = [period for period in periods if on is None or period.valid_from is None or period.valid_from <= on.year]
    return next(
        (period for period in reversed(begun) if on is None and period.is_current), begun[-1] if begun else next(iter(periods), None)
    )


def translate(code: str, *, tables: CodeTables, on: date | None = None) -> str | None:
    """Return today's code of the same area, for statistics; None for a split unit and for a code the tables do not know.

    Args:
        code: six digits, as they stand in a number.
        tables: the division tables.
        on: day on which the number was issued; it decides where a code was used again (350205: 杏林区 until 2002, 海沧区 since 2003).
    """
    period = period_on(code, tables=tables, on=on)
    return period.current_code if period else None


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column
warning_column = no_warning_column


def county_column(column: ir.StringValue, *, start: int, tables: CodeTables) -> ir.StringValue:
    """Return the doubt about the six digits from place `start` (from 0) of each valid cell: "", county, county_elsewhere; NULL when NULL.

    Ask it of valid cells only, of any number: `start` is 2 in a USCC, 0 in a registration number, 5 after SC, 3 after JY and YB.
    """
    code = column.substr(start, 6)
    own = sorted(code for code in tables.divisions if len(code) == _COUNTY.count)
    covered = [code[:2] for code in own if code.endswith("0000")]
    known = own and [*own, *sorted(tables.outside)]
    return ibis.cases(
        (column.isnull(), ibis.null("string")),
        (ibis.literal(not known) | code.startswith("10") | code.isin(known or [""]), ""),
        (code.left(2).isin(covered or [""]), "county"),
        else_="county_elsewhere",
    )


def division_table(tables: CodeTables) -> ir.Table:
    """Return the divisions as a table to join: division, division_name, current_division; one row per code, of today's or last meaning."""
    rows = [row for code in sorted(tables.divisions) if (row := period_on(code, tables=tables))]
    columns = {"division": "code", "division_name": "name", "current_division": "current_code"}
    return ibis.memtable(pa.table({name: pa.array([getattr(row, field) for row in rows], pa.string()) for name, field in columns.items()}))


def add_division(table: ir.Table, *, column: str, start: int, divisions: ir.Table) -> ir.Table:
    """Return the table with the division inside a number, its name and its present code.

    Columns needed: `column`. Columns added: `<column>_division`, `<column>_division_name`, `<column>_division_current`.
    One row per row of the input. `divisions` is `division_table(…)`, or any table with its three columns and one row per code.
    """
    names = {"division": f"{column}_division", "division_name": f"{column}_division_name", "current_division": f"{column}_division_current"}
    keyed = table.mutate(**{names["division"]: table[column].substr(start, 6)})
    lookup = divisions.select(_code="division", **{names[old]: old for old in ("division_name", "current_division")})
    return keyed.left_join(lookup, keyed[names["division"]] == lookup["_code"]).drop("_code")
