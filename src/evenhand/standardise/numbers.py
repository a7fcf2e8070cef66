"""Numbers of a record: which column a number belongs to, whether it is right, what kind of licence it names.

A number that stands in a neighbour's column is moved when its form leaves no doubt:

| stands in | form | goes to | uscc_state |
| --- | --- | --- | --- |
| uscc | 13 or 15 digits | registration_no, when empty | empty |
| uscc | 9 signs that pass the check of an organisation code | organisation_code, when empty | empty |
| uscc | 18 signs that pass the check of a resident ID, not of a unified code | nowhere: personal data | wrong |
| registration_no, organisation_code | a valid unified code | uscc, when empty | valid or warning |
| anything else in uscc | | stays | wrong |

organisation_code is filled from a valid unified code (places 9-17) when it is empty.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers import filing_no, operation_licence, organisation_code, production_licence, resident_id, special_food_no, uscc

__all__ = ["licence_columns", "move_numbers"]

_REGISTRATION: Final = "^(?:[0-9]{13}|[0-9]{15})$"
_USCC_LENGTH: Final = 18


def move_numbers(records: ir.Table) -> ir.Table:
    """Move numbers to their columns and add `uscc_state`; columns needed: uscc, registration_no, organisation_code."""
    null = ibis.null("string")
    code, number, organisation = records.uscc, records.registration_no, records.organisation_code
    long_number = (number.length() == _USCC_LENGTH) & uscc.valid_column(number)
    long_organisation = (organisation.length() == _USCC_LENGTH) & uscc.valid_column(organisation)
    stray = ibis.cases((long_number, number), (long_organisation, organisation), else_=null)
    is_code = code.length() == _USCC_LENGTH
    is_number = ~is_code & code.re_search(_REGISTRATION)
    is_organisation = (code.length() == organisation_code.SHAPE.layouts[0].length) & organisation_code.valid_column(code)
    is_person = is_code & code.re_search("^[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]$") & resident_id.valid_column(code) & ~uscc.valid_column(code)
    placed = records.mutate(
        uscc=ibis.cases(((is_number | is_organisation | is_person).fill_null(False), null), else_=code),
        registration_no=ibis.cases((long_number.fill_null(False), null), else_=number),
        organisation_code=ibis.cases((long_organisation.fill_null(False), null), else_=organisation),
        _number=ibis.cases((is_number, code), else_=null), _organisation=ibis.cases((is_organisation, code), else_=null),
        _person=is_person.fill_null(False), _stray=stray,
    )  # fmt: skip
    placed = placed.mutate(
        uscc=ibis.coalesce(placed.uscc, placed._stray),  # noqa: SLF001 — columns of ours
        registration_no=ibis.coalesce(placed.registration_no, placed._number),  # noqa: SLF001
        organisation_code=ibis.coalesce(placed.organisation_code, placed._organisation),  # noqa: SLF001
    )
    # Nested, so that the second check runs only on codes that pass the first.
    doubt = (uscc.warning_column(placed.uscc) == "").ifelse("valid", "warning")
    state = ibis.cases((placed.uscc.isnull(), placed._person.ifelse("wrong", "empty")), (uscc.valid_column(placed.uscc), doubt), else_="wrong")  # noqa: SLF001
    placed = placed.mutate(uscc_state=state)
    own = ibis.cases((placed.uscc_state.isin(["valid", "warning"]), placed.uscc.substr(8, 9)), else_=null)
    return placed.mutate(organisation_code=ibis.coalesce(placed.organisation_code, own)).drop("_number", "_organisation", "_person", "_stray")


def licence_columns(number: ir.StringValue, kind: ir.StringValue) -> dict[str, ir.Value]:
    """Return `licence_kind` and `licence_valid`; a kind without a check has no answer (NULL).

    Args:
        number: cleaned licence, filing, registration or product number.
        kind: kind of the extract.
    """
    small = (kind == "small_registration") | number.re_search("小作|小餐|摊|小坊|作坊")
    special = number.re_search("^(?:国食健|卫食健|食健备|国食注)")
    old = number.re_search("^(?:QS|SP[0-9])|餐证|餐饮服务|食品流通|卫食证|卫证字|食证字")
    licence_kind = ibis.cases(
        (number.isnull(), ibis.null("string")),
        (number.startswith("JY"), "JY"), (number.startswith("SC"), "SC"), (number.startswith("YB"), "YB"),
        (special, "特食"), (old, "旧证"), (small, "三小"), else_="其他",
    )  # fmt: skip
    valid = ibis.cases(
        (number.startswith("JY"), operation_licence.valid_column(number)),
        (number.startswith("SC"), production_licence.valid_column(number)),
        (number.startswith("YB"), filing_no.valid_column(number)),
        (special, special_food_no.valid_column(number)),
        else_=ibis.null("boolean"),
    )
    return {"licence_kind": licence_kind, "licence_valid": valid}
