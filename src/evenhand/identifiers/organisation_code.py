"""Organisation code (组织机构代码): eight signs and a check sign; the heart of the unified social credit code.

Takes   cleaned text, or a column of it
Gives   the reason a code is wrong, and its display form with a hyphen
Never   reads the values from the alphabet of the unified code: here letters count A = 10 … Z = 35
Law     GB 11714-1997

>>> is_valid("MA1FL0LY9"), show("MA1FL0LY9"), check_digit("D2143569")
(True, 'MA1FL0LY-9', 'X')
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.check_digits import ALPHABET_36, mod11, mod11_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.refusals import Fault

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


def clean(text: str) -> str:
    """Return the code as nine half-width capitals and digits, without the hyphen."""
    return clean_text(text)


def check(code: str) -> None:
    """Raise IdentifierError when a cleaned code is wrong: empty, length, character, check."""
    SHAPE.check(code)


def is_valid(code: str) -> bool:
    """Return whether `check` would pass."""
    return SHAPE.fault(code) is None


def reason(code: str) -> str:
    """Return the reason of `check`, "" when it would pass."""
    fault = SHAPE.fault(code)
    return fault.reason if fault else ""


def show(code: str) -> str:
    """Return the nine signs with the hyphen before the check sign; others as they are."""
    return f"{code[:8]}-{code[8]}" if SHAPE.layout(code) else code


def check_digit(body: str) -> str:
    """Return the check sign of the first eight places."""
    return mod11(body)


def explain(code: str, *, tables: CodeTables) -> tuple[Part, ...]:  # noqa: ARG001 - sister modules need the tables
    """Return what the parts of a valid code say (the body says nothing); raises IdentifierError for a wrong one."""
    check(code)
    return (
        Part(zh="本体代码", en="body", place=1, text=code[:8], meaning=""),
        Part(zh="校验码", en="check sign", place=9, text=code[8], meaning=f"计算值 {check_digit(code[:8])}"),
    )


def warnings(code: str, *, tables: CodeTables) -> tuple[Fault, ...]:  # noqa: ARG001 - sister modules need both
    """Return the doubts about a valid code: there are none."""
    return ()


def build(*, body: str) -> str:
    """Return the valid code of eight signs.

    >>> build(body="MA1K314J")
    'MA1K314J7'
    """
    return body + mod11(body)


def clean_column(column: ir.StringValue) -> ir.StringValue:
    """Return the column cleaned as `clean` does."""
    return clean_text_column(column)


def reason_column(column: ir.StringValue) -> ir.StringValue:
    """Return the reason of each cleaned cell: "" when right, NULL when NULL."""
    return SHAPE.reason_column(column)


def valid_column(column: ir.StringValue) -> ir.BooleanValue:
    """Return whether each cleaned cell is right; NULL when NULL."""
    return SHAPE.valid_column(column)


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "" for each cell: no doubts are known; NULL when NULL."""
    return column.isnull().ifelse(ibis.null("string"), ibis.literal(""))
