"""Shapes of values: what kind of thing a field holds, hence how it is cleaned, stored, shown and masked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import ibis.expr.datatypes as dt

__all__ = ["COLUMN_TYPE", "Element", "Mask", "Shape"]


class Shape(StrEnum):
    """What kind of thing a value is. `standardise` has one cleaning per shape."""

    TEXT = "text"
    NAME = "name"  # name of a subject
    PERSON = "person"
    ADDRESS = "address"
    DATE = "date"
    PHONE = "phone"
    USCC = "uscc"
    ORGANISATION_CODE = "organisation_code"
    REGISTRATION_NO = "registration_no"
    LICENCE_NO = "licence_no"  # SC, JY, YB, three-smalls and product numbers
    RESIDENT_ID = "resident_id"
    DIVISION = "division"  # six digits of GB/T 2260
    OFFICE = "office"  # name of a supervising office as people write it
    CODE = "code"  # a value of a code list
    ITEMS = "items"  # several values of a code list in one text
    INTEGER = "integer"
    MONEY = "money"  # in the field's unit
    AREA = "area"  # in the field's unit
    FLAG = "flag"
    SERIAL = "serial"  # a number given by an office: kept as text


class Mask(StrEnum):
    """How a value is hidden from people without the right to see it (GB/T 35273 practice; DESIGN)."""

    NONE = "none"  # L1 public
    INTERNAL = "internal"  # L2 inside the bureau
    PERSON = "person"  # L3: 张*
    PHONE = "phone"  # L3: 138****1234
    IDENTITY = "identity"  # L3: 350***********0016
    ADDRESS = "address"  # L3 for natural persons: cut at the street
    SECRET = "secret"  # L4: never shown outside its case


_TEXT: Final = dt.String()

COLUMN_TYPE: Final[dict[Shape, dt.DataType]] = {
    **dict.fromkeys(Shape, _TEXT),
    Shape.DATE: dt.Date(),
    Shape.INTEGER: dt.Int64(),
    Shape.MONEY: dt.Decimal(18, 2),
    Shape.AREA: dt.Decimal(18, 2),
    Shape.FLAG: dt.Boolean(),
}
"""Column type of a standardised value of each shape. Raw values are always text."""


@dataclass(frozen=True, kw_only=True)
class Element:
    """One data element (数据元), as GB/T 19488 describes it: the same wherever it is used.

    `form` is the GB notation: `a`/`n`/`an` + length, `..` = up to, `n..10,2` = decimals, `d8` = day, `bl` = yes or no.
    `aliases` are headers that bureaus use for it: they help to map a new extract, and to name the nearest header.
    """

    name: str
    title: str
    shape: Shape
    form: str
    meaning: str
    english: str = ""
    aliases: tuple[str, ...] = ()
    codes: str = ""
    unit: str = ""
    mask: Mask = Mask.NONE
    law: str = ""
