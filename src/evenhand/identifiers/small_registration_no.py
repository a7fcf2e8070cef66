"""Registration number of the three smalls (三小: 小作坊, 小餐饮, 食品摊贩): each place numbers as it likes.

Takes   cleaned text, or a column of it; the pattern of the rule pack
Gives   whether the number has the configured form
Never   knows a check digit; invents a national layout where there is none
Law     福建省食品安全条例; format unknown, so it is configuration (DESIGN)

>>> is_valid("闽小餐350102000123"), reason("350102"), is_valid("A-1", pattern="[A-Z]-[0-9]")
(True, 'format', True)

"""

from typing import Final

import ibis.expr.types as ir

from evenhand.identifiers.check_digits import no_check_digit
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part, no_warnings
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.forms import Form

__all__ = [
    "DEFAULT_PATTERN", "build", "check", "check_digit", "clean", "clean_column", "explain", "form", "is_valid", "reason",
    "reason_column", "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

#: Chinese characters or capitals, then eight to eighteen digits (DESIGN): used until the rule pack says better.
DEFAULT_PATTERN: Final = "[\u4e00-\u9fa5A-Z]{1,6}[0-9]{8,18}"


def form(pattern: str = DEFAULT_PATTERN) -> Form:
    """Return the form of this pattern."""
    return Form(name_zh="三小登记（核准）编号", name_en="three-smalls registration number", pattern=pattern, hint=pattern)


clean = clean_text


def check(number: str, *, pattern: str = DEFAULT_PATTERN) -> None:
    """Raise IdentifierError when a cleaned number is wrong: empty, format."""
    form(pattern).check(number)


def is_valid(number: str, *, pattern: str = DEFAULT_PATTERN) -> bool:
    """Return whether `check` would pass."""
    return form(pattern).is_valid(number)


def reason(number: str, *, pattern: str = DEFAULT_PATTERN) -> str:
    """Return the reason of `check`, "" when it would pass."""
    return form(pattern).reason(number)


show = form().show
check_digit = no_check_digit


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:  # noqa: ARG001 - sister modules need the tables
    """Return the words and the digits of a number; their meaning is the issuing office's own."""
    check(number)
    start = next(place for place, sign in enumerate(number) if sign.isdigit())
    return (
        Part(zh="字头", en="letters", place=1, text=number[:start], meaning=""),
        Part(zh="编号", en="digits", place=start + 1, text=number[start:], meaning=""),
    )


warnings = no_warnings


def build(*, letters: str, digits: str) -> str:
    """Return the number of the letters and digits of an office.

    >>> build(letters="闽小坊", digits="35010200012")
    '闽小坊35010200012'
    """
    return letters + digits


clean_column = clean_text_column


def reason_column(column: ir.StringValue, *, pattern: str = DEFAULT_PATTERN) -> ir.StringValue:
    """Return the reason of each cleaned cell: "" when right, NULL when NULL."""
    return form(pattern).reason_column(column)


def valid_column(column: ir.StringValue, *, pattern: str = DEFAULT_PATTERN) -> ir.BooleanValue:
    """Return whether each cleaned cell is right; NULL when NULL."""
    return form(pattern).valid_column(column)


warning_column = no_warning_column
