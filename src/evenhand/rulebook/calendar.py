"""Working days: Monday to Friday without statutory holidays, and the weekends that are worked instead (工作日).

>>> from evenhand.rulebook import shipped_pack
>>> days = read_calendar(shipped_pack())
>>> days.after(date(2026, 2, 10), working_days=20)  # over Spring Festival
datetime.date(2026, 3, 16)
>>> days.is_working_day(date(2026, 10, 10))  # a Saturday that is worked
True
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evenhand.errors import BadInput, Problem
from evenhand.rulebook.messages import CALENDAR_ENDS
from evenhand.rulebook.pack import Pack

__all__ = ["Calendar", "add_months", "read_calendar"]

_FRIDAY: Final = 4
_YEAR: Final = 12
_DAY: Final = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day so many months later, or the last of that month when it has none (民法典 Art. 202).

    >>> add_months(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days are worked, from `first` to `last`: beyond them nothing is guessed."""

    rests: frozenset[date]
    worked: frozenset[date]
    first: date
    last: date

    def is_working_day(self, day: date) -> bool:
        """Return whether a day is worked; raises BadInput for a day the calendar does not hold."""
        if not self.first <= day <= self.last:
            raise BadInput(Problem(CALENDAR_ENDS, {"day": day, "first": self.first, "last": self.last}))
        return day in self.worked or (day.weekday() <= _FRIDAY and day not in self.rests)

    def after(self, start: date, *, working_days: int) -> date:
        """Return the last day of a period of working days; the day of the start is not counted (民法典 Art. 201).

        Args:
            start: day of the event.
            working_days: length, 1 or more.

        Raises:
            BadInput: the period runs beyond the loaded years.
        """
        day = start
        for _ in range(working_days):
            day += _DAY
            while not self.is_working_day(day):
                day += _DAY
        return day


def read_calendar(pack: Pack) -> Calendar:
    """Read `codes/holidays` of a pack: it holds whole years, from its `valid_from` to the end of its last year."""
    listed = pack.codes("holidays")
    days = {date.fromisoformat(row["date"]): row["kind"] for row in listed}
    return Calendar(
        rests=frozenset(day for day, kind in days.items() if kind == "holiday"),
        worked=frozenset(day for day, kind in days.items() if kind == "makeup_workday"),
        first=date.fromisoformat(listed.origin.get("valid_from") or min(days).isoformat()),
        last=date(max(days).year, 12, 31),
    )
