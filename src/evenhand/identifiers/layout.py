"""Layout: how a number is built, written once and asked twice, for one value and for a column of a million.

A `Layout` is a run of `Segment`s of fixed length and perhaps a check sign in the last place. A `Shape` is the family of layouts of
one number (a present one, an older one), told apart by their length. The rules run in one order in both forms:
empty, length, prefix, character, then each segment from left to right, then the check sign.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.identifiers.doors import Doors
from evenhand.identifiers.refusals import Fault

__all__ = ["DIGITS", "Check", "Layout", "Segment", "Shape"]

DIGITS: Final = "0123456789"


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A run of places.

    `allowed` are the signs of each place, `pattern` what the run as a whole may be (in the common part of the regular
    expressions of Python, RE2 and Java), `reason` and `hint` what is said when it is not.
    """

    count: int
    allowed: str = DIGITS
    signs: str = "数字"
    signs_en: str = "digits"
    pattern: str = ""
    reason: str = ""
    hint: str = ""
    hint_en: str = ""

    @property
    def characters(self) -> str:
        """Regular expression of the signs alone."""
        return f"[{self.allowed}]{{{self.count}}}"

    @property
    def whole(self) -> str:
        """Regular expression of all that is asked of the run."""
        return f"({self.pattern})" if self.pattern else self.characters


@dataclass(frozen=True, kw_only=True)
class Check:
    """The check sign in the last place: how it follows from the whole number, and whether it holds for each cell of a column."""

    of: Callable[[str], str]
    holds: Callable[[ir.StringValue], ir.BooleanValue]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One way to build the number: a prefix, segments, and the check sign (which the last segment holds).

    `groups` are the places of each group for the eye; none when it is written without gaps.
    """

    segments: tuple[Segment, ...]
    prefix: str = ""
    check: Check | None = None
    groups: tuple[int, ...] = ()

    @cached_property
    def length(self) -> int:
        """Places of the whole number."""
        return len(self.prefix) + sum(segment.count for segment in self.segments)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Place of each segment, counted from 0."""
        return tuple(len(self.prefix) + sum(s.count for s in self.segments[:n]) for n in range(len(self.segments)))

    def first_fault(self, text: str) -> tuple[str, int, str, str, str] | None:
        """Return (reason, place from 0, found, allowed, the same in English) of a text of the right length, or None."""
        if not text.startswith(self.prefix):
            return ("prefix", 0, text[: len(self.prefix)], self.prefix, self.prefix)
        for segment, start in zip(self.segments, self.starts, strict=True):
            for place in range(start, start + segment.count):
                if text[place] not in segment.allowed:
                    return ("character", place, text[place], segment.signs, segment.signs_en)
        for segment, start in zip(self.segments, self.starts, strict=True):
            part = text[start : start + segment.count]
            if segment.pattern and not re.fullmatch(segment.pattern, part):
                return (segment.reason, start, part, segment.hint, segment.hint_en)
        if self.check and text[-1] != (expected := self.check.of(text)):
            return ("check", len(text) - 1, text[-1], expected, expected)
        return None

    def valid_column(self, column: ir.StringValue) -> ir.BooleanValue:
        """Return whether each cell is right: one regular expression and the check sign, the quick way for the many."""
        shaped = column.re_search(f"^{self.prefix}{''.join(s.whole for s in self.segments)}\\z")
        return shaped if self.check is None else shaped & self.check.holds(column)

    def reason_column(self, column: ir.StringValue) -> ir.StringValue:
        """Return the reason of the first fault of cells of the right length, "" when there is none."""
        branches = [(~column.startswith(self.prefix), "prefix")] if self.prefix else []
        characters = "".join(segment.characters for segment in self.segments)
        branches.append((~column.re_search(f"^{self.prefix}{characters}\\z"), "character"))
        for segment, start in zip(self.segments, self.starts, strict=True):
            if segment.pattern:
                part = column.substr(start, segment.count)
                branches.append((~part.re_search(f"^({segment.pattern})\\z"), segment.reason))
        if self.check:
            branches.append((~self.check.holds(column), "check"))
        return ibis.cases(*branches, else_="")


@dataclass(frozen=True, kw_only=True)
class Shape(Doors):
    """A number of fixed places: its layouts, each of another length."""

    layouts: tuple[Layout, ...]

    def layout(self, text: str) -> Layout | None:
        """Return the layout of this length, or None."""
        return next((layout for layout in self.layouts if layout.length == len(text)), None)

    def fault(self, text: str) -> Fault | None:
        """Return what is wrong with a cleaned number, or None."""
        if not text:
            return self.tell("empty", text, place=0)
        layout = self.layout(text)
        if layout is None:
            lengths = "、".join(str(layout.length) for layout in self.layouts)
            return self.tell("length", text, place=0, found=len(text), allowed=lengths, allowed_en=lengths.replace("、", ", "))
        found = layout.first_fault(text)
        if found is None:
            return None
        reason, place, sign, allowed, allowed_en = found
        return self.tell(reason, text, place=place + 1, found=sign, allowed=allowed, allowed_en=allowed_en)

    def show(self, text: str) -> str:
        """Return a valid number in groups for the eye; others as they are."""
        layout = self.layout(text)
        if layout is None or not layout.groups or not self.is_valid(text):
            return text
        return " ".join(text[end - count : end] for count, end in zip(layout.groups, accumulate(layout.groups), strict=True))

    def reason_column(self, column: ir.StringValue) -> ir.StringValue:
        """Return the reason of each cleaned cell: "" when right, NULL when NULL."""
        by_length = [(column.length() == layout.length, layout.reason_column(column)) for layout in self.layouts]
        return ibis.cases(
            (column.isnull(), ibis.null("string")),
            *[(layout.valid_column(column), "") for layout in self.layouts],
            (column == "", "empty"),
            *by_length,
            else_="length",
        )

    def valid_column(self, column: ir.StringValue) -> ir.BooleanValue:
        """Return whether each cleaned cell is right: the plain test, without the reason; NULL when NULL."""
        valid: ir.BooleanValue = self.layouts[0].valid_column(column)
        for layout in self.layouts[1:]:
            valid = valid | layout.valid_column(column)
        return valid
