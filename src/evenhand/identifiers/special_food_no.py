"""Special-food product number (特殊食品注册或备案号): of one product, not of a business.

Takes   cleaned text, or a column of it
Gives   the reason a number is wrong (empty, format), what its parts say
Never   says whether the registration is still valid: legacy numbers may have been renewed
Law     保健食品注册与备案管理办法 (RECALLED 95); 特殊医学用途配方食品注册管理办法, 婴幼儿配方乳粉产品配方注册管理办法 (RECALLED 88)

| product | form |
| --- | --- |
| health food, registered | 国食健注G or J + 4 year + 4 sequence |
| health food, filed | 食健备G + 4 year + 2 province + 6 sequence; imported 食健备J + 4 year + 00 + 6 |
| special medical formula | 国食注字TY + 4 year + 4 sequence |
| infant formula | 国食注字YP + 4 year + 4 sequence |
| legacy | 国食健字G or J + 8 digits; 卫食健字(year)第sequence号 |

>>> is_valid("国食健注G20190001"), is_valid(clean("食健备 g2021 35 000123")), kind_of("卫食健字(1997)第0123号")
(True, True, '保健食品（卫生部批准，旧）')
>>> reason("国食健注X20190001")
'format'

"""

import re
from typing import Final

from evenhand.identifiers.check_digits import no_check_digit
from evenhand.identifiers.cleaning import clean_text, clean_text_column
from evenhand.identifiers.code_tables import CodeTables, Part, no_warnings
from evenhand.identifiers.doors import no_warning_column
from evenhand.identifiers.forms import Form
from evenhand.identifiers.provinces import PROVINCE_TWO

__all__ = [
    "FORM", "KINDS", "build", "check", "check_digit", "clean", "clean_column", "explain", "is_valid", "kind_of", "reason",
    "reason_column", "show", "valid_column", "warning_column", "warnings",
]  # fmt: skip

_YEAR: Final = "(?:19|20)[0-9]{2}"

#: Pattern → kind of product, in the order in which they are tried.
KINDS: Final = {
    f"国食健注G{_YEAR}[0-9]{{4}}": "国产保健食品（注册）",
    f"国食健注J{_YEAR}[0-9]{{4}}": "进口保健食品（注册）",
    f"食健备G{_YEAR}{PROVINCE_TWO}[0-9]{{6}}": "国产保健食品（备案）",
    f"食健备J{_YEAR}00[0-9]{{6}}": "进口保健食品（备案）",
    f"国食注字TY{_YEAR}[0-9]{{4}}": "特殊医学用途配方食品（注册）",
    f"国食注字YP{_YEAR}[0-9]{{4}}": "婴幼儿配方乳粉（注册）",
    f"国食健字G{_YEAR}[0-9]{{4}}": "国产保健食品（旧批准文号）",
    f"国食健字J{_YEAR}[0-9]{{4}}": "进口保健食品（旧批准文号）",
    f"卫食健(?:进)?字[(]?{_YEAR}[)]?第?[0-9]{{3,4}}号?": "保健食品（卫生部批准，旧）",
}

FORM: Final = Form(
    name_zh="特殊食品注册（备案）号",
    name_en="special-food product number",
    pattern="|".join(KINDS),
    hint="国食健注G/J、国食注字TY/YP、国食健字G/J 加8位数字，食健备G/J 加12位数字，或卫食健字(年份)第…号",
    hint_en="国食健注G/J, 国食注字TY/YP, 国食健字G/J and 8 digits, 食健备G/J and 12 digits, or 卫食健字(year)第…号",
)


clean = clean_text
check, is_valid, reason, show = FORM.check, FORM.is_valid, FORM.reason, FORM.show


def kind_of(number: str) -> str:
    """Return the kind of product a valid number speaks of, "" for a wrong one."""
    return next((kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, number)), "")


check_digit = no_check_digit


def explain(number: str, *, tables: CodeTables) -> tuple[Part, ...]:
    """Return what the parts of a valid number say; raises IdentifierError for a wrong one."""
    check(number)
    start = next(place for place, sign in enumerate(number) if sign.isdigit())
    parts = [
        Part(zh="类别", en="kind", place=1, text=number[:start], meaning=kind_of(number)),
        Part(zh="年份", en="year", place=start + 1, text=number[start : start + 4], meaning=f"{number[start : start + 4]}年"),
    ]
    rest = start + 4
    if number.startswith("食健备G"):
        parts.append(
            Part(
                zh="省份",
                en="province",
                place=rest + 1,
                text=number[rest : rest + 2],
                meaning=tables.division_meaning(f"{number[rest : rest + 2]}0000"),
            )
        )
        rest += 2
    parts.append(Part(zh="顺序号", en="sequence", place=rest + 1, text=number[rest:], meaning=""))
    return tuple(parts)


warnings = no_warnings


def build(*, prefix: str, year: int, sequence: str, province: str = "") -> str:
    """Return the number of a prefix (国食健注G …), a year, a sequence, and for filings the province's two digits (00 for imports).

    >>> build(prefix="食健备G", year=2021, province="35", sequence="000123")
    '食健备G202135000123'
    """
    return f"{prefix}{year:04}{province}{sequence}"


clean_column = clean_text_column
reason_column, valid_column = FORM.reason_column, FORM.valid_column
warning_column = no_warning_column
