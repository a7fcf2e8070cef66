"""Organisation code (组织机构代码): eight signs and a check sign; the heart of the unified social credit code.

Takes   cleaned text, or a column of it
Gives   the reason a code is wrong (empty, length, character, check), and its display form with a hyphen
Never   reads the values from the alphabet of the unified code: here letters count A = 10 … Z = 35
Law     GB 11714-1997

>>> is_valid("MA1FL0LY9"), show("MA1FL0LY9"), check_digit("D2143569")
(True, 'MA1FL0LY-9', 'X')
"""

from typing import Final

from evenhand.identifiers.check_digits import ALPHABET_36, mod11, mod11_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part, no_warnings
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.layout import Check, Layout, Segment, Shape

__all__ = [
    "SHAPE", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason", "reason_column", "show",
    "valid_column", "warning_column", "warnings",
]  # fmt: skip

SHAPE: Final = Shape(
    name_zh="组织机构代码",
    name_en="organisation code",
    layouts=(
        Layout(
            segments=(
                Segment(count=8, allowed=ALPHABET_36, signs="数字和大写字母", signs_en="digits and capitals"),
                Segment(count=1, allowed="0123456789X", signs="数字和 X", signs_en="digits and X"),
            ),
            check=Check(of=lambda text: mod11(text[:8]), holds=mod11_holds),
        ),
    ),
)


clean = clean_text
check, is_valid, reason = SHAPE.check, SHAPE.is_valid, SHAPE.reason


def show(code: str) -> str:
    """Return the nine signs with the hyphen before the check sign; others as they are."""
    return f"{code[:8]}-{code[8]}" if SHAPE.layout(code) else code


check_digit = mod11  # of the first eight places


def explain(code: str, *, tables: CodeTables) -> tuple[Part, ...]:  # noqa: ARG001 - sister modules need the tables
    """Return what the parts of a valid code say (the body says nothing); raises IdentifierError for a wrong one."""
    check(code)
    return (
        Part(zh="本体代码", en="body", place=1, text=code[:8], meaning=""),
        Part(zh="校验码", en="check sign", place=9, text=code[8], meaning=f"计算值 {check_digit(code[:8])}"),
    )


warnings = no_warnings


def build(*, body: str) -> str:
    """Return the valid code of eight signs.

    >>> build(body="MA1K314J")
    'MA1K314J7'
    """
    return body + mod11(body)


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column
warning_column = no_warning_column
