"""Ask the library: who meets these wishes on a day, and how many fall away by which wish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.pipeline.inspectors.library import Inspector, Library

__all__ = ["Wanted", "find"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Wishes; an empty one is none. `certified`: True with a certificate that holds on `day`, False without one, None either."""

    day: date
    office: str = ""
    lines: tuple[str, ...] = ()
    certified: bool | None = None
    expert: str = ""
    language: str = ""
    free: bool = False
    text: str = ""


def find(library: Library, wanted: Wanted) -> tuple[list[Inspector], Counter[str]]:
    """Return who meets every wish, sorted by load and number, and how many fail each wish first."""
    away = library.away(wanted.day, wanted.day) if wanted.free else set()
    found: list[Inspector] = []
    failed: Counter[str] = Counter()
    for one in library.people:
        if why := _fails(one, wanted, away):
            failed[why] += 1
        else:
            found.append(one)
    return sorted(found, key=lambda one: (one.carried * 4 / one.quarters, one.number)), failed


def _fails(one: Inspector, wanted: Wanted, away: set[str]) -> str:
    holds = one.certified and one.until is not None and one.until >= wanted.day
    wishes: Sequence[tuple[str, bool]] = (
        ("不在这些机构", not wanted.office or wanted.office in one.office),
        ("姓名、编号不含这些字", not wanted.text or wanted.text in one.name or wanted.text in one.number),
        ("没有有效的执法证", wanted.certified is not True or holds),
        ("有执法证", wanted.certified is not False or not one.certified),
        ("没有这些专业", set(wanted.lines) <= set(one.lines)),
        ("不是这一领域的专家", not wanted.expert or wanted.expert in one.expert),
        ("不会这种语言", not wanted.language or wanted.language in one.languages),
        ("请假", one.number not in away),
    )
    return next((why for why, met in wishes if not met), "")
