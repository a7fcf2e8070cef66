"""The records of grading rules: conditions, indicators, models, triggers, schemes (风险分级规则). What each may hold, and nothing else.

Points are counted in tenths everywhere, as whole numbers: sums are exact on every engine.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from evenhand.rulebook import Source

__all__ = [
    "GRADES", "TENTHS", "Active", "Band", "Condition", "Effect", "Empty", "Frequency", "Indicator", "Latest", "Listed", "Model", "Ratio", "Scheme", "Source",
    "Step", "Test", "Trigger", "Way", "band_points", "tenths",
]  # fmt: skip

GRADES: Final = ("A", "B", "C", "D")
"""From the lowest risk to the highest."""
TENTHS: Final = 10


def _to_one_place(value: Decimal) -> Decimal:
    if value != round(value, 1):
        raise ValueError(f"{value} 的小数超过一位；分值以 0.1 分为最小单位")
    return value


def tenths(points: Decimal) -> int:
    """Return points as a whole number of tenths.

    >>> tenths(Decimal("13.5"))
    135
    """
    return int(points * TENTHS)


Points = Annotated[Decimal, Field(ge=0, le=100), AfterValidator(_to_one_place)]
Percent = Annotated[int, Field(ge=0, le=100)]
Months = Annotated[int, Field(ge=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Test(_Frozen):
    """What one fact must pass. `any`, `none`: codes a set of codes must, must not hold; `one_of`: values; `above`, `upto`: a number; `empty`: nothing known."""

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    above: Decimal | None = None
    upto: Decimal | None = None
    empty: bool | None = None


Condition = Mapping[str, Test]
"""Tests by fact; all must pass. A fact that is not known passes none of them but `empty`."""


class Band(_Frozen):
    """One half-open band of a number: above the one before, up to and including `upto`; the last has no end."""

    upto: Decimal | None = None
    points: Points


class Listed(_Frozen):
    """Points from a code list: for each tag `prefix` + code that the subject has, the row of the list whose `key` is the code or begins with it."""

    codes: str
    prefix: str
    key: str
    points: str


class Way(_Frozen):
    """One way to points: `when` it holds, fixed `points`, or the `bands` of a number `fact`, or a code list. `empty`: points while the fact is not known."""

    when: dict[str, Test] = Field(default_factory=dict)
    points: Points | None = None
    fact: str = ""
    bands: tuple[Band, ...] = ()
    listed: Listed | None = None
    empty: Points | None = None


class Empty(_Frozen):
    """What counts while nothing is known: `percent` of the indicator's points, for subjects that pass `when`. `sure`: the law says so; it is no guess."""

    when: dict[str, Test] = Field(default_factory=dict)
    percent: Percent
    why: str
    sure: bool = False


class Ratio(_Frozen):
    """Weighted share of failed items in the latest inspection (不符合项加权占比).

    `tables`: by model, key items and all items of its checklist; `verdicts`: percent when an inspection tells only its verdict.
    """

    ground: str
    months: Months
    key_weight: int = Field(ge=1)
    tables: dict[str, tuple[int, int]]
    verdicts: dict[str, Percent]


class Step(_Frozen):
    """From `least` grounds on, `percent` of the points."""

    least: int = Field(ge=1)
    percent: Percent


class Active(_Frozen):
    """Number of grounds that count on the day: for `months` after they happened, or, without months, until they end."""

    ground: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    months: Months | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class Latest(_Frozen):
    """Outcome of the latest ground: `percents` by outcome; it counts for `months`, or until the next."""

    ground: str
    percents: dict[str, Percent]
    months: Months | None = None


class Indicator(_Frozen):
    """One indicator (指标) of a part of the score: what the subject is (`ways`), or what happened to it (`ratio`, `active`, `latest`).

    `max`: points it can give; for what happened the scheme says them. `unknown`: when nothing can be told of it, for `ways`. `pick`: of the ways that
    hold, the `highest` or the `first` counts.
    """

    id: str = Field(pattern=r"^[A-Z]{1,3}-[A-Z]?[0-9]+$")
    term: str
    part: str
    max: Points | None = None
    ways: tuple[Way, ...] = ()
    pick: Literal["highest", "first"] = "highest"
    unknown: dict[str, Test] = Field(default_factory=dict)
    ratio: Ratio | None = None
    active: Active | None = None
    latest: Latest | None = None
    empty: tuple[Empty, ...] = ()
    advice: str = ""
    source: Source


class Tier(_Frozen):
    """A tier of the static points: up to and including `upto`; the last has no end."""

    upto: Decimal | None = None
    tier: str


class Model(_Frozen):
    """One risk model (风险分级模型): whom it covers, and what the subject is. What happened to it is in the common indicators.

    `exclusive`: its indicators are for different kinds of subjects, so that their highest points together pass the part's.
    """

    term: str
    name: str = Field(pattern=r"^[a-z_]+$")
    meaning: str
    covers: dict[str, Test] = Field(default_factory=dict)
    checklist: str = ""
    exclusive: bool = False
    tiers: tuple[Tier, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    source: Source


class Effect(_Frozen):
    """What a trigger does to the grade: `to` a grade at least, `lift` by grades, or `lower` by grades."""

    to: Literal["A", "B", "C", "D"] | None = None
    lift: int = Field(default=0, ge=0, le=3)
    lower: int = Field(default=0, ge=0, le=3)


class Trigger(_Frozen):
    """An event that changes the grade (动态触发).

    `at_least` grounds `within_months`; it `lasts_months` from the day it fires, `after_closed` months from the end of the ground, or, with neither, while the
    ground lasts. `clean_months`: instead, so long none of `grounds` happened. In a `group` only the strongest counts. `except_tags`: who has one is left out.
    """

    id: str = Field(pattern=r"^[A-Z0-9]{2,4}-[A-Z0-9]+$")
    term: str
    ground: str = ""
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    at_least: int = Field(default=1, ge=1)
    within_months: Months | None = None
    within_days: int | None = Field(default=None, ge=1)
    lasts_months: Months | None = None
    after_closed: Months | None = None
    clean_months: Months | None = None
    grounds: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    effect: Effect
    group: str
    serious: bool = False
    except_tags: tuple[str, ...] = ()
    task: str = ""
    advice: str = ""
    source: Source


class Frequency(_Frozen):
    """Least number of visits in so many years."""

    visits: int = Field(ge=0)
    years: int = Field(ge=1)


class Floor(_Frozen):
    """Least visits of subjects that have one of `tags`, whatever the grade."""

    tags: tuple[str, ...]
    visits: int = Field(ge=1)
    years: int = Field(ge=1)
    term: str
    source: Source


class Bands(_Frozen):
    """Upper borders of A, B and C; D lies above. `closed`: to which side a border itself belongs."""

    A: Points
    B: Points
    C: Points
    closed: Literal["upper", "lower"]
    source: Source


class Scheme(_Frozen):
    """One way to put a score together (分级方案): parts, points of indicators, bands, triggers, frequency.

    `cycle`: when what happened counts: at once, from the next month, from the next year. `guard_days`: no second change of grade within so many days,
    unless a serious trigger raises it. `new_months`: a subject so young that was never inspected is graded by what it is alone.
    `cap`: most grades that triggers may lift together. `floor_years`: every live subject gets one full visit in so many years.
    """

    term: str
    name: str = Field(pattern=r"^[A-Z0-9-]+(@[0-9-]{10})?$")
    meaning: str
    models: tuple[str, ...] = Field(min_length=1)
    parts: dict[str, Points]
    part_terms: dict[str, str]
    points: dict[str, Points]
    bands: Bands
    cycle: Literal["at_once", "monthly", "yearly"]
    guard_days: int = Field(ge=0)
    new_months: Months | None = None
    cap: int = Field(ge=1, le=3)
    triggers: tuple[Trigger, ...] = ()
    frequency: dict[Literal["A", "B", "C", "D"], Frequency] = Field(default_factory=dict)
    frequency_source: Source | None = None
    floors: tuple[Floor, ...] = ()
    floor_years: int | None = Field(default=None, ge=1)
    caps: dict[str, int] = Field(default_factory=dict)
    source: Source


def band_points(bands: tuple[Band, ...], value: Decimal) -> Decimal:
    """Return the points of a number: of the first band whose end it does not pass.

    >>> bands = (Band(upto=Decimal(200), points=Decimal(1)), Band(points=Decimal(2)))
    >>> band_points(bands, Decimal("200.5"))
    Decimal('2')
    """
    return next(band.points for band in bands if band.upto is None or value <= band.upto)
