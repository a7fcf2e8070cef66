"""Phones: one number per cell, digits only; the first when several are written; what is no number is kept as it is.

Mobile numbers are eleven digits; landlines carry their area code without a hyphen, as `identifiers.landline` stores them.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = ["clean_phone", "tighten_phone"]

_TIDY: Final = r"^(?:1[3-9][0-9]{9}|0[0-9]{9,11})$"
_MOBILE: Final = r"(?:^|[^0-9])(?:(?:\+|00)?86)?(1[3-9][0-9]{9})(?:[^0-9]|$)"
_MOBILE_FIRST: Final = r"^[^0-9+]*(?:(?:\+|00)?86)?1[3-9][0-9]{9}(?:[^0-9]|$)"
_LANDLINE: Final = r"(?:^|[^0-9])(?:(?:\+|00)?86)?(0?[1-9][0-9]{1,2})[-_)）]([2-9][0-9]{6,7})(?:[^0-9]|$)"
_SOLID: Final = r"(?:^|[^0-9])(0[1-9][0-9]{1,2}[2-9][0-9]{6,7})(?:[^0-9]|$)"


# A number written in groups: 138 0591 1234, 0591 8765 4321.
_MOBILE_GROUPS: Final = r"(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})"
_LANDLINE_GROUPS: Final = r"(0[1-9][0-9]{1,2}[-)） ]+)([2-9][0-9]{2,3})[- ]([0-9]{4})"
# A number that is whole, and after a space (a line break has become one) the next.
_NEXT_AFTER_MOBILE: Final = r"(1[3-9][0-9]{9}) +([0-9+(（])"
_NEXT_AFTER_LANDLINE: Final = r"((?:^|[^0-9])(?:0[1-9][0-9]{1,2})?[2-9][0-9]{6,7}) +([0-9+(（])"


def tighten_phone(column: ir.StringValue) -> ir.StringValue:
    """Return the text without spaces and dashes inside numbers, other than the hyphen after an area code; 、 between two numbers."""
    whole = column.translate("－—–", "---").re_replace(_MOBILE_GROUPS, r"\1\2\3").re_replace(_LANDLINE_GROUPS, r"\1\2\3")
    parted = whole.re_replace(_NEXT_AFTER_MOBILE, r"\1、\2").re_replace(_NEXT_AFTER_LANDLINE, r"\1、\2")
    tight = parted.re_replace(r"([0-9]) +([0-9])", r"\1\2").replace(" ", "")
    return column.re_search(_TIDY).ifelse(column, tight)


def clean_phone(column: ir.StringValue) -> ir.StringValue:
    """Return the first mobile or landline number of each cell as digits; other text is kept.

    The cell has been through `clean_text` and `tighten_phone`.
    """
    landline = column.re_extract(_LANDLINE, 1) + column.re_extract(_LANDLINE, 2)
    # The first number written wins; a landline stands before a mobile when its match starts earlier.
    found = ibis.cases(
        (column.re_search(_MOBILE_FIRST), column.re_extract(_MOBILE, 1)),
        (column.re_search(_LANDLINE), ("0" + landline).re_replace("^00", "0")),
        (column.re_search(_SOLID), column.re_extract(_SOLID, 1)),
        (column.re_search(_MOBILE), column.re_extract(_MOBILE, 1)),
        else_=column,
    )
    return column.re_search(_TIDY).ifelse(column, found)
