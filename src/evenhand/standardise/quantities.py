"""Quantities: money, areas and counts as numbers in the unit of their field.

A sum in words (伍拾万元整) is read first. The unit is the one written in the cell ("50万元", "3亩"); without one, the unit that the
source's contract states; without that, the field's own. A cell with two numbers, or with words that are no unit, is NULL: nobody can tell which was meant. A comma
is a thousands separator only before exactly three digits, a space between digits never: 1,234 is one number, 120,80 and 100 200 are two.
"""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = ["clean_integer", "clean_quantity", "read_written_sum", "strip_marks"]

_PLAIN: Final = r"^-?[0-9]{1,14}(?:\.[0-9]{1,6})?$"
_NUMBER: Final = r"^(-?[0-9]+(?:\.[0-9]+)?(?:E[+]?[0-9]+)?)(.*)$"
# Numbers are below 10^12 with six decimals; both factors of a product have one wide type, so that it is exact and never overflows.
_READ: Final = "decimal(18, 6)"
_EXACT: Final = "decimal(38, 8)"


_BROKEN: Final = r"([0-9.])[,，']* [,，' ]*([0-9.])"
_GROUPED: Final = r"^[^0-9]*[1-9][0-9]{0,2}(?:[,，'][0-9]{3})+(?:\.[0-9]*)?(?:[^0-9,，'.].*)?$"


def strip_marks(column: ir.StringValue) -> ir.StringValue:
    """Return the text without thousands separators, spaces, currency signs and 约, in capitals.

    What stands between two numbers stays as ";", so that they are never read as one.
    """
    parted = column.re_replace(_BROKEN, r"\1;\2")
    parted = parted.re_search(_GROUPED).ifelse(parted, parted.re_replace(r"([0-9.])[,，']+([0-9.])", r"\1;\2"))
    stripped = parted.re_replace("[,，' ]|人民币|约|RMB|￥|¥", "").upper()
    return column.re_search(_PLAIN).ifelse(column, stripped)


_ONE: Final = "[一二三四五六七八九]"
# 三百五 (350 or 305?), 三万五 (35000 or 30005?), 二三 and the like are no sums.
_LOW: Final = f"(?:零?{_ONE}千)?(?:零?{_ONE}百)?(?:零?{_ONE}?十{_ONE}?|零{_ONE})?"
_WRITTEN: Final = rf"^({_ONE}|零|{_LOW})(?:(亿|万)(零|{_LOW}))?(?:元|圆)?(?:整|正)?$"


def read_written_sum(column: ir.StringValue) -> ir.StringValue:
    """Write a sum in words as digits of 元: 伍拾万元整 is 500000元, 一百二十三万四千 is 1234000元; any other text stays.

    A sum in words always counts 元, whatever unit the column has: nobody writes 伍拾 for 50 万元.
    """
    plain = column.translate("壹贰叁肆伍陆柒捌玖拾佰仟两〇", "一二三四五六七八九十百千二零")
    high, scale, low = (plain.re_extract(_WRITTEN, group) for group in (1, 2, 3))
    unit = ibis.cases((scale == "亿", 100_000_000), (scale == "万", 10_000), else_=1)
    total = _below_ten_thousand(high) * unit + _below_ten_thousand(low)
    return (plain.re_search(_WRITTEN) & plain.re_search(f"^(?:{_ONE}|[零十])")).ifelse(total.cast("string") + "元", column)


def _below_ten_thousand(words: ir.StringValue) -> ir.IntegerValue:
    """The number of 三千零五十 and its like; 0 for none."""
    tens = words.re_extract(f"({_ONE}?)十", 1).nullif("").fill_null("一")
    parts = [(words.re_extract(f"({_ONE}){sign}", 1), size) for sign, size in (("千", 1000), ("百", 100))]
    parts += [(words.contains("十").ifelse(tens, ""), 10), (words.re_extract(f"({_ONE})$", 1), 1)]
    amounts = [digit.translate("一二三四五六七八九", "123456789").nullif("").cast("int64").fill_null(0) * size for digit, size in parts]
    return reduce(add, amounts)


def clean_quantity(
    column: ir.StringValue, source: ir.StringValue, *, factors: Mapping[str, float | str], unit: str, source_units: Mapping[str, str]
) -> ir.DecimalValue:
    """Return the number in the field's unit, rounded to two decimals.

    Args:
        column: text after `clean_text` and `strip_marks`.
        source: name of the source of each row.
        factors: unit as written → how many of the smallest unit it is (元: 1, 万元: 10000; 平方米: 1, 亩: 666.67).
        unit: the field's unit.
        source_units: source → unit it states for this field.
    """
    tidy = column.re_search(_PLAIN)
    number = tidy.ifelse(column, column.re_extract(_NUMBER, 1)).try_cast(_READ)
    written = column.re_extract(_NUMBER, 2)
    own = ibis.literal(_relative(factors, unit, unit))
    stated = (
        ibis.cases(*[(source == name, ibis.literal(_relative(factors, given, unit))) for name, given in source_units.items()], else_=own)
        if source_units
        else own
    )
    by_cell = ibis.cases(
        *[(written == name.upper(), ibis.literal(_relative(factors, name, unit))) for name in factors],
        ((written == ""), stated),
        else_=ibis.null("string"),
    )
    if not source_units:
        scaled = tidy.ifelse(number, (number.cast(_EXACT) * by_cell.cast(_EXACT)).try_cast(_READ))
    else:
        scaled = (number.cast(_EXACT) * tidy.ifelse(stated, by_cell).cast(_EXACT)).try_cast(_READ)
    return scaled.round(2).try_cast("decimal(18, 2)")


def _relative(factors: Mapping[str, float | str], unit: str, field_unit: str) -> str:
    return f"{float(factors[unit]) / float(factors[field_unit]):.6f}"


def clean_integer(column: ir.StringValue) -> ir.IntegerValue:
    """Return the whole number of a cell such as 12, 1200, 12.0 or 12人; NULL when there is none or more than one.

    The cell has been through `clean_text` and `strip_marks`.
    """
    found = column.re_extract(r"^(-?[0-9]{1,15})(?:\.0*)?(?:人|个|座|位|项|名|家|张|台|户)?$", 1)
    return column.re_search("^[0-9]{1,15}$").ifelse(column, found).try_cast("int64")
