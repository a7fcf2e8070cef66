"""Campaigns of every year: festivals by their told day, terms by day of the year; drafts wait for approval."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from evenhand.errors import BadInput
from evenhand.plan import Period, Season, drafts_of, read_seasons
from evenhand.rulebook import read_calendar, shipped_pack

SEASONS = read_seasons(shipped_pack()).seasons


def season(**changed: object) -> Season:
    told: dict[str, object] = {
        "id": "X",
        "term": "专项",
        "festival_days": [date(2026, 9, 25)],
        "days_before": 40,
        "tags": ["T01-01"],
        "level": "省局",
        "minutes": 60,
    }
    return Season.model_validate(told | changed)


def test_the_mid_autumn_campaign_ends_on_the_festival_and_waits_for_its_approval() -> None:
    drafts = {one.id: one for one in drafts_of(SEASONS, Period(begin=date(2026, 7, 1), end=date(2026, 9, 30)))}

    assert (drafts["JL-ZQ-2026"].first_day, drafts["JL-ZQ-2026"].last_day) == (date(2026, 8, 16), date(2026, 9, 25))
    assert list(drafts) == ["SJ-X-2026", "JL-ZQ-2026", "KX-Q-2026"]
    assert [one.approval for one in drafts.values()] == [None, None, None]


def test_a_window_that_reaches_over_new_year_belongs_to_both_years() -> None:
    winter = season(festival_days=[], days_before=0, **{"from": "12-15", "to": "01-20"})

    first, second = (drafts_of([winter], Period(begin=begin, end=end)) for begin, end in (
        (date(2026, 10, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 3, 31)),
    ))  # fmt: skip

    assert first == second
    assert (first[0].id, first[0].first_day, first[0].last_day) == ("X-2026", date(2026, 12, 15), date(2027, 1, 20))


def test_spring_festival_of_next_year_is_prepared_in_the_last_quarter() -> None:
    assert "JL-CJ-2027" in {one.id for one in drafts_of(SEASONS, Period(begin=date(2026, 10, 1), end=date(2026, 12, 31)))}


def test_a_year_without_its_festival_is_refused_with_every_festival_that_lacks_it() -> None:
    with pytest.raises(BadInput) as refused:
        drafts_of(SEASONS, Period(begin=date(2029, 1, 1), end=date(2029, 12, 31)))

    assert refused.value.problems[0].zh.startswith("planning/seasons.yaml 的“春节年货")
    assert len(refused.value.problems) == 3


def test_every_told_festival_lies_in_the_holidays_of_its_year() -> None:
    calendar = read_calendar(shipped_pack())
    told = [(one.id, day) for one in SEASONS for day in one.festival_days if calendar.first <= day <= calendar.last]

    assert len(told) >= 6
    assert [(name, day) for name, day in told if calendar.is_working_day(day)] == []
    assert all(calendar.is_working_day(day) is False for _, day in told)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"from": "02-15", "to": "03-31"}, "只写一种"),
        ({"festival_days": []}, "只写一种"),
        ({"festival_days": [date(2026, 9, 25), date(2026, 10, 25)]}, "2026 年写了两次"),
        ({"festival_days": [], "from": "02-29", "to": "03-31"}, "不是每年都有的月和日"),
        ({"level": "全国"}, "没有层级“全国”"),
        ({"days_before": 200}, "120"),
    ],
)
def test_a_season_that_cannot_be_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        season(**changed)


def test_a_festival_lasts_from_so_many_days_before_to_so_many_after() -> None:
    assert season(days_after=3).window(2026) == (date(2026, 9, 25) - timedelta(days=40), date(2026, 9, 28))
    assert season().window(2027) is None
