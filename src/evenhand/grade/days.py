"""Days of grading: from when an event counts, and periods in months (民法典 Art. 202: they end on the corresponding day)."""

from datetime import date
from typing import Final, Literal

from evenhand.rulebook import add_months

__all__ = ["FOREVER", "Cycle", "add_months", "counts_from", "trigger_cycle"]

Cycle = Literal["at_once", "monthly", "yearly"]
FOREVER: Final = date(9999, 12, 31)


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
