"""Consistency: what two numbers, or a number and a kind of subject, must say together (一致性核对).

Takes   cleaned, valid numbers, or columns of them
Gives   agree, disagree, or cannot tell (None, NULL)
Never   decides which of the two is wrong
Law     GS15-2006 type digit against GB 32100-2015 category (DESIGN); usual categories of food subjects (DESIGN)

>>> registration_agrees("92350105MA8UAB1268", "350102600000041"), registration_agrees("91350102MA2XTE0T4E", "350102600000041")
(True, False)
>>> prefix_agrees("92350105MA8UAB1268", "企业"), prefix_agrees("92350105MA8UAB1268", "个体工商户"), prefix_agrees("", "企业")
(False, True, None)
"""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers import registration_no, uscc

__all__ = ["USUAL_PREFIXES", "prefix_agreement_column", "prefix_agrees", "registration_agreement_column", "registration_agrees"]

_INDIVIDUAL: Final = "92"
_BUSINESS: Final = ("91", "93")

#: Kind of subject → first two signs of the codes it normally carries. Other kinds: cannot tell. A rule pack may pass its own.
USUAL_PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "企业": ("91",),
    "分支机构": ("91",),
    "个体工商户": ("92",),
    "农民专业合作社": ("93",),
    "事业单位": ("12",),
    "机关": ("11",),
    "社会团体": ("51",),
    "民办非企业": ("52",),
    "军队单位": ("A1",),
    "公办学校食堂": ("12",),
    "公立医院食堂": ("12",),
    "机关食堂": ("11",),
    "民办学校食堂": ("52",),
    "养老机构食堂": ("52",),
    "军队食堂": ("A1",),
}


def registration_agrees(code: str, number: str) -> bool | None:
    """Return whether a USCC and a 15-digit registration number speak of the same kind: type 6-9 with 92, 0-5 with 91 or 93.

    None when one of them is wrong, has 13 digits, or the code was given by another department or category.
    """
    if not (uscc.is_valid(code) and registration_no.is_valid(number) and len(number) == registration_no.LENGTH):
        return None
    if code[:2] not in {_INDIVIDUAL, *_BUSINESS}:
        return None
    return (code[:2] == _INDIVIDUAL) == (number[6] in "6789")


def prefix_agrees(code: str, kind: str, *, usual: Mapping[str, tuple[str, ...]] = USUAL_PREFIXES) -> bool | None:
    """Return whether a USCC starts as codes of this kind of subject normally do; None when the code is wrong or the kind unknown."""
    if kind not in usual or not uscc.is_valid(code):
        return None
    return code[:2] in usual[kind]


def registration_agreement_column(code: ir.StringValue, number: ir.StringValue) -> ir.BooleanValue:
    """Return `registration_agrees` of each row; NULL when it cannot tell."""
    tellable = (
        uscc.valid_column(code)
        & code.left(2).isin([_INDIVIDUAL, *_BUSINESS])
        & registration_no.valid_column(number)
        & (number.length() == registration_no.LENGTH)
    )
    agrees = (code.left(2) == _INDIVIDUAL) == number.substr(6, 1).isin(list("6789"))
    return ibis.cases((tellable, agrees), else_=ibis.null("boolean"))


def prefix_agreement_column(
    code: ir.StringValue, kind: ir.StringValue, *, usual: Mapping[str, tuple[str, ...]] = USUAL_PREFIXES
) -> ir.BooleanValue:
    """Return `prefix_agrees` of each row; NULL when it cannot tell."""
    branches = [(uscc.valid_column(code) & (kind == name), code.left(2).isin(list(prefixes))) for name, prefixes in usual.items()]
    return ibis.cases(*branches, else_=ibis.null("boolean"))
