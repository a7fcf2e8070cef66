"""Soon: which last days of validity are few working days away, with three answers (即将到期).

Beyond its calendar the rule does not know which days are worked: there it says yes or no only where any calendar would.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.golden.rules import LicenceRules
from evenhand.rulebook import Calendar

__all__ = ["Soon", "soon_on"]


@dataclass(frozen=True, kw_only=True)
class Soon:
    """What a day knows of days ahead: up to `surely` they are near, after `perhaps` they are not, between them it cannot tell.

    `first` and `last` are the bounds of the calendar.
    """

    surely: date
    perhaps: date
    first: date
    last: date


def soon_on(day: date, calendar: Calendar, rules: LicenceRules) -> Soon:
    """Return which last days of validity count as near on a day; the day itself is not counted, the last day is.

    Source:
        golden/status.yaml, `licence.soon_working_days` and `licence.far_days`

    >>> from evenhand.golden.rules import read_golden_rules
    >>> from evenhand.rulebook import read_calendar, shipped_pack
    >>> pack = shipped_pack()
    >>> soon_on(date(2026, 1, 5), read_calendar(pack), read_golden_rules(pack).status.licence).surely  # over Spring Festival
    datetime.date(2026, 5, 20)
    """
    worked, unknown = 0, 0
    surely = perhaps = day
    for step in range(1, rules.far_days + 1):
        ahead = day + timedelta(days=step)
        if calendar.first <= ahead <= calendar.last:
            worked += calendar.is_working_day(ahead)
        else:
            unknown += 1
        if worked + unknown <= rules.soon_working_days:
            surely = ahead
        if worked > rules.soon_working_days:
            break
        perhaps = ahead
    return Soon(surely=surely, perhaps=perhaps, first=calendar.first, last=calendar.last)
