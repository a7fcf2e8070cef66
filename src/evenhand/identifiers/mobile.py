"""Mobile number (手机号码): eleven digits from 13 to 19.

Takes   cleaned text, or a column of it
Gives   the reason a number is wrong (empty, length, prefix, character, format)
Never   says whether the number is in use, or whose it is
Law     telephone numbering plan; pattern of a government registration service

>>> clean("+86 138-0591-1234"), is_valid("13805911234"), reason("12805911234")
('13805911234', True, 'format')

"""

import re
from typing import Final

import ibis.expr.types as ir

from evenhand.identifiers.check_digits import no_check_digit
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part, no_warnings
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.layout import Layout, Segment, Shape

__all__ = [
    "SHAPE", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason", "reason_column", "show",
    "valid_column", "warning_column", "warnings",
]  # fmt: skip

SHAPE: Final = Shape(
    name_zh="手机号码",
    name_en="mobile number",
    layouts=(
        Layout(
            prefix="1",
            groups=(3, 4, 4),
            segments=(
                Segment(
                    count=10,
                    pattern="[3-9][0-9]{9}",
                    reason="format",
                    hint="1[3-9]开头的11位数字",
                    hint_en="11 digits that start with 1[3-9]",
                ),
            ),
        ),
    ),
)


def clean(text: str) -> str:
    """Return the digits alone, without the country code (+86, 0086 or 86 before eleven digits)."""
    return _home(clean_text(text))


check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = no_check_digit


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:  # noqa: ARG001 - sister modules need the tables
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    return (
        Part(zh="号段", en="range", place=1, text=number[:3], meaning=""),
        Part(zh="号码", en="subscriber number", place=4, text=number[3:], meaning=""),
    )


warnings = no_warnings


def build(*, start: str, rest: str) -> str:
    """Return the number of a range (three digits, 13x-19x) and the eight digits after it.

    >>> build(start="138", rest="05911234")
    '13805911234'
    """
    return start + rest


def _home(number: str) -> str:
    return number[-11:] if re.fullmatch(_ABROAD, number) else number


def _home_column(column: ir.StringValue) -> ir.StringValue:
    return column.re_search(f"^{_ABROAD}\\z").ifelse(column.right(11), column)


_ABROAD: Final = r"(?:\+|00)?861[0-9]{10}"


def clean_column(column: ir.StringValue) -> ir.StringValue:
    """Return the column cleaned as `clean` does."""
    return _home_column(clean_text_column(column))


reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column
warning_column = no_warning_column
