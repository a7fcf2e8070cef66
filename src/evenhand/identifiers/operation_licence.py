"""Food operation licence (食品经营许可证编号): JY and 14 digits.

Takes   cleaned text, or a column of it; code tables for the meaning of the parts
Gives   the reason a number is wrong (empty, length, prefix, character, type, division, check), doubts of their own, what the parts say
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

from evenhand.identifiers.check_digits import mod11_10, mod11_10_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import no_warning_column
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
            groups=(2, 1, 6, 6, 1),
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


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod11_10  # of the 13 digits after JY


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


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column
warning_column = no_warning_column
