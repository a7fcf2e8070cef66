"""Working days are counted as the State Council's notices say, and never beyond the years that are loaded."""

from datetime import date

import pytest

from evenhand.errors import BadInput
from evenhand.rulebook import read_calendar, shipped_pack


@pytest.mark.parametrize(
    ("start", "working_days", "end"),
    [
        ("2025-09-19", 20, "2025-10-23"),  # National Day, two weekend days worked
        ("2026-02-10", 20, "2026-03-16"),  # Spring Festival
        ("2026-09-18", 20, "2026-10-22"),  # Mid-Autumn and National Day
        ("2026-04-29", 10, "2026-05-15"),  # Labour Day
        ("2026-11-23", 5, "2026-11-30"),  # a plain week
        ("2025-01-24", 7, "2025-02-10"),
        ("2026-09-30", 3, "2026-10-10"),  # the end itself is a Saturday that is worked
    ],
)
def test_a_period_of_working_days_ends_on_the_published_day(start: str, working_days: int, end: str):
    assert read_calendar(shipped_pack()).after(date.fromisoformat(start), working_days=working_days) == date.fromisoformat(end)


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_known_number_of_working_days(year: int, days: int):
    calendar = read_calendar(shipped_pack())

    assert (
        sum(calendar.is_working_day(date.fromordinal(n)) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
        == days
    )


def test_a_day_beyond_the_loaded_years_is_an_error_and_no_guess():
    calendar = read_calendar(shipped_pack())

    assert calendar.is_working_day(calendar.last)
    with pytest.raises(BadInput, match=r"RULE-07.*请在 codes/holidays.csv 补上"):
        calendar.after(calendar.last, working_days=1)
