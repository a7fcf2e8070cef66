"""Masks: how a value is shown to people without the right to see it (GB/T 37964; the patterns are the platform's own).

The scalar and the column form hide the same characters.

>>> masked("13805911234", Mask.PHONE), masked("张小明", Mask.PERSON), masked("欧阳小明", Mask.PERSON)
('138****1234', '张**', '欧阳**')
>>> masked("350102199001010016", Mask.IDENTITY), masked("0591-87654321", Mask.PHONE)
('350***********0016', '0591-******21')
>>> masked("鼓楼区东街83号中山大厦1层", Mask.ADDRESS)
'鼓楼区东街***'
"""

import re
from typing import Final

import ibis.expr.types as ir

from evenhand.standards.shapes import Mask

__all__ = ["mask_column", "masked"]

_DOUBLE: Final = "欧阳|上官|诸葛|司马|皇甫|令狐|司徒|东方|慕容|尉迟"
_PATTERNS: Final[dict[Mask, tuple[tuple[str, str], ...]]] = {
    Mask.NONE: (),
    Mask.INTERNAL: (),
    Mask.PERSON: ((rf"^({_DOUBLE}|.).*$", r"\1**"),),
    Mask.PHONE: (
        (r"^(1\d{2})\d{4}(\d{4})$", r"\1****\2"),
        (r"^(0\d{2,3}-?)\d+(\d{2})$", r"\1******\2"),
        (r"^[^*]{1,6}$", "***"),
        (r"^([^*]{3})[^*]{4,}$", r"\1***"),
    ),
    Mask.IDENTITY: ((r"^(.{3}).{11}(.{4})$", r"\1***********\2"), (r"^(.)[^*]+(.)$", r"\1***\2")),
    Mask.ADDRESS: ((r"^([^0-9*]*?)[0-9].*$", r"\1***"),),
    Mask.SECRET: ((r"^.+$", "***"),),
}
"""For each mask the replacements tried in order; what an earlier one has hidden holds `*` and is left alone by the later."""


def masked(value: str | None, mask: Mask) -> str | None:
    """Hide what `mask` hides of one value; an empty value stays empty."""
    for pattern, kept in _PATTERNS[mask]:
        value = value and re.sub(pattern, kept, value)
    return value


def mask_column(column: ir.StringValue, mask: Mask) -> ir.StringValue:
    """Hide what `mask` hides in every cell of a column."""
    for pattern, kept in _PATTERNS[mask]:
        column = column.re_replace(pattern, kept)
    return column
