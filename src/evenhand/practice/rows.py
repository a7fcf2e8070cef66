"""Rows: what one source says, before it is written; and the chunk they are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evenhand.practice.subjects import Subjects, Trade, World
from evenhand.practice.tagging import TagTruth
from evenhand.practice.text import Ints, Text

__all__ = ["Chunk", "Rows", "Staff", "identity", "when_at"]

_NEGLECT: Final = 28  # part of the seed of how careless a subject is
_SPREAD: Final = 1.1
_OPEN_KITCHENS: Final = 1.5  # places that cook before their guests are found wanting more often


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Inspectors as columns; strictness 0 (never finds anything) to 3; `first` and `count` are one per office."""

    number: Text
    name: Text
    office: Ints
    certified: npt.NDArray[np.bool_]
    strictness: Ints
    first: Ints
    count: Ints


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """One chunk of subjects with what its rows are drawn from.

    `licence` is filled while licences are made: the number a subject shows now in inspections and samples. `tags` gathers what is true of each.
    """

    world: World
    subjects: Subjects
    staff: Staff
    rng: np.random.Generator
    number: int
    bureaus: Text
    licence: Text
    tags: TagTruth

    def more(self, what: int) -> np.random.Generator:
        """Return a stream of its own for something that was added later, so that all else stays as it was drawn."""
        return np.random.default_rng([self.world.seed, self.number, what])

    @cached_property
    def neglect(self) -> npt.NDArray[np.float64]:
        """How careless each subject is, hidden from every source: near 1 on average, most below, some at ten. What goes wrong follows it."""
        usual = np.ones(len(Trade))
        usual[[Trade.CATERING, Trade.SMALL_CATERING, Trade.WORKSHOP, Trade.STALL]] = _OPEN_KITCHENS
        own = np.exp(_SPREAD * self.more(_NEGLECT).standard_normal(len(self.subjects)) - _SPREAD**2 / 2)
        return np.asarray(usual[self.subjects.trade] * own)


@dataclass(kw_only=True)
class Rows:
    """Rows of one source. A cell is text, or a day, amount or office still to be written in the source's way.

    `who`: subject's place in the chunk (-1: speaks of no subject). `spot`: place in `Subjects.places` (-1 none).
    `office`: the true office. `marked`: fault → the rows that carry it; `able`: fault → those that could.
    """

    source: str
    who: Ints
    spot: Ints
    office: Ints
    cells: dict[str, Any]
    marked: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    able: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.who)

    def take(self, index: npt.NDArray[Any], *, source: str = "") -> "Rows":
        """Return the rows at these positions (or where the mask is true)."""
        return replace(
            self,
            source=source or self.source,
            who=self.who[index],
            spot=self.spot[index],
            office=self.office[index],
            cells={name: cell[index] for name, cell in self.cells.items()},
            marked={code: mask[index] for code, mask in self.marked.items()},
            able={code: mask[index] for code, mask in self.able.items()},
        )

    def mark(self, code: str, mask: npt.NDArray[np.bool_], *, among: npt.NDArray[np.bool_]) -> None:
        """Note which rows carry a fault, and which could have."""
        none = np.zeros(len(self), dtype=bool)
        self.marked[code] = self.marked.get(code, none) | mask
        self.able[code] = self.able.get(code, none) | among

    def followed_by(self, other: "Rows") -> "Rows":
        """Return these rows and the other ones."""
        codes = dict.fromkeys([*self.marked, *other.marked])
        none_here, none_there = np.zeros(len(self), dtype=bool), np.zeros(len(other), dtype=bool)
        return replace(
            self,
            who=np.concatenate([self.who, other.who]),
            spot=np.concatenate([self.spot, other.spot]),
            office=np.concatenate([self.office, other.office]),
            cells={name: np.concatenate([cell, other.cells[name]]) for name, cell in self.cells.items()},
            marked={code: np.concatenate([self.marked.get(code, none_here), other.marked.get(code, none_there)]) for code in codes},
            able={code: np.concatenate([self.able.get(code, none_here), other.able.get(code, none_there)]) for code in codes},
        )


def when_at(subjects: Subjects, who: Ints, days: Ints) -> Ints:
    """Return where each subject was on that day: its place now, or its former place before it moved."""
    before = (subjects.moved[who] >= 0) & (days < subjects.moved[who])
    return np.where(before, who + 2 * len(subjects), who)


def identity(chunk: Chunk, who: Ints, spot: Ints, addresses: Text) -> Mapping[str, Any]:
    """Return the cells that most extracts share; `addresses`: the full form of every place of the chunk."""
    subjects = chunk.subjects
    return {
        "uscc": subjects.uscc[who],
        "registration_no": subjects.registration_no[who],
        "name": subjects.name[who],
        "legal_person": subjects.person[who],
        "phone": subjects.phone[who],
        "place": addresses[spot],
        "residence": addresses[who],
        "office": subjects.places.office[spot],
        "division": chunk.world.ground.county_code[subjects.places.county[spot]].astype(str).astype(object),
        "staff": subjects.staff[who],
        "area": subjects.area[who],
        "revenue": subjects.revenue[who],
    }
