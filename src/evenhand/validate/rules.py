"""Quality rules as data: what one rule says, and the words it may use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from evenhand.standards import EXTRACTS, PROVENANCE, TABLES
from evenhand.validate.language import Expression, parse

__all__ = ["DIMENSIONS", "EMPTY", "GROUPS", "INDICATORS", "SEVERITIES", "Case", "Law", "QualityRule", "Template", "names_of"]

DIMENSIONS: Final = ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性")
"""The six dimensions of GB/T 36344-2018, in their order."""

INDICATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "规范性": ("0101", "0102", "0103", "0104", "0105", "0106"), "完整性": ("0201", "0202"), "准确性": ("0301", "0302", "0303", "0304", "0305"),
    "一致性": ("0401", "0402"), "时效性": ("0501", "0502", "0503"), "可访问性": ("0601", "0602"),
}  # fmt: skip
"""Indicator codes of each dimension (RECALLED 90)."""

EMPTY: Final = ("pass", "fail", "unknown")
"""How a rule may read an empty cell."""

SEVERITIES: Final = ("block", "error", "warn")

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": tuple(EXTRACTS),
    "subjects": tuple(name for name, extract in EXTRACTS.items() if extract.bears_subject),
    "record": ("record",),
}
"""Words that stand for several data sets. `record` is the table of all rows."""


@dataclass(frozen=True, kw_only=True)
class Law:
    """Where a rule comes from: title, article, and how sure we are (VERIFIED, VERIFIED†, RECALLED nn, DESIGN)."""

    title: str
    article: str
    tag: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One worked case: rows of one data set (the first is judged), rows of other data sets, the day, and the answer."""

    title: str
    expect: str
    kind: str
    rows: tuple[Mapping[str, Any], ...]
    others: Mapping[str, tuple[Mapping[str, Any], ...]]
    asof: str
    proposal: str | None


class Template:
    """A sentence with `{expressions}` in it."""

    def __init__(self, text: str) -> None:
        """Parse it; raises ValueError naming the part that cannot be read."""
        self.text = text
        pieces = re.split(r"\{([^{}]*)\}", text)
        self.parts: tuple[str | Expression, ...] = tuple(parse(p) if n % 2 else p for n, p in enumerate(pieces) if p or n % 2)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in it."""
        return tuple(part for part in self.parts if isinstance(part, Expression))


@dataclass(frozen=True, kw_only=True)
class QualityRule:
    """One quality rule (质量规则): one condition on one field of one or several data sets.

    `when`: only rows for which it holds are judged; the others count as skipped (不适用).
    `condition`: TRUE passes, FALSE fails, NULL is read as `empty` says.
    """

    id: str
    title: str
    file: str
    dimension: str
    indicator: str
    data: tuple[str, ...]
    field: str
    when: Expression | None
    condition: Expression
    empty: str
    severity: str
    law: Law
    remedy: str
    reason: Template
    proposal: Expression | None = None
    confidence: float | None = None
    list_unknown: bool = False
    cases: tuple[Case, ...] = ()

    @cached_property
    def decides(self) -> tuple[Expression, ...]:
        """Expressions that decide the outcome."""
        return (self.condition, self.when) if self.when else (self.condition,)

    @cached_property
    def tells(self) -> tuple[Expression, ...]:
        """Expressions that word a finding."""
        return (*self.reason.expressions, *((self.proposal,) if self.proposal else ()))

    @property
    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Each expression with the key it stands under."""
        yield "condition", self.condition
        if self.when:
            yield "when", self.when
        if self.proposal:
            yield "proposal", self.proposal
        for expression in self.reason.expressions:
            yield "reason", expression


def names_of(kind: str) -> tuple[str, ...]:
    """Names that a condition on this data set may use.

    The fields, `<field>_raw`, the columns of provenance, the columns of `record` that are no field of the set; and any column
    of `record` as `record_<column>`; `asof`. On `record` itself: its own columns and `asof`.
    """
    record = TABLES["record"].names
    if kind == "record":
        return (*record, "asof")
    fields = EXTRACTS[kind].names
    own = (*fields, *(f"{name}_raw" for name in fields), *(c.name for c in PROVENANCE))
    return (*own, *(c for c in record if c not in own), *(f"record_{c}" for c in record), "asof")
