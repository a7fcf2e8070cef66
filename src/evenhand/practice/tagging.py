"""Tags that are true of each subject, gathered while its rows are made: from what was drawn, before any fault (`truth/tags.csv`).

A licence stands while it is not cancelled or revoked, whether it has run out or not; a valid one has not run out either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np

from evenhand.practice.natures import SIZE_TAGS, Natures
from evenhand.practice.text import Flags, Ints, Text
from evenhand.rulebook import Calendar

__all__ = ["TAG_HEADER", "TagTruth", "last_soon_day", "restaurant_tags"]

TAG_HEADER: Final = ("subject", "tag")
_SOON: Final = 90
_FRIDAY: Final = 4
_STATES: Final = {
    "存续": "T11-01",
    "歇业": "T11-02",
    "停业": "T11-03",
    "注销": "T11-06",
    "吊销": "T11-07",
    "撤销": "T11-08",
    "迁出": "T11-09",
}
_MANY_COMPLAINTS: Final = 3
_MANY_VISITS: Final = 4
_YEAR: Final = 365


def last_soon_day(calendar: Calendar, today: date) -> date:
    """Return the last day that at most ninety working days part from today; beyond the calendar the invented province rests at weekends."""
    day, worked = today, 0
    while True:
        ahead = day + timedelta(days=1)
        known = calendar.first <= ahead <= calendar.last
        worked += calendar.is_working_day(ahead) if known else ahead.weekday() <= _FRIDAY
        if worked > _SOON:
            return day
        day = ahead


@dataclass(kw_only=True)
class TagTruth:
    """True tags of one chunk: tag → mask over its subjects; and what can only be told when all rows are made.

    `soon_until`: last day on which a licence counts as soon running out, as `today` a number of days.
    """

    size: int
    today: int
    soon_until: int
    held: dict[str, Flags] = field(default_factory=dict)
    counts: dict[str, Ints] = field(default_factory=dict)
    state: Text = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no state."""
        self.state = np.full(self.size, "", dtype=object)

    def add(self, tag: str, who: Ints) -> None:
        """Note that these subjects have the tag."""
        self.held.setdefault(tag, np.zeros(self.size, dtype=bool))[who] = True

    def add_each(self, tags: Text, who: Ints) -> None:
        """Note each row's tags, written with spaces between."""
        for several in sorted(set(tags.tolist())):
            for tag in several.split():
                self.add(tag, who[tags == several])

    def count(self, what: str, who: Ints) -> None:
        """Count rows of a kind by subject."""
        self.counts[what] = self.counts.get(what, np.zeros(self.size, dtype=np.int64)) + np.bincount(who, minlength=self.size)

    def licences(self, kind_tag: str, *, who: Ints, standing: Flags, until: Ints) -> None:
        """Note licences that stand: their kind, whether they soon run out or have run out. `until`: -1 for no end."""
        valid = standing & ((until < 0) | (until >= self.today))
        self.add(kind_tag, who[valid])
        self.count("standing", who[standing])
        self.count("valid", who[valid])
        self.add("T02-07", who[valid & (until >= 0) & (until <= self.soon_until)])
        self.add("T02-08", who[standing & (until >= 0) & (until < self.today)])

    def settle(self, natures: Natures, *, founded: Ints, cancelled: Ints) -> None:
        """Tell what all rows together say: states, coverage, sizes, natures."""
        none = np.zeros(self.size, dtype=np.int64)
        told = {
            name: self.counts.get(name, none)
            for name in ("standing", "valid", "complaints", "visits", "recent", "lost", "abnormal", "dishonest")
        }
        state = np.where(self.state == "", np.where(cancelled >= 0, "注销", "存续"), self.state)
        alive = (state == "存续") & (told["lost"] == 0)
        for word, tag in _STATES.items():
            self.add(
                tag,
                np.flatnonzero(
                    (state == word) & (alive if word == "存续" else True) & ((told["abnormal"] + told["dishonest"] == 0) | (word != "存续"))
                ),
            )
        self.add("T11-10", np.flatnonzero((state == "存续") & (told["lost"] > 0)))
        self.add("T02-05", np.flatnonzero(told["valid"] > 1))
        self.add("T02-06", np.flatnonzero(alive & (told["standing"] == 0)))
        self.add("T12-02", np.flatnonzero(told["complaints"] >= _MANY_COMPLAINTS))
        self.add("T12-05", np.flatnonzero(alive & (founded <= self.today - 2 * _YEAR) & (told["recent"] == 0)))
        self.add("T12-06", np.flatnonzero(told["visits"] >= _MANY_VISITS))
        self.add("T12-07", np.flatnonzero(alive & (founded > self.today - _YEAR)))
        for tag, mask in natures.tags():
            self.add(tag, np.flatnonzero(mask))
        for n, tag in enumerate(SIZE_TAGS):
            self.add(tag, np.flatnonzero(natures.size == n))

    def lines(self, number: Ints) -> Iterator[tuple[int, str]]:
        """Give (subject, tag), subject by subject."""
        tags = sorted(self.held)
        matrix = np.array([self.held[tag] for tag in tags]).reshape(len(tags), self.size)
        who, which = np.nonzero(matrix.T)
        return ((n, tags[t]) for n, t in zip(number[who].tolist(), which.tolist(), strict=True))


def restaurant_tags(area: np.typing.NDArray[np.float64], seats: Ints) -> Text:
    """Return the size tag of each restaurant room: the larger of what area and seats say."""
    by_area = np.searchsorted([150.0, 500.0, 3000.0], area, side="left")
    by_seats = np.searchsorted([75, 250, 1000], seats, side="left")
    return np.array(["T09-14", "T09-13", "T09-12", "T09-11"], dtype=object)[np.maximum(by_area, by_seats)]
