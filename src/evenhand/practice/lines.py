"""Lines: the list of true subjects, and lines of a file whose cells have slipped."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from evenhand.practice.subjects import Kind, Subjects, World
from evenhand.practice.text import Text, as_text, day_text, text_column

__all__ = ["SUBJECT_HEADER", "broken", "subject_lines"]

SUBJECT_HEADER: Final = (
    "subject",
    "uscc",
    "organisation_code",
    "registration_no",
    "name",
    "former_name",
    "subject_type",
    "legal_person",
    "phone",
    "place",
    "county_code",
    "office",
    "founded_on",
    "cancelled_on",
    "moved_on",
    "sites",
    "parent",
)
_KINDS: Final = ("个体工商户", "企业", "分支机构", "农民专业合作社", "事业单位", "民办非企业", "机关", "自然人")


def broken(line: Sequence[str], code: str, rng: np.random.Generator) -> Sequence[str]:
    """Return a line with its cells moved by one, its end cut off, or a cell too many."""
    width = len(line)
    at = int(rng.integers(1, width - 1))
    if code == "row_shifted":
        return (*line[:at], "", *line[at:-1])
    if code == "row_truncated":
        return line[: max(at, 2)]
    return (*line, "已核对")


def subject_lines(subjects: Subjects, addresses: Text, *, world: World, offices: Text) -> Iterator[Sequence[object]]:
    """Give one line per subject for `truth/subjects.csv`."""
    kinds = text_column(list(_KINDS))
    parent = np.where(subjects.kind == Kind.BRANCH, subjects.number[subjects.parent], -1)
    sites = 1 + subjects.two_sites.astype(np.int64) + (subjects.moved >= 0)
    columns = (
        subjects.number,
        subjects.uscc,
        subjects.organisation_code,
        subjects.registration_no,
        subjects.name,
        subjects.former_name,
        kinds[subjects.kind],
        subjects.person,
        subjects.phone,
        addresses[: len(subjects)],
        world.ground.county_code[subjects.county],
        offices[subjects.office],
        day_text(subjects.founded),
        day_text(subjects.cancelled),
        day_text(subjects.moved),
        sites,
        as_text(parent),
    )
    return zip(*(column.tolist() for column in columns), strict=True)
