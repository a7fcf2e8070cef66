"""Business registration number (工商注册号, 15 digits): what a business was known by before 2015.

Takes   cleaned text, or a column of it
Gives   the reason a number is wrong (empty, length, character, division, check), what its parts say
Never   rejects the 13 digits written before 2007: they are old, not wrong, and carry no check digit
Law     GS15-2006; check digit ISO 7064 MOD 11,10 (GB/T 17710)

| place | part |
| --- | --- |
| 1-6 | office of first registration 首次登记机关 (100000 national) |
| 7-14 | sequence; its first digit is the type: 0-3 domestic, 4-5 foreign-invested, 6-9 individual business |
| 15 | check digit |

>>> is_valid("350102600000041"), type_of("350102600000041")
(True, '个体工商户')
>>> reason("350102600000042")
'check'

"""

from typing import Final

import ibis.expr.types as ir

from evenhand.identifiers.check_digits import mod11_10, mod11_10_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import doubt_column
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "LEGACY_LENGTH", "LENGTH", "SHAPE", "TYPES", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid",
    "reason", "reason_column", "show", "type_of", "valid_column", "warning_column", "warnings",
]  # fmt: skip

#: Places of the present and of the old form.
LENGTH: Final = 15
LEGACY_LENGTH: Final = 13

SHAPE: Final = Shape(
    name_zh="工商注册号",
    name_en="registration number",
    layouts=(
        Layout(
            segments=(Segment(count=6, pattern=PROVINCE_PATTERN, reason="division"), Segment(count=9)),
            check=Check(of=lambda text: mod11_10(text[:14]), holds=lambda column: mod11_10_holds(column, start=0, length=14)),
            groups=(6, 8, 1),
        ),
        # Before 2007: 13 digits, each office numbered in its own way.
        Layout(segments=(Segment(count=13),)),
    ),
)

#: First digit of the sequence → type of business.
TYPES: Final = {**dict.fromkeys("0123", "内资企业"), **dict.fromkeys("45", "外商投资企业"), **dict.fromkeys("6789", "个体工商户")}


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod11_10  # of the first 14 places


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    if len(number) == LEGACY_LENGTH:
        return (Part(zh="旧编号", en="old number", place=1, text=number, meaning="2007年以前的13位注册号，无校验位"),)
    return (
        Part(zh="首次登记机关", en="office of first registration", place=1, text=number[:6], meaning=tables.division_meaning(number[:6])),
        Part(zh="企业类型", en="type", place=7, text=number[6], meaning=type_of(number)),
        Part(zh="顺序码", en="sequence", place=7, text=number[6:14], meaning=""),
        Part(zh="校验码", en="check digit", place=15, text=number[14], meaning=f"计算值 {check_digit(number[:14])}"),
    )


def type_of(number: str) -> str:
    """Return the type of business (内资企业, 外商投资企业, 个体工商户) of 15 digits, "" for others."""
    return TYPES.get(number[6], "") if len(number) == LENGTH else ""


def warnings(number: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid number: county, county_elsewhere, legacy (13 digits); none for a wrong one."""
    if not is_valid(number):
        return ()
    if len(number) == LEGACY_LENGTH:
        return (SHAPE.tell("legacy", number, place=0, allowed="2007年以前，13位", allowed_en="13 digits, before 2007"),)
    return tables.division_doubts(SHAPE, number, start=0)


def build(*, office: str, sequence: str) -> str:
    """Return the valid number of an office (six digits) and a sequence (eight digits, the first is the type).

    >>> build(office="350102", sequence="60000004")
    '350102600000041'
    """
    return office + sequence + mod11_10(office + sequence)


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "legacy" for the 13 digits of before 2007, else ""; NULL when NULL. For counties ask `division.county_column`."""
    legacy = valid_column(column) & (column.length() == LEGACY_LENGTH)
    return doubt_column(column, where=legacy, reason="legacy")
