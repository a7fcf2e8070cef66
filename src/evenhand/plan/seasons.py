"""Campaigns that come back every year: festivals, season foods, the start of school terms (节令和开学专项).

What comes out is a draft: without an approval number a campaign creates no duty (国办发〔2024〕54号).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from pydantic import Field, field_validator, model_validator

from evenhand.errors import BadInput, Message, Problem
from evenhand.plan.campaigns import Campaign
from evenhand.plan.fields import Frozen, LevelName
from evenhand.plan.period import Period
from evenhand.rulebook import Pack, Source

__all__ = ["Season", "Seasons", "drafts_of", "read_seasons"]

_FILE: Final = "planning/seasons.yaml"
NO_SEASONS: Final = Message(
    "PLAN-17", zh="规则包 {pack} 没有 {file}。请补上，可照随产品发布的规则包。", en="pack {pack} has no {file}; add it."
)
BAD_SEASONS: Final = Message("PLAN-18", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
NO_DAY: Final = Message(
    "PLAN-19",
    zh="{file} 的“{term}”没有 {year} 年的日子。请照日历在 festival_days 里补上。",
    en="{file}: {term} has no day for {year}; add it.",
)

_COMMON_YEAR: Final = 2025
"""Not a leap year: a day that it lacks does not come every year."""


class Season(Frozen):
    """One campaign of every year: around a festival whose day is told year by year, or from one day of the year to another."""

    id: str = Field(pattern=r"^[0-9A-Za-z-]{1,30}$")
    term: str
    festival_days: tuple[date, ...] = ()
    days_before: int = Field(default=0, ge=0, le=120)
    days_after: int = Field(default=0, ge=0, le=120)
    first: str = Field(default="", alias="from")
    last: str = Field(default="", alias="to")
    tags: tuple[str, ...] = Field(min_length=1)
    level: LevelName
    minutes: int = Field(ge=1)

    @field_validator("first", "last")
    @classmethod
    def _day_of_year(cls, value: str) -> str:
        try:
            if value:
                date.fromisoformat(f"{_COMMON_YEAR}-{value}")
        except ValueError as fault:
            raise ValueError(f"“{value}”不是每年都有的月和日；写成 02-15") from fault
        return value

    @model_validator(mode="after")
    def _one_way(self) -> "Season":
        if bool(self.festival_days) == bool(self.first and self.last):
            raise ValueError("写 festival_days（逐年的日子），或者写 from 和 to（每年的月和日），只写一种")
        years = [day.year for day in self.festival_days]
        if twice := sorted({year for year in years if years.count(year) > 1}):
            raise ValueError(f"{'、'.join(map(str, twice))} 年写了两次")
        return self

    def window(self, year: int) -> tuple[date, date] | None:
        """Return first and last day of the campaign of a year; None when the festival's day is not told."""
        if not self.festival_days:
            first, last = date.fromisoformat(f"{year}-{self.first}"), date.fromisoformat(f"{year}-{self.last}")
            return first, last if last >= first else last.replace(year=year + 1)
        day = next((one for one in self.festival_days if one.year == year), None)
        return (day - timedelta(days=self.days_before), day + timedelta(days=self.days_after)) if day else None


class Seasons(Frozen):
    """All of the file."""

    term: str
    name: str
    meaning: str
    source: Source
    seasons: tuple[Season, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "Seasons":
        ids = [one.id for one in self.seasons]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"编号 {'、'.join(twice)} 出现两次")
        return self


def read_seasons(pack: Pack) -> Seasons:
    """Read the file; raises BadInput with every fault of it."""
    return pack.record(_FILE, Seasons, missing=NO_SEASONS, bad=BAD_SEASONS)


def drafts_of(seasons: Sequence[Season], period: Period) -> tuple[Campaign, ...]:
    """Return the drafts of all campaigns that reach into a period, by first day.

    Raises:
        BadInput: the day of a festival is not told for a year of the period (PLAN-19).
    """
    problems: list[Problem] = []
    found = [draft for season in seasons for draft in _drafts(season, period, problems)]
    if problems:
        raise BadInput(problems)
    return tuple(sorted(found, key=lambda one: (one.first_day, one.id)))


def _drafts(season: Season, period: Period, problems: list[Problem]) -> Iterator[Campaign]:
    for year in range(period.begin.year - 1, period.end.year + 2):  # a window may reach over New Year on either side
        window = season.window(year)
        if window is None:
            if period.begin.year <= year <= period.end.year:
                problems.append(Problem(NO_DAY, {"file": _FILE, "term": season.term, "year": year}))
            continue
        if window[0] <= period.end and window[1] >= period.begin:
            stated = {
                "id": f"{season.id}-{year}",
                "term": f"{year}年{season.term}",
                "level": season.level,
                "tags": season.tags,
                "minutes": season.minutes,
            }
            yield Campaign.model_validate(stated | {"from": window[0], "to": window[1]})
