"""The functions a condition may call: one table, name by name.

A value function works cell by cell; NULL in, NULL out, unless its line says otherwise: so a condition has three answers.
A table function looks at other rows or other data sets; `validate.lookups` turns it into a joined column.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import ibis

from evenhand.rulebook import Pack
from evenhand.validate import numbers

__all__ = ["TABLE_FUNCTIONS", "VALUE_FUNCTIONS", "Cell", "Function"]

Cell: TypeAlias = Any  # a column expression of any type, or a constant: Ibis checks the types when a condition is compiled


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function: how many arguments, which of them must be constants (`texts`, counted from 0), what it means."""

    meaning: str
    least: int
    most: int
    texts: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()
    build: Callable[..., Cell] = lambda *_: None


def _column(value: Cell) -> Cell:
    return value if isinstance(value, ibis.Expr) else ibis.literal(value)


def _present(value: Cell) -> Cell:
    cell = _column(value)
    return cell.notnull() & (cell != "") if cell.type().is_string() else cell.notnull()


def _in_codes(value: Cell, name: str, column: str = "code", *, pack: Pack) -> Cell:
    return value.isin(sorted({row[column] for row in pack.codes(name)}))


def _code_of(value: Cell, name: str, known: str, wanted: str, *, pack: Pack) -> Cell:
    """Translate by a code list; NULL for what the list does not know or gives nothing for."""
    pairs = {row[known]: row[wanted] for row in pack.codes(name) if row[wanted]}
    # One look-up, not a branch per code: each branch would work the value out anew.
    return ibis.map(ibis.array(list(pairs)), ibis.array(list(pairs.values()))).get(value)


def _day(text: str) -> Cell:
    return ibis.literal(date.fromisoformat(text))


def _later(value: Cell, span: Cell) -> Cell:
    # DuckDB answers day + interval with an instant while Ibis believes in a day: only a cast there and back is written out.
    return (value + span).cast("timestamp").cast("date")


def _term_end(value: Cell, years: int) -> Cell:
    """The last day of a term of years: the day before the same day; the 28th where the last year has no 29 February."""
    same_day = _later(value, ibis.interval(years=years))
    return (same_day.day() == value.day()).ifelse(_later(same_day, ibis.interval(days=-1)), same_day)


def _named(value: Cell) -> Cell:
    """Names parted by 、 alone. Nobody's name is one character: beside a space it is the half of a name that was padded (张 三)."""
    marked = value.re_replace(" *[、,，;；/][、,，;；/ ]*", "、")
    whole = marked.re_replace("(^|[、 ])([^、 ]) +([^、 ])", r"\1\2\3").re_replace(" +([^、 ])(、|$)", r"\1\2").re_replace(" +", "、")
    # 和 parts two names of two characters at least: 张三和李四, not 李和平. Twice, because a name that was parted from the one before it ends a match.
    both = "(^|、)([^、]{2,4})[和与及]([^、]{2})"
    return whole.re_replace(both, r"\1\2、\3").re_replace(both, r"\1\2、\3").re_replace("^、|、$", "")


def _birth_day(value: Cell) -> Cell:
    return (value.substr(6, 4) + "-" + value.substr(10, 2) + "-" + value.substr(12, 2)).try_cast("date")


def _leading(value: Cell, pattern: str) -> Cell:
    return value.re_extract(f"^({pattern})*", 0).length()


def _text(value: Cell) -> Cell:
    column = _column(value)
    # Engines write 1.0E7 and 10000000.0 for one floating number; two decimals they write alike. Ibis takes a quotient for a decimal.
    worded = column.type().is_decimal() or column.type().is_floating()
    return (column.cast("decimal(38, 2)") if worded else column).cast("string")


def _first_present(*values: Cell) -> Cell:
    return ibis.coalesce(*values)


def _of(meaning: str, build: Callable[..., Cell], least: int = 1, most: int = 0, **more: Any) -> Function:
    return Function(meaning=meaning, build=build, least=least, most=most or least, **more)


VALUE_FUNCTIONS: Final[dict[str, Function]] = {
    "present": _of("有值且不是空文本；从不为空", _present),
    "implies": _of("前者不成立，或者后者成立", lambda a, b: ~a | b, 2),
    "length": _of("字数", lambda x: x.length()),
    "matches": _of("含有正则表达式所述的片段", lambda x, pattern: x.re_search(pattern), 2, texts=(1,)),
    "contains": _of("含有该文字", lambda x, text: x.contains(text), 2),
    "starts_with": _of("以该文字开头", lambda x, text: x.startswith(text), 2),
    "ends_with": _of("以该文字结尾", lambda x, text: x.endswith(text), 2),
    "part": _of("从第几位起的若干位", lambda x, start, count: x.substr(start - 1, count), 3),
    "leading": _of("开头有几位符合", _leading, 2, texts=(1,)),
    "removed": _of("去掉符合正则表达式的片段", lambda x, pattern: x.re_replace(pattern, ""), 2, texts=(1,)),
    "text": _of("写成文字", _text),
    "whole": _of("读成整数，读不成为空", lambda x: x.try_cast("int64")),
    "within": _of("不小于、不大于", lambda x, low, high: (x >= low) & (x <= high), 3),
    "first_present": _of("第一个有值的", _first_present, 2, 6),
    "day": _of("日期常数", _day, texts=(0,)),
    "year": _of("年份", lambda x: x.year()),
    "years_after": _of("若干年之后的同一日", lambda x, years: _later(x, ibis.interval(years=years)), 2),
    "term_end": _of("自该日起若干年的最后一日，那一年没有2月29日的为2月28日", _term_end, 2),
    "days_after": _of("若干日之后", lambda x, days: _later(x, ibis.interval(days=days)), 2),
    "days_between": _of("从前者到后者的自然日数", lambda first, last: last.delta(first, unit="day"), 2),
    "birth_day": _of("公民身份号码中的出生日期，不存在的日期为空", _birth_day),
    "named": _of("按姓名分开的人员", _named),
    "persons": _of("所列的不同人员的人数", lambda x: _named(x).split("、").unique().length()),
    "in_codes": _of("在代码表中", _in_codes, 2, 3, texts=(1, 2), lists=(1,)),
    "code_of": _of("按代码表换算，表中没有的为空", _code_of, 4, texts=(1, 2, 3), lists=(1,)),
    **{name: _of(meaning, build, 2 if name == "registration_agrees" else 1) for name, (meaning, build) in numbers.FUNCTIONS.items()},
}
"""Functions that need nothing but the cells of one row (and the code lists of the pack)."""

TABLE_FUNCTIONS: Final[dict[str, Function]] = {
    "unique": Function(meaning="同一来源的同种数据中没有别的行有这些值", least=1, most=4),
    "exists_in": Function(meaning="另一数据集的该字段有此值；该数据集未提供时无法判断", least=3, most=3, texts=(1, 2)),
    "earliest_in": Function(meaning="另一数据集中该键各行的最早（最小）值", least=4, most=4, texts=(1, 2, 3)),
    "latest_in": Function(meaning="另一数据集中该键各行的最晚（最大）值", least=4, most=4, texts=(1, 2, 3)),
    "rows_in": Function(meaning="另一数据集中该键的行数，没有为0", least=3, most=3, texts=(1, 2)),
    "certified_named": Function(meaning="所列人员中在该日持有有效执法证的人数", least=2, most=2),
    "workday_number": Function(meaning="该日在工作日历中的序号；两个序号之差为工作日数", least=1, most=1),
}
"""Functions that look at other rows: each distinct call becomes one joined column."""
