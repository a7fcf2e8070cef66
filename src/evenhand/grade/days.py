"""Days of grading: from when an event counts, and periods in months (民法典 Art. 202: they end on the corresponding day)."""

import calendar
from datetime import date
from typing import Final, Literal

__all__ = ["FOREVER", "Cycle", "add_months", "counts_from", "trigger_cycle"]

Cycle = Literal["at_once", "monthly", "yearly"]
FOREVER: Final = date(9999, 12, 31)
_YEAR: Final = 12


def add_months(day: date, months: int) -> date:
    """Return the corresponding day so many months later, or the last of that month when it has none.

    >>> add_months(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def counts_from(day: date, cycle: Cycle) -> date:
    """Return the day from which something of `day` counts: the day itself, the first of the next month, or of the next year.

    >>> counts_from(date(2026, 6, 5), "monthly"), counts_from(date(2026, 6, 5), "yearly")
    (datetime.date(2026, 7, 1), datetime.date(2027, 1, 1))
    """
    if cycle == "at_once" or day == FOREVER:
        return day
    return add_months(day.replace(day=1), 1) if cycle == "monthly" else date(day.year + 1, 1, 1)


def trigger_cycle(cycle: Cycle) -> Cycle:
    """Return when triggers count: with the year where the grade is made yearly, else at once."""
    return "yearly" if cycle == "yearly" else "at_once"
