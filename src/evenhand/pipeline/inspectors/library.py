"""Shapes of the library: people, leave, and who may not inspect whom (回避).

Reasons of recusal (总局令第49号第二十三条; 行政处罚法第四十三条): a party or near relative, an interest, another relation that may
affect fairness; a former post counts as the third until the day it is told to end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

__all__ = ["REASONS", "Bar", "Inspector", "Leave", "Library", "bars_of"]

REASONS: Final = ("当事人或者近亲属", "有利害关系", "其他可能影响公正的关系", "曾在该单位任职", "以前有争议", "电话与该主体相同")
"""Reasons of recusal; the last is found by the platform itself."""


@dataclass(frozen=True, kw_only=True)
class Inspector:
    """One person. `office`: full name of the agency, "" when the stated one (`stated`, as the source wrote it) names none or several; `certified`: holds a certificate, valid through `until`.

    `lines`: qualified for; `expert`: may take the expert's place for these lines; `quarters`: of full time, 1 to 4; `carried`: places in this load year.
    """

    number: str
    name: str
    office: str
    certified: bool
    until: date | None
    lines: tuple[str, ...]
    certificate: str = ""
    expert: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    quarters: int = 4
    carried: int = 0
    phone: str = ""
    stated: str = ""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """One person away, both days included."""

    number: str
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One person who may not inspect one subject, with the reason; `until`: last day on which it counts, None for ever."""

    number: str
    subject: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Library:
    """All of it; `notes`: what an officer should know, such as certificates that end soon."""

    people: tuple[Inspector, ...]
    leave: tuple[Leave, ...] = ()
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def away(self, first: date, last: date) -> set[str]:
        """Return who is on leave on any of these days."""
        return {one.number for one in self.leave if one.first <= last and one.last >= first}


def bars_of(library: Library, phones: Mapping[str, Iterable[str]], day: date) -> dict[tuple[str, str], str]:
    """Return (person, subject) → reason for everything that bars somebody on a day: what was declared, and subjects that state the person's own phone.

    Args:
        library: with declared bars.
        phones: by phone the subjects that state it.
        day: on which a bar must still count.
    """
    same = {(one.number, subject): REASONS[-1] for one in library.people if one.phone for subject in phones.get(one.phone, ())}
    return same | {(one.number, one.subject): one.reason for one in library.bars if one.until is None or one.until >= day}
