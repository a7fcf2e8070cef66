"""Unified social credit code (统一社会信用代码, USCC): the one number of every legal subject.

Takes   cleaned text, or a column of it; code tables for the meaning of the parts
Gives   the reason a code is wrong (empty, length, character, division, check), doubts of their own, what the parts say, a repair when only one is possible
Never   rejects a code because its division is abolished, its department is new, or only the organisation code inside is off
Law     GB 32100-2015; GB 11714-1997 for places 9-17

| place | part | signs |
| --- | --- | --- |
| 1 | registering department 登记管理部门 | 31 signs, letters included (A, N, Y) |
| 2 | category 机构类别 | 31 signs |
| 3-8 | division of the registering office 登记管理机关行政区划 | digits |
| 9-17 | organisation code 主体标识码 | 31 signs, with a check sign of its own |
| 18 | check sign 校验码 | modulus 31 |

>>> is_valid("91350100M000100Y43"), show("91350100M000100Y43")
(True, '91 350100 M000100Y4 3')
>>> check_digit("91350102MA2XTE0T4")
'E'
>>> from evenhand.identifiers import IdentifierError
>>> try:
...     check("91350102MA2XTEOT4E")
... except IdentifierError as error:
...     print(error.reason, error.place)
character 15
>>> repairs("91350102MA2XTEOT4E")
('91350102MA2XTE0T4E',)
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers import organisation_code
from evenhand.identifiers.check_digits import ALPHABET_31, mod11, mod11_holds, mod31, mod31_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import doubt_column
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "REPAIRS", "SHAPE", "build", "category_column", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason",
    "reason_column", "repairs", "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

_SIGNS: Final = "数字和除 I、O、S、V、Z 外的大写字母"
_SIGNS_EN: Final = "digits and capitals without I O S V Z"

SHAPE: Final = Shape(
    name_zh="统一社会信用代码",
    name_en="unified social credit code",
    layouts=(
        Layout(
            segments=(
                Segment(count=2, allowed=ALPHABET_31, signs=_SIGNS, signs_en=_SIGNS_EN),
                Segment(count=6, pattern=PROVINCE_PATTERN, reason="division"),
                Segment(count=10, allowed=ALPHABET_31, signs=_SIGNS, signs_en=_SIGNS_EN),
            ),
            check=Check(of=lambda text: mod31(text[:17]), holds=mod31_holds),
            groups=(2, 6, 9, 1),
        ),
    ),
)

#: Illegal letter → what was meant, by eye or by keyboard.
REPAIRS: Final = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "UY"}


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod31  # of the first 17 places


def explain(code: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid code say; raises IdentifierError for a wrong one."""
    check(code)
    department, category = tables.uscc_meaning(code[:2])
    return (
        Part(zh="登记管理部门", en="registering department", place=1, text=code[0], meaning=department),
        Part(zh="机构类别", en="category", place=2, text=code[1], meaning=category),
        Part(
            zh="登记管理机关行政区划",
            en="division of the registering office",
            place=3,
            text=code[2:8],
            meaning=tables.division_meaning(code[2:8]),
        ),
        Part(zh="主体标识码（组织机构代码）", en="organisation code", place=9, text=code[8:17], meaning=organisation_code.show(code[8:17])),
        Part(zh="校验码", en="check sign", place=18, text=code[17], meaning=f"计算值 {check_digit(code[:17])}"),
    )


def warnings(code: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid code: organisation_check, category, county, county_elsewhere; none for a wrong code."""
    if not is_valid(code):
        return ()
    doubts: list[Fault] = []
    if code[16] != (expected := mod11(code[8:16])):
        doubts.append(SHAPE.tell("organisation_check", code, place=17, found=code[16], allowed=expected))
    if not tables.knows_uscc_prefix(code[:2]):
        doubts.append(SHAPE.tell("category", code, place=1, found=code[:2]))
    return (*doubts, *tables.division_doubts(SHAPE, code, start=2))


def build(*, department: str, category: str, division: str, body: str) -> str:
    """Return the valid code of a department, category, division and the 8 signs of an organisation code without its check sign.

    >>> build(department="9", category="1", division="350102", body="MA2XTE0T")
    '91350102MA2XTE0T4E'
    """
    first = f"{department}{category}{division}{body}{mod11(body)}"
    return first + mod31(first)


def repairs(code: str) -> tuple[str, ...]:
    """Return what a code with exactly one illegal letter (I O S V Z) must have been: those substitutions with which both checks pass.

    Propose a repair only when there is exactly one; two or none go to a person.
    """
    illegal = [place for place, sign in enumerate(code) if sign in REPAIRS]
    if len(illegal) != 1:
        return ()
    place = illegal[0]
    tries = (code[:place] + sign + code[place + 1 :] for sign in REPAIRS[code[place]])
    return tuple(repaired for repaired in tries if is_valid(repaired) and repaired[16] == mod11(repaired[8:16]))


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "organisation_check" where only the check sign inside a valid code is off, else ""; NULL when NULL.

    The doubts that need tables: `category_column`, `division.county_column`.
    """
    off = valid_column(column) & ~mod11_holds(column, start=8)
    return doubt_column(column, where=off, reason="organisation_check")


def category_column(column: ir.StringValue, *, tables: CodeTables) -> ir.StringValue:
    """Return "category" where the pair of department and category is not in the tables, else ""; NULL when NULL. Ask it of valid cells."""
    known = column.left(2).isin(sorted(tables.uscc_prefixes) or [""]) | ibis.literal(not tables.uscc_prefixes)
    return ibis.cases((column.isnull(), ibis.null("string")), (known, ""), else_="category")
