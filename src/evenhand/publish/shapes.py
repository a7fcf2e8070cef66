"""What is asked of a release and what comes back: a search, a page of rows, the card of a subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Condition", "Page", "Row", "Search", "SubjectCard"]

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition on `subject s` that another room put together from fixed parts, with its bound values."""

    sql: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a person asks of the register. `text`: a part of a name, a credit code, a licence number. `page` starts at 1.

    `model`: one that the subject is graded by; `grade`: its grade by that model, or without one the strictest of its food models.
    `also`: a further condition, such as a tag query.
    """

    text: str = ""
    city: str = ""
    county: str = ""
    office: str = ""
    form: str = ""
    status: str = ""
    uscc_state: str = ""
    model: str = ""
    grade: str = ""
    page: int = 1
    also: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of an answer and the total count."""

    total: int
    rows: Sequence[Row]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class SubjectCard:
    """All that a release knows of one subject."""

    subject: Row
    licences: Sequence[Row]
    sites: Sequence[Row]
    rows: Sequence[Row]
    findings: Sequence[Row]
    history: Sequence[Row]
    periods: Sequence[Row] = field(default_factory=tuple)
    moves: Sequence[Row] = field(default_factory=tuple)
    relations: Sequence[Row] = field(default_factory=tuple)
    branches: Sequence[Row] = field(default_factory=tuple)
    offices: Sequence[Row] = field(default_factory=tuple)
    office_votes: Sequence[Row] = field(default_factory=tuple)
    repairs: Sequence[Row] = field(default_factory=tuple)
    tags: Sequence[Row] = field(default_factory=tuple)
    choices: Sequence[Row] = field(default_factory=tuple)
    reach: Row = field(default_factory=dict)
