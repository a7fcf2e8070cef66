"""The days of a plan as whole numbers: day 0 is the Monday on or before its first day (计划期)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = ["WEEK", "Period"]

WEEK: Final = 7
_QUARTER: Final = 3


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days of a plan, both ends included; `known_on`: the day of the release it is planned from, the day before the first when it is not told.

    >>> one = Period(begin=date(2026, 7, 1), end=date(2026, 9, 30))
    >>> one.origin.isoformat(), one.first, one.last, one.quarters_left
    ('2026-06-29', 2, 93, 2)
    """

    begin: date
    end: date
    known_on: date | None = None

    @property
    def known(self) -> date:
        """Day up to which it is known what holds; what is found later lies ahead of the plan."""
        return min(self.known_on or date.max, self.begin - timedelta(days=1))

    @property
    def origin(self) -> date:
        """The Monday on or before the first day: day 0 of the plan."""
        return self.begin - timedelta(days=self.begin.weekday())

    @property
    def first(self) -> int:
        """Number of the first day."""
        return self.number(self.begin)

    @property
    def last(self) -> int:
        """Number of the last day."""
        return self.number(self.end)

    @property
    def year_begins(self) -> date:
        """First of January of the year of the first day: visits since then count as done."""
        return date(self.begin.year, 1, 1)

    @property
    def quarters_left(self) -> int:
        """Quarters of the year from that of the first day on."""
        return 5 - _quarter(self.begin)

    @property
    def in_one_quarter(self) -> bool:
        """Whether all its days lie in one quarter of one year."""
        return self.begin.year == self.end.year and _quarter(self.begin) == _quarter(self.end)

    @property
    def quarters_ended(self) -> tuple[int, ...]:
        """Quarters of the year of the first day whose last day lies in the period; periods that follow each other share none."""
        return tuple(n for n in range(1, 5) if self.begin <= _last_day(self.begin.year, n) <= self.end)

    @property
    def next_quarter(self) -> int:
        """Quarter of the year of the first day in which the day after the release lies; 1 when the release is of the year before."""
        after = self.known + timedelta(days=1)
        return _quarter(after) if after.year == self.begin.year else 1

    def number(self, day: date) -> int:
        """Number of a day."""
        return (day - self.origin).days

    def day(self, number: int) -> date:
        """Day of a number."""
        return self.origin + timedelta(days=number)


def _quarter(day: date) -> int:
    return (day.month - 1) // _QUARTER + 1


def _last_day(year: int, quarter: int) -> date:
    month = _QUARTER * quarter
    return date(year, month, monthrange(year, month)[1])
