"""Landline (固定电话): area code and 7 or 8 digits; stored as digits only, shown with the hyphen.

Takes   cleaned text, or a column of it
Gives   the reason a number is wrong (empty, length, prefix, character, format), area code and local number
Never   enforces the length of local numbers of one city; keeps no extension (write it in a column of its own)
Law     telephone numbering plan; pattern of a government registration service

>>> clean("(0591) 8765 4321"), show("059187654321"), reason("59187654321")
('059187654321', '0591-87654321', 'prefix')

"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.check_digits import no_check_digit
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part, no_warnings
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.layout import Layout, Segment, Shape

__all__ = [
    "SHAPE", "area_code", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason", "reason_column",
    "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

# 010 and 02x have three digits and always 8 local ones; all others four digits and 7 or 8.
_AREA: Final = "(?:10|2[0-9])[0-9]{8}"
SHAPE: Final = Shape(
    name_zh="固定电话",
    name_en="landline number",
    layouts=(
        Layout(
            prefix="0",
            segments=(
                Segment(
                    count=10,
                    pattern=f"{_AREA}|[3-9][0-9]{{9}}",
                    reason="format",
                    hint="区号（0开头3至4位）加7至8位号码",
                    hint_en="area code (3 or 4 digits from 0) and 7 or 8 digits",
                ),
            ),
        ),
        Layout(
            prefix="0",
            segments=(
                Segment(
                    count=11,
                    pattern="[3-9][0-9]{10}",
                    reason="format",
                    hint="区号（0开头4位）加8位号码",
                    hint_en="area code (4 digits from 0) and 8 digits",
                ),
            ),
        ),
    ),
)


def clean(text: str) -> str:
    """Return the digits alone: no brackets, hyphens, spaces, and 0 in place of the country code +86."""
    return _home(clean_text(text))


check, is_valid, reason = SHAPE.check, SHAPE.is_valid, SHAPE.reason


def area_code(number: str) -> str:
    """Return the area code of a valid number: three places for 010 and 02x, else four."""
    return number[:3] if number[1] in "12" else number[:4]


def show(number: str) -> str:
    """Return a valid number with the hyphen after the area code; others as they are."""
    return f"{area_code(number)}-{number[len(area_code(number)) :]}" if is_valid(number) else number


check_digit = no_check_digit


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    area = area_code(number)
    return (
        Part(zh="区号", en="area code", place=1, text=area, meaning=tables.area_codes.get(area, "")),
        Part(zh="号码", en="local number", place=len(area) + 1, text=number[len(area) :], meaning=""),
    )


warnings = no_warnings


def build(*, area: str, local: str) -> str:
    """Return the number of an area code and a local number.

    >>> build(area="0591", local="87654321")
    '059187654321'
    """
    return area + local


_BRACKETS: Final = str.maketrans("", "", "()[]（）【】")


def _home(number: str) -> str:
    digits = number.translate(_BRACKETS)
    bare = digits.removeprefix("+86").removeprefix("0086") if digits.startswith(("+86", "0086")) else digits
    return bare if bare == digits or bare.startswith("0") else f"0{bare}"


def _home_column(column: ir.StringValue) -> ir.StringValue:
    digits = column.re_search("[^0-9]").ifelse(column.translate("()[]（）【】", ""), column)
    bare = ibis.cases((digits.startswith("+86"), digits.substr(3)), (digits.startswith("0086"), digits.substr(4)), else_=digits)
    return ((bare == digits) | bare.startswith("0")).ifelse(bare, ibis.literal("0").concat(bare))


def clean_column(column: ir.StringValue) -> ir.StringValue:
    """Return the column cleaned as `clean` does."""
    return _home_column(clean_text_column(column))


reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column
warning_column = no_warning_column
