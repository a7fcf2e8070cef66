"""The days of a plan as whole numbers: day 0 is the Monday on or before its first day (计划期)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = ["WEEK", "Period"]

WEEK: Final = 7
_QUARTER: Final = 3


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days of a plan, both ends included.

    >>> one = Period(begin=date(2026, 7, 1), end=date(2026, 9, 30))
    >>> one.origin.isoformat(), one.first, one.last, one.quarters_left
    ('2026-06-29', 2, 93, 2)
    """

    begin: date
    end: date

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
        return 4 - (self.begin.month - 1) // _QUARTER

    def number(self, day: date) -> int:
        """Number of a day."""
        return (day - self.origin).days

    def day(self, number: int) -> date:
        """Day of a number."""
        return self.origin + timedelta(days=number)
