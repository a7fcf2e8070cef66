"""Form: a number that is words and digits of varying length; one regular expression decides, for one value and for a column."""

import re
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.doors import Doors
from evenhand.identifiers.refusals import Fault, tell

__all__ = ["Form"]


@dataclass(frozen=True, kw_only=True)
class Form(Doors):
    """A number with its pattern (the common part of Python, RE2 and Java), and the pattern in words, Chinese and English."""

    pattern: str
    hint: str
    hint_en: str = ""

    def fault(self, text: str) -> Fault | None:
        """Return what is wrong with a cleaned number (empty, format), or None."""
        if not text:
            return tell((self.name_zh, self.name_en), "empty", text, place=0)
        if not re.fullmatch(self.pattern, text):
            return tell((self.name_zh, self.name_en), "format", text, place=0, allowed=self.hint, allowed_en=self.hint_en)
        return None

    def reason_column(self, column: ir.StringValue) -> ir.StringValue:
        """Return the reason of each cleaned cell: "" when right, NULL when NULL."""
        branches = ((column.isnull(), ibis.null("string")), (self.valid_column(column), ""), (column == "", "empty"))
        return ibis.cases(*branches, else_="format")

    def valid_column(self, column: ir.StringValue) -> ir.BooleanValue:
        """Return whether each cleaned cell is right; NULL when NULL."""
        return column.re_search(f"^(?:{self.pattern})\\z")
