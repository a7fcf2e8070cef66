"""Phones: one number per cell, digits only; the first when several are written; what is no number is kept as it is.

Mobile numbers are eleven digits; landlines carry their area code without a hyphen, as `identifiers.landline` stores them.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.standardise.text import clean_text

__all__ = ["clean_phone"]

_TIDY: Final = r"^(?:1[3-9][0-9]{9}|0[0-9]{9,11})$"
_MOBILE: Final = r"(?:^|[^0-9])(?:(?:\+|00)?86)?(1[3-9][0-9]{9})(?:[^0-9]|$)"
_LANDLINE: Final = r"(?:^|[^0-9])(?:(?:\+|00)?86)?(0?[1-9][0-9]{1,2})[-_)）]([2-9][0-9]{6,7})(?:[^0-9]|$)"  # noqa: RUF001
_SOLID: Final = r"(?:^|[^0-9])(0[1-9][0-9]{1,2}[2-9][0-9]{6,7})(?:[^0-9]|$)"


def clean_phone(column: ir.StringValue) -> ir.StringValue:
    """Return the first mobile or landline number of each cell as digits; other text cleaned but kept."""
    text = clean_text(column)
    tight = text.re_replace(r"([0-9]) +([0-9])", r"\1\2").re_replace(r"(1[3-9][0-9])[- ]([0-9]{4})[- ]([0-9]{4})", r"\1\2\3").replace(" ", "").translate("－—–", "---")  # noqa: RUF001
    landline = tight.re_extract(_LANDLINE, 1) + tight.re_extract(_LANDLINE, 2)
    # The first number written wins; a landline stands before a mobile when its match starts earlier.
    mobile_first = tight.re_search(r"^[^0-9+]*(?:(?:\+|00)?86)?1[3-9][0-9]{9}(?:[^0-9]|$)")
    found = ibis.cases(
        (mobile_first, tight.re_extract(_MOBILE, 1)),
        (tight.re_search(_LANDLINE), landline.startswith("0").ifelse(landline, ibis.literal("0") + landline)),
        (tight.re_search(_SOLID), tight.re_extract(_SOLID, 1)),
        (tight.re_search(_MOBILE), tight.re_extract(_MOBILE, 1)),
        else_=text,
    )
    return column.re_search(_TIDY).ifelse(column, found)
