"""Resident ID (公民身份号码): 18 places, or the 15 digits of before 1999.

Takes   cleaned text, or a column of it
Gives   the reason a number is wrong (empty, length, character, division, date, check), what its parts say
Never   asks how old the person is: that needs a day (`asof`) and belongs to the quality rules
Law     GB 11643-1999; check sign ISO 7064 MOD 11-2. The foreign permanent resident card since 2023 (first digit 9) has the same check

| place | part |
| --- | --- |
| 1-6 | division of first registration; 81, 82, 83 are residence permits for Hong Kong, Macao, Taiwan residents |
| 7-14 | birth date |
| 15-17 | sequence, odd for men and even for women |
| 18 | check sign |

>>> is_valid("350102199001010016"), reason("350102199002300015"), reason("350102199001010017")
(True, 'date', 'check')
>>> to_18("350102900101001")
'350102199001010016'

"""

from typing import Final

import ibis.expr.types as ir

from evenhand.identifiers.check_digits import mod11_2, mod11_2_holds
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part
from evenhand.identifiers.doors import doubt_column
from evenhand.identifiers.layout import Check, Layout, Segment, Shape
from evenhand.identifiers.provinces import PROVINCE_PATTERN
from evenhand.identifiers.refusals import Fault

__all__ = [
    "LEGACY_LENGTH", "LENGTH", "SHAPE", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "reason",
    "reason_column", "show", "to_18", "valid_column", "warning_column", "warnings",
]  # fmt: skip

_PLACE: Final = Segment(count=6, pattern=f"{PROVINCE_PATTERN}|83[0-9]{{4}}|9[0-9]{{5}}", reason="division")
_DAY: Final = "(?:0[1-9]|1[0-9]|2[0-8])"
# Every day of the year but 29 February, then 29 February of the years that have one.
_COMMON: Final = f"(?:(?:0[1-9]|1[0-2]){_DAY}|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
_LEAP: Final = "(?:0[48]|[2468][048]|[13579][26])"
_DATE: Final = f"(?:18|19|20)[0-9]{{2}}{_COMMON}|(?:(?:18|19|20){_LEAP}|2000)0229"
_SHORT_DATE: Final = f"[0-9]{{2}}{_COMMON}|{_LEAP}0229"

#: Places of the present and of the old form.
LENGTH: Final = 18
LEGACY_LENGTH: Final = 15

SHAPE: Final = Shape(
    name_zh="公民身份号码",
    name_en="resident ID",
    layouts=(
        Layout(
            segments=(
                _PLACE,
                Segment(count=8, pattern=_DATE, reason="date"),
                Segment(count=3),
                Segment(count=1, allowed="0123456789X", signs="数字和 X", signs_en="digits and X"),
            ),
            check=Check(of=lambda text: mod11_2(text[:17]), holds=mod11_2_holds),
            groups=(6, 8, 4),
        ),
        Layout(segments=(_PLACE, Segment(count=6, pattern=_SHORT_DATE, reason="date"), Segment(count=3))),
    ),
)


clean = clean_text
check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
check_digit = mod11_2  # of the first 17 places


def to_18(number: str) -> str:
    """Return the 18 places of a valid 15-digit number (19.. is put before the year); 18 places stay as they are."""
    check(number)
    longer = number[:6] + "19" + number[6:]
    return longer + mod11_2(longer) if len(number) == LEGACY_LENGTH else number


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say, in its 18-place form; raises IdentifierError for a wrong one."""
    full = to_18(number)
    place = tables.division_meaning(full[:6]) if full[0] != "9" else "外国人永久居留身份证"
    sex = "男" if int(full[16]) % 2 else "女"
    return (
        Part(zh="首次申领地行政区划", en="division of first registration", place=1, text=full[:6], meaning=_PERMITS.get(full[:2], place)),
        Part(zh="出生日期", en="birth date", place=7, text=full[6:14], meaning=f"{full[6:10]}-{full[10:12]}-{full[12:14]}"),
        Part(zh="顺序码", en="sequence", place=15, text=full[14:17], meaning=sex),
        Part(zh="校验码", en="check sign", place=18, text=full[17], meaning=f"计算值 {check_digit(full[:17])}"),
    )


_PERMITS: Final = {"81": "香港居民居住证", "82": "澳门居民居住证", "83": "台湾居民居住证"}


def warnings(number: str, *, tables: CodeTables) -> tuple[Fault, ...]:
    """Return the doubts about a valid number: county (within the provinces of the tables), legacy (15 digits); none for a wrong one.

    People come from everywhere: a province that the tables do not cover is no doubt here.
    """
    if not is_valid(number):
        return ()
    doubts = tuple(doubt for doubt in tables.division_doubts(SHAPE, number, start=0) if doubt.reason == "county")
    return (
        (*doubts, SHAPE.tell("legacy", number, place=0, allowed="1999年以前，15位", allowed_en="15 digits, before 1999"))
        if len(number) == LEGACY_LENGTH
        else doubts
    )


def build(*, division: str, born: str, sequence: str) -> str:
    """Return the valid 18 places of a division, a birth date (YYYYMMDD) and a three-digit sequence.

    >>> build(division="350105", born="19851231", sequence="002")
    '350105198512310023'
    """
    body = division + born + sequence
    return body + mod11_2(body)


clean_column = clean_text_column
reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column


def warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "legacy" for a valid 15-digit number, else ""; NULL when NULL. For counties ask `division.county_column`."""
    legacy = valid_column(column) & (column.length() == LEGACY_LENGTH)
    return doubt_column(column, where=legacy, reason="legacy")
