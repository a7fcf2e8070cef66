"""Doors: what every number offers alike, written once; a sister module opens them under their names and adds what is its own.

    check, is_valid, reason, show = SHAPE.check, SHAPE.is_valid, SHAPE.reason, SHAPE.show
    reason_column, valid_column = SHAPE.reason_column, SHAPE.valid_column

`Shape` (fixed places) and `Form` (words and digits) are the two kinds of `Doors`: each says what is wrong with one number
and with a column of them.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.refusals import Fault, IdentifierError, tell

__all__ = ["Doors", "doubt_column", "no_warning_column"]


@dataclass(frozen=True, kw_only=True)
class Doors(ABC):
    """A kind of number with its names, Chinese and English."""

    name_zh: str
    name_en: str

    @abstractmethod
    def fault(self, text: str) -> Fault | None:
        """Return the first thing that is wrong with a cleaned number, or None."""

    @abstractmethod
    def reason_column(self, column: ir.StringValue) -> ir.StringValue:
        """Return the reason of each cleaned cell: "" when right, NULL when NULL."""

    @abstractmethod
    def valid_column(self, column: ir.StringValue) -> ir.BooleanValue:
        """Return whether each cleaned cell is right: the plain test, without the reason; NULL when NULL."""

    def tell(self, reason: str, text: str, *, place: int, found: object = "", allowed: object = "", allowed_en: object = "") -> Fault:
        """Return one fault with its sentence; `place` is counted from 1."""
        return tell((self.name_zh, self.name_en), reason, text, place=place, found=found, allowed=allowed, allowed_en=allowed_en)

    def check(self, text: str) -> None:
        """Raise IdentifierError with the first fault of a cleaned number."""
        fault = self.fault(text)
        if fault is not None:
            raise IdentifierError(fault)

    def is_valid(self, text: str) -> bool:
        """Return whether `check` would pass."""
        return self.fault(text) is None

    def reason(self, text: str) -> str:
        """Return the reason of `check`, "" when it would pass."""
        fault = self.fault(text)
        return fault.reason if fault else ""

    def show(self, text: str) -> str:
        """Return the number for the eye: as it is, where nobody says how to group it."""
        return text


def no_warning_column(column: ir.StringValue) -> ir.StringValue:
    """Return "" for each cell: no doubt is known without tables (for counties ask `division.county_column`); NULL when NULL."""
    return column.isnull().ifelse(ibis.null("string"), ibis.literal(""))


def doubt_column(column: ir.StringValue, *, where: ir.BooleanValue, reason: str) -> ir.StringValue:
    """Return `reason` where the doubt holds, else ""; NULL when NULL."""
    return ibis.cases((column.isnull(), ibis.null("string")), (where, reason), else_="")
