"""Food operation licence (食品经营许可证编号): JY and 14 digits.

Takes   cleaned text, or a column of it; code tables for the meaning of the parts
Gives   the reason a number is wrong, doubts of their own, what the parts say
Never   rejects an unlisted county of a known province (Beijing writes sub-districts into the division)
Law     食品经营许可和备案管理办法; check digit ISO 7064 MOD 11,10 over the 13 digits before it

| place | part |
| --- | --- |
| 1-2 | JY |
| 3 | main business form 主体业态: 1 sales, 2 catering, 3 canteen |
| 4-9 | division |
| 10-15 | sequence |
| 16 | check digit |

>>> is_valid("JY13501020000011"), reason("JY13501020000012"), reason("JY43501020000018")
(True, 'check', 'type')

"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.check_digits import mod11_10, mod11_10_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "SHAPE", "TYPES", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason", "reason_column",
    "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

SHAPE: Final = Shape(
    name_zh="食品经营许可证编号",
    name_en="food operation licence number",
    layouts=(
        Layout(
            prefix="JY",
            segments=(
                Segment(
                    count=1,
                    pattern="[123]",
                    reason="type",
                    hint="1（食品销售经营者）、2（餐饮服务经营者）、3（集中用餐单位食堂）",
                    hint_en="1 (sales), 2 (catering), 3 (canteen)",
                ),
                Segment(count=6, pattern=PROVINCE_PATTERN, reason="division"),
                Segment(count=7),
            ),
            check=Check(of=lambda text: mod11_10(text[2:15]), holds=lambda column: mod11_10_holds(column, start=2, length=13)),
        ),
    ),
)

#: Type digit → name.
TYPES: Final = {"1": "食品销售经营者", "2": "餐饮服务经营者", "3": "集中用餐单位食堂"}


def clean(text: str) -> str:
    """Return the number as the rules write it: half-width capitals, no spaces, hyphens or invisible signs."""
    return clean_text(text)


def check(number: str) -> None:
    """Raise IdentifierError when a cleaned number is wrong: empty, length, prefix, character, type, division, check."""
    SHAPE.check(number)


def is_valid(number: str) -> bool:
    """Return whether `check` would pass."""
    return SHAPE.fault(number) is None


def reason(number: str) -> str:
    """Return the reason of `check`, "" when it would pass."""
    fault = SHAPE.fault(number)
    return fault.reason if fault else ""


def show(number: str) -> str:
    """Return the number in groups for the eye (type, division, sequence, check); others as they are."""
    return f"{number[:2]} {number[2]} {number[3:9]} {number[9:15]} {number[15]}" if SHAPE.layout(number) else number


def check_digit(body: str) -> str:
    """Return the check digit of the 13 digits after JY."""
    return mod11_10(body)


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    return (
        Part(zh="前缀", en="prefix", place=1, text="JY", meaning="食品经营许可"),
        Part(zh="主体业态代码", en="type", place=3, text=number[2], meaning=TYPES[number[2]]),
        Part(zh="发证地行政区划", en="division", place=4, text=number[3:9], meaning=tables.division_meaning(number[3:9])),
        Part(zh="顺序码", en="sequence", place=10, text=number[9:15], meaning=""),
        Part(zh="校验码", en="check digit", place=16, text=number[15], meaning=f"计算值 {check_digit(number[2:15])}"),
    )


def warnings(number: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid number: county, county_elsewhere; none for a wrong one."""
    return tables.division_doubts(SHAPE, number, start=3) if is_valid(number) else ()


def build(*, kind: str, division: str, sequence: str) -> str:
    """Return the valid number of a type digit, a division (six digits) and a sequence (six).

    >>> build(kind="1", division="350102", sequence="000001")
    'JY13501020000011'
    """
    body = kind + division + sequence
    return f"JY{body}{mod11_10(body)}"


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
    """Return "" for each cell: no doubt is known without tables (for counties ask `division.county_column`); NULL when NULL."""
    return column.isnull().ifelse(ibis.null("string"), ibis.literal(""))
