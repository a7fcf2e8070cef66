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
_PERSON: Final = "^[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]$"
_USCC_LENGTH: Final = 18
_ORGANISATION_LENGTH: Final = 9


def move_numbers(records: ir.Table) -> ir.Table:
    """Move numbers to their columns and add `uscc_state`; columns needed: uscc, registration_no, organisation_code.

    Each check digit is worked out once, and only on cells whose length allows it: a CASE tries its branches in turn, an AND does not.
    """
    null = ibis.null("string")
    code, number, organisation = records.uscc, records.registration_no, records.organisation_code
    placed = records.mutate(right_=(code.length() == _USCC_LENGTH).ifelse(uscc.valid_column(code), ibis.literal(value=False)))
    form = ibis.cases(
        (code.isnull(), "empty"),
        (placed.right_, "uscc"),
        (code.re_search(_REGISTRATION), "number"),
        (code.length() == _ORGANISATION_LENGTH, organisation_code.valid_column(code).ifelse("organisation", "wrong")),
        (code.re_search(_PERSON), resident_id.valid_column(code).ifelse("person", "wrong")),
        else_="wrong",
    )
    stray = ibis.cases(
        (number.length() == _USCC_LENGTH, uscc.valid_column(number).ifelse(number, null)),
        (organisation.length() == _USCC_LENGTH, uscc.valid_column(organisation).ifelse(organisation, null)),
        else_=null,
    )
    placed = placed.mutate(form_=form, stray_=stray)
    moved = placed.mutate(
        uscc=ibis.cases((placed.form_.isin(["uscc", "wrong"]), placed.uscc), else_=placed.stray_),
        registration_no=ibis.coalesce(_unless_stray(placed, "registration_no"), (placed.form_ == "number").ifelse(placed.uscc, null)),
        organisation_code=ibis.coalesce(
            _unless_stray(placed, "organisation_code"), (placed.form_ == "organisation").ifelse(placed.uscc, null)
        ),
        valid_=(placed.form_ == "uscc") | (placed.form_.notin(["uscc", "wrong"]) & placed.stray_.notnull()),
    )
    own = moved.valid_.ifelse(moved.uscc.substr(8, 9), null)
    moved = moved.mutate(own_=own)
    # The embedded organisation code is the doubt that `uscc.warning_column` speaks of; here the outer check is already known.
    doubt = organisation_code.valid_column(moved.own_).ifelse("valid", "warning")
    state = ibis.cases((moved.valid_, doubt), (moved.form_.isin(["wrong", "person"]), "wrong"), else_="empty")
    return moved.mutate(uscc_state=state, organisation_code=ibis.coalesce(moved.organisation_code, moved.own_)).drop(
        "right_", "form_", "stray_", "valid_", "own_"
    )


def _unless_stray(records: ir.Table, column: str) -> ir.StringValue:
    """The column, NULL where it holds the unified code that has been found in it."""
    return (records[column] == records.stray_).fill_null(False).ifelse(ibis.null("string"), records[column])  # noqa: FBT003 — Ibis takes it by position


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
