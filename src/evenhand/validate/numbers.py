"""Functions of conditions that ask the identifier modules about numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final, TypeAlias

import ibis

from evenhand.identifiers import (
    consistency,
    division,
    filing_no,
    landline,
    mobile,
    operation_licence,
    organisation_code,
    production_licence,
    registration_no,
    resident_id,
    special_food_no,
    uscc,
)
from evenhand.identifiers.check_digits import ALPHABET_31, ALPHABET_36, CHECKS_MOD11, WEIGHTS_MOD11, WEIGHTS_MOD31, mod11_holds, mod31_holds
from evenhand.standards import EXTRACTS

__all__ = ["FUNCTIONS", "KNOWN", "Known"]

Cell: TypeAlias = Any  # a column of text; Ibis checks it


def _uscc_repair(code: Cell) -> Cell:
    """Return the only code that a code with exactly one illegal letter can have been, with both checks right; else NULL.

    The same decision as `identifiers.uscc.repairs`, for a column.
    """
    illegal = code.re_replace(f"[^{''.join(uscc.REPAIRS)}]", "")
    usual = {letter: meant for letter, meant in uscc.REPAIRS.items() if len(meant) == 1}
    plain = code.translate("".join(usual), "".join(usual.values()))
    tries = [plain.replace("V", meant) for meant in uscc.REPAIRS["V"]]
    right = [uscc.valid_column(t) & mod11_holds(t, start=8) for t in tries]
    first, second = right
    is_v = illegal == "V"
    both = is_v & first & second
    return (illegal.length() == 1).ifelse(
        ibis.cases((both, ibis.null("string")), (first, tries[0]), (second, tries[1]), else_=ibis.null("string")), ibis.null("string")
    )


def _valid_phone(phone: Cell) -> Cell:
    # Cleaning a landline is slow and nine numbers in ten are mobiles: a branch, so that only the others pay for it.
    return ibis.cases((mobile.valid_column(phone), ibis.literal(True)), else_=landline.valid_column(landline.clean_column(phone)))  # noqa: FBT003 — a constant


def _valid_licence(number: Cell) -> Cell:
    """Whether a number of SC, JY or YB form is right; NULL for other forms (old certificates, three smalls), which have no check digit."""
    return ibis.cases(
        (number.startswith("SC"), production_licence.valid_column(number)),
        (number.startswith("JY"), operation_licence.valid_column(number)),
        (number.startswith("YB"), filing_no.valid_column(number)),
        else_=ibis.null("boolean"),
    )


def _licence_reason(number: Cell) -> Cell:
    return ibis.cases(
        (number.startswith("SC"), production_licence.reason_column(number)),
        (number.startswith("JY"), operation_licence.reason_column(number)),
        (number.startswith("YB"), filing_no.reason_column(number)),
        else_=ibis.null("string"),
    )


def _licence_division(number: Cell) -> Cell:
    """Six digits of the division inside a number of SC, JY or YB form; NULL for other forms."""
    return ibis.cases(
        (number.re_search("^SC[0-9]{14}$"), number.substr(5, 6)),
        (number.re_search("^(JY|YB)[0-9]{14}$"), number.substr(3, 6)),
        else_=ibis.null("string"),
    )


def _weighted(body: Cell, *, weights: Sequence[int], alphabet: str) -> Cell:
    return reduce(add, [ibis.literal(alphabet).find(body.substr(place, 1)) * weight for place, weight in enumerate(weights)])


def _uscc_sign(body: Cell) -> Cell:
    return ibis.literal(ALPHABET_31).substr((31 - _weighted(body, weights=WEIGHTS_MOD31, alphabet=ALPHABET_31) % 31) % 31, 1)


def _organisation_sign(body: Cell) -> Cell:
    return ibis.literal(CHECKS_MOD11).substr(_weighted(body, weights=WEIGHTS_MOD11, alphabet=ALPHABET_36) % 11, 1)


def _licence_sign(number: Cell) -> Cell:
    """Check digit by MOD 11,10 of the 13 digits after the two letters; the wording of a finding only, so it may be slow."""
    product: Cell = ibis.literal(10)
    for place in range(2, 15):
        product = ((product + ibis.literal(ALPHABET_36).find(number.substr(place, 1)) - 1) % 10 + 1) * 2 % 11
    return ((11 - product) % 10).cast("string")


FUNCTIONS: Final[dict[str, tuple[str, Callable[..., Cell]]]] = {
    "valid_uscc": ("统一社会信用代码正确", uscc.valid_column),
    "uscc_reason": ("统一社会信用代码错在哪里（empty、length、character、division、check）", uscc.reason_column),
    "uscc_warning": ("统一社会信用代码的疑点", uscc.warning_column),
    "uscc_check_holds": ("18位代码的校验码相符", mod31_holds),
    "organisation_check_holds": ("统一社会信用代码中主体标识码的校验码相符", lambda code: mod11_holds(code, start=8)),
    "uscc_sign": ("前17位应有的校验码", _uscc_sign),
    "uscc_repair": ("仅一个误用字母且只有一种改法时的正确代码，否则为空", _uscc_repair),
    "valid_organisation_code": ("组织机构代码正确", organisation_code.valid_column),
    "organisation_sign": ("组织机构代码前8位应有的校验码", _organisation_sign),
    "valid_registration_no": ("注册号正确（15位，或者2007年前的13位）", registration_no.valid_column),
    "valid_resident_id": ("公民身份号码正确", resident_id.valid_column),
    "resident_id_reason": ("公民身份号码错在哪里", resident_id.reason_column),
    "valid_phone": ("手机或者固定电话号码正确", _valid_phone),
    "valid_division": ("行政区划代码的位数和省级代码正确", division.valid_column),
    "valid_product_no": ("特殊食品注册证号或者备案号的格式正确", special_food_no.valid_column),
    "valid_licence": ("SC、JY、YB 编号正确；其他编号没有校验规则，为空", _valid_licence),
    "licence_reason": ("SC、JY、YB 编号错在哪里", _licence_reason),
    "filing_warning": ("备案编号的疑点", filing_no.warning_column),
    "licence_division": ("SC、JY、YB 编号中的行政区划，其他编号为空", _licence_division),
    "registration_agrees": ("统一社会信用代码与注册号说的是同一类主体", consistency.registration_agreement_column),
    "licence_sign": ("SC、JY、YB 编号应有的校验码", _licence_sign),
}
"""Name → meaning and column expression."""


@dataclass(frozen=True)
class Known:
    """Where `record` already says that a number is right: the field asked about, the column that says it, and the rows it says it of.

    Only a yes is taken over. For other rows, and for rows that `record` does not know, the function is worked out: it costs little there.
    """

    argument: str
    column: str
    holds: Callable[[Mapping[str, Cell]], Cell]


def _state(*states: str) -> Known:
    # `record` may have found the code in another column, so the length of this cell is asked too.
    length = uscc.SHAPE.layouts[0].length
    return Known("uscc", "record_uscc_state", lambda row: (row["uscc"].length() == length) & row["record_uscc_state"].isin(states))


def _licence(row: Mapping[str, Cell]) -> Cell:
    # Where there is a product number, `record` speaks of that, which is another field.
    return (
        row["kind"].notin([name for name, extract in EXTRACTS.items() if "product_no" in extract])
        & row["licence_no"].left(2).isin(["SC", "JY", "YB"])
        & row["record_licence_valid"]
    )


KNOWN: Final[dict[str, Known]] = {
    "valid_uscc": _state("valid", "warning"),
    "uscc_check_holds": _state("valid", "warning"),
    "organisation_check_holds": _state("valid"),
    "valid_licence": Known("licence_no", "record_licence_valid", _licence),
}
"""Name of the function → what standardising found out: a check digit of millions of rows is worked out once."""
