"""Filing of prepackaged-food-only sale (仅销售预包装食品备案编号): YB and 14 digits.

Takes   cleaned text, or a column of it; code tables for the meaning of the parts
Gives   the reason a number is wrong (empty, length, prefix, character, type, division), doubts of their own, what the parts say
Never   rejects a number for its last digit: the method of the check digit is assumed, so it is only a doubt
Law     市场监管总局公告2021年第40号 (layout RECALLED 85); check digit assumed as for JY (DESIGN)

| place | part |
| --- | --- |
| 1-2 | YB |
| 3 | trade type: 1 wholesale 批发, 2 retail 零售 |
| 4-9 | division |
| 10-15 | sequence |
| 16 | check digit |

>>> is_valid("YB13501020000011"), is_valid("YB13501020000012"), reason("YB33501020000011")
(True, True, 'type')

"""

from typing import Final

import ibis.expr.types as ir

from evenhand.identifiers.check_digits import mod11_10, mod11_10_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import doubt_column
from evenhand.identifiers.layout import Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "SHAPE", "TYPES", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason", "reason_column",
    "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

SHAPE: Final = Shape(
    name_zh="仅销售预包装食品备案编号",
    name_en="prepackaged-food filing number",
    layouts=(
        Layout(
            prefix="YB",
            groups=(2, 1, 6, 6, 1),
            segments=(
                Segment(count=1, pattern="[12]", reason="type", hint="1（批发）、2（零售）", hint_en="1 (wholesale), 2 (retail)"),
                Segment(count=6, pattern=PROVINCE_PATTERN, reason="division"),
                Segment(count=7),
            ),
        ),
    ),
)

#: Type digit → name.
TYPES: Final = {"1": "批发", "2": "零售"}


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod11_10  # of the 13 digits after YB, by the assumed method


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    return (
        Part(zh="前缀", en="prefix", place=1, text="YB", meaning="仅销售预包装食品备案"),
        Part(zh="业态类型代码", en="type", place=3, text=number[2], meaning=TYPES[number[2]]),
        Part(zh="备案地行政区划", en="division", place=4, text=number[3:9], meaning=tables.division_meaning(number[3:9])),
        Part(zh="顺序码", en="sequence", place=10, text=number[9:15], meaning=""),
        Part(zh="校验码", en="check digit", place=16, text=number[15], meaning=f"推定算法，计算值 {check_digit(number[2:15])}"),
    )


def warnings(number: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid number: filing_check, county, county_elsewhere; none for a wrong one."""
    if not is_valid(number):
        return ()
    expected = check_digit(number[2:15])
    off = () if number[15] == expected else (SHAPE.tell("filing_check", number, place=16, found=number[15], allowed=expected),)
    return (*off, *tables.division_doubts(SHAPE, number, start=3))


def build(*, kind: str, division: str, sequence: str) -> str:
    """Return the valid number of a type digit, a division (six digits) and a sequence (six).

    >>> build(kind="1", division="350102", sequence="000001")
    'YB13501020000011'
    """
    body = kind + division + sequence
    return f"YB{body}{mod11_10(body)}"


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "filing_check" where the last digit is not the assumed check digit, else ""; NULL when NULL."""
    off = valid_column(column) & ~mod11_10_holds(column, start=2, length=13)
    return doubt_column(column, where=off, reason="filing_check")
