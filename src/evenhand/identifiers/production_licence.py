"""Food production licence (食品生产许可证编号): SC and 14 digits; QS and 12 digits before October 2018.

Takes   cleaned text, or a column of it; code tables for the meaning of the parts
Gives   the reason a number is wrong (empty, length, prefix, character, type, division, check), doubts of their own, what the parts say
Never   rejects an unlisted county of a known province (development zones have codes of their own) or an unlisted category
Law     食品生产许可管理办法; check digit ISO 7064 MOD 11,10 over the 13 digits before it

| place | part |
| --- | --- |
| 1-2 | SC |
| 3-5 | food category: 1.. food, 2.. additive; the main product's when several are licensed |
| 6-11 | division at first issue |
| 12-15 | sequence |
| 16 | check digit |

>>> is_valid("SC10635010200015"), reason("SC10635010200016"), reason("QS350106010123")
(True, 'check', '')

"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.check_digits import mod11_10, mod11_10_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import doubt_column
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "SHAPE", "build", "category_column", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason",
    "reason_column", "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

SHAPE: Final = Shape(
    name_zh="食品生产许可证编号",
    name_en="food production licence number",
    layouts=(
        Layout(
            prefix="SC",
            groups=(2, 3, 6, 4, 1),
            segments=(
                Segment(
                    count=3, pattern="[12][0-9]{2}", reason="type", hint="1（食品）、2（食品添加剂）", hint_en="1.. (food), 2.. (additive)"
                ),
                Segment(count=6, pattern=PROVINCE_PATTERN, reason="division"),
                Segment(count=5),
            ),
            check=Check(of=lambda text: mod11_10(text[2:15]), holds=lambda column: mod11_10_holds(column, start=2, length=13)),
        ),
        # On packages until 2018-10-01; in live data a sign of a stale record.
        Layout(prefix="QS", segments=(Segment(count=12),)),
    ),
)


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod11_10  # of the 13 digits after SC


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    if number.startswith("QS"):
        return (Part(zh="旧编号", en="old number", place=1, text=number, meaning="生产许可证旧编号（QS），2018年10月1日起停用"),)
    kind = "食品添加剂" if number[2] == "2" else "食品"
    category = tables.production_categories.get(number[2:5], "")
    return (
        Part(zh="前缀", en="prefix", place=1, text="SC", meaning="食品生产许可"),
        Part(zh="食品类别编码", en="food category", place=3, text=number[2:5], meaning=f"{kind}：{category}" if category else kind),
        Part(
            zh="首次发证地行政区划", en="division at first issue", place=6, text=number[5:11], meaning=tables.division_meaning(number[5:11])
        ),
        Part(zh="顺序码", en="sequence", place=12, text=number[11:15], meaning=""),
        Part(zh="校验码", en="check digit", place=16, text=number[15], meaning=f"计算值 {check_digit(number[2:15])}"),
    )


def warnings(number: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid number: category, county, county_elsewhere, legacy (QS); none for a wrong one."""
    if not is_valid(number):
        return ()
    if number.startswith("QS"):
        return (SHAPE.tell("legacy", number, place=0, allowed="QS，2018年10月1日起停用", allowed_en="QS, out of use since 2018-10-01"),)
    listed = not tables.production_categories or number[2:5] in tables.production_categories
    unlisted = () if listed else (SHAPE.tell("category", number, place=3, found=number[2:5]),)
    return (*unlisted, *tables.division_doubts(SHAPE, number, start=5))


def build(*, category: str, division: str, sequence: str) -> str:
    """Return the valid number of a category (three digits), a division (six) and a sequence (four).

    >>> build(category="106", division="350102", sequence="0001")
    'SC10635010200015'
    """
    body = category + division + sequence
    return f"SC{body}{mod11_10(body)}"


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "legacy" for a QS number, else ""; NULL when NULL. For counties ask `division.county_column`."""
    legacy = valid_column(column) & column.startswith("QS")
    return doubt_column(column, where=legacy, reason="legacy")


def category_column(column: ir.StringValue, *, tables: CodeTables) -> ir.StringValue:
    """Return "category" where the food category of an SC number is not in the tables, else ""; NULL when NULL. Ask it of valid cells."""
    listed = column.substr(2, 3).isin(sorted(tables.production_categories) or [""]) | ibis.literal(not tables.production_categories)
    return ibis.cases((column.isnull(), ibis.null("string")), (listed | column.startswith("QS"), ""), else_="category")
