"""Subjects: one chunk of food businesses as columns, one place in every column per subject.

A chunk is drawn from `default_rng([seed, chunk])` alone, so a subject of a full chunk is the same in a province of any size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

import numpy as np

from evenhand.practice import naming
from evenhand.practice.geography import Geography
from evenhand.practice.natures import Known, Natures, draw_natures
from evenhand.practice.numbers import checked, organisation_body, resident_id, scramble, uscc
from evenhand.practice.places import Places
from evenhand.practice.text import Flags, Ints, Text, blank, day_number, digits, draw, join, text_column, weighted
from evenhand.practice.vocabulary import Vocabulary

__all__ = ["CHUNK", "Kind", "Subjects", "Trade", "World", "make_subjects"]

#: Subjects per chunk; part of the recipe: another size gives another province.
CHUNK: Final = 2_500
_PER_CITY: Final = 0.08  # enterprises registered by the city bureau: its code stands in their number
_KEY: Final = 104_729
_NATURES: Final = 12  # part of the seed of natures


class Kind(IntEnum):
    """What a subject is in law."""

    INDIVIDUAL = 0
    ENTERPRISE = 1
    BRANCH = 2
    COOPERATIVE = 3
    PUBLIC = 4  # schools, hospitals
    PRIVATE_SCHOOL = 5
    OFFICE = 6
    PERSON = 7  # stalls


class Trade(IntEnum):
    """What a subject does."""

    SALE = 0
    CATERING = 1
    CANTEEN = 2
    PRODUCTION = 3
    FILING = 4
    SMALL_CATERING = 5
    WORKSHOP = 6
    STALL = 7


_KIND_SHARE: Final = (0.805, 0.095, 0, 0.005, 0.012, 0.006, 0.002, 0.047)  # branches come on top, by the fault sheet
_REGISTERED: Final = sum(_KIND_SHARE[:4])
_TRADE_SHARE: Final = {
    Kind.INDIVIDUAL: (0.36, 0.34, 0, 0.006, 0.11, 0.144, 0.04, 0),
    Kind.ENTERPRISE: (0.36, 0.24, 0.02, 0.18, 0.2, 0, 0, 0),
    Kind.BRANCH: (0.5, 0.42, 0, 0.02, 0.06, 0, 0, 0),
    Kind.COOPERATIVE: (0.5, 0, 0, 0.25, 0.25, 0, 0, 0),
    Kind.PUBLIC: (0, 0, 1, 0, 0, 0, 0, 0),
    Kind.PRIVATE_SCHOOL: (0, 0, 1, 0, 0, 0, 0, 0),
    Kind.OFFICE: (0, 0, 1, 0, 0, 0, 0, 0),
    Kind.PERSON: (0, 0, 0, 0, 0, 0, 0, 1),
}
_PREFIX: Final = text_column(["92", "91", "91", "93", "12", "52", "11", ""])


@dataclass(frozen=True, kw_only=True)
class World:
    """What every chunk shares: ground, words, seed, the day of delivery, the rates of the fault sheet, until when a licence runs out soon."""

    ground: Geography
    words: Vocabulary
    seed: int
    asof: date
    rates: Mapping[str, float]
    soon_until: date

    @property
    def today(self) -> int:
        """The day of delivery as days since 1970-01-01."""
        return day_number(self.asof)


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """One row per subject; days are -1 when the thing never happened. `places`: current, then second, then former place of all."""

    number: Ints
    kind: Ints
    trade: Ints
    name: Text
    former_name: Text
    same_name: Flags
    has_namesake: Flags
    uscc: Text
    organisation_code: Text
    registration_no: Text
    person: Text
    resident_id: Text
    phone: Text
    places: Places
    office: Ints
    county: Ints
    founded: Ints
    cancelled: Ints
    moved: Ints
    two_sites: Flags
    parent: Ints
    industry: Text
    staff: Ints
    revenue: np.typing.NDArray[np.float64]
    area: np.typing.NDArray[np.float64]
    capital: np.typing.NDArray[np.float64]
    natures: Natures

    def __len__(self) -> int:
        """Count the subjects."""
        return len(self.number)

    @property
    def registered(self) -> Flags:
        """Whether the subject is in the business register (not schools, offices, stalls)."""
        return self.kind <= Kind.COOPERATIVE


def _founding_days(world: World, rng: np.random.Generator, size: int) -> Ints:
    """Return founding days: a third of the shops is younger than two years, few are older than twenty."""
    age = np.minimum(rng.exponential(5.2 * 365, size), 36 * 365).astype(np.int64)
    return world.today - 20 - age


def _phones(world: World, city: Ints, rng: np.random.Generator) -> Text:
    size = len(city)
    mobile = join(draw(world.words.words("person", "mobiles"), rng, size), digits(rng.integers(0, 10**8, size), width=8))
    codes = world.words.sections["area_codes"]
    area = text_column([codes[str(code)[:4]] for code in world.ground.city_code.tolist()])[city]
    long_number = np.isin(area, ["0591", "0592", "0595"])
    local = np.where(
        long_number, digits(rng.integers(22_000_000, 88_999_999, size), width=8), digits(rng.integers(2_200_000, 8_899_999, size), width=7)
    )
    return np.where(rng.random(size) < 0.86, mobile, join(area, "-", local))


def make_subjects(world: World, rng: np.random.Generator, *, first: int, size: int) -> Subjects:
    """Draw `size` subjects, numbered from `first`."""
    ground = world.ground
    number = np.arange(first, first + size, dtype=np.int64)
    rates = world.rates
    branches = _REGISTERED * rates["branch"] / (1 - rates["branch"])
    kind = weighted(np.array(_KIND_SHARE) + np.array([0, 0, branches, 0, 0, 0, 0, 0]), rng, size)
    trade_draw = rng.random(size)
    trade = np.zeros(size, dtype=np.int64)
    for k, share in _TRADE_SHARE.items():
        mine = kind == k
        trade[mine] = np.searchsorted(np.cumsum(share), trade_draw[mine] * sum(share), side="right")
    town = weighted(ground.town_weight, rng, size)
    current = Places.drawn(ground, town, rng)
    places = current.followed_by(current.near(rng), current.near(rng))
    county = current.county
    founded = _founding_days(world, rng, size)
    moved = np.where(
        (rng.random(size) < 0.05) & (founded < world.today - 500),
        founded + 200 + (rng.random(size) * (world.today - founded - 300)).astype(np.int64),
        -1,
    )
    cancelled = np.where(
        (rng.random(size) < 0.09) & (founded < world.today - 400),
        founded + 180 + (rng.random(size) * (world.today - founded - 200)).astype(np.int64),
        -1,
    )
    person = naming.person_names(world.words, rng, size)
    parent = np.where(kind == Kind.BRANCH, _parents(kind, rng), -1)
    parts = naming.Signs(
        words=world.words,
        kind=kind,
        trade=trade,
        region=ground.county_region[county],
        county=ground.county_name[county],
        city=ground.city_name[ground.county_city[county]],
        town=ground.town_name[town],
        road=current.road,
        person=person,
        parent=parent,
        founded=founded,
    )
    name = parts.names(rng)
    donor = _donors(county=county, individual=kind == Kind.INDIVIDUAL)
    same = (donor >= 0) & (rng.random(size) < rates["same_name"])
    name = np.where(same, name[donor], name)
    former = np.where((rng.random(size) < 0.05) & np.isin(kind, [Kind.INDIVIDUAL, Kind.ENTERPRISE]), parts.names(rng), blank(size))
    division = _divisions(world, county=county, kind=kind, founded=founded, rng=rng)
    code, organisation = _codes(kind=kind, number=number, division=division, founded=founded, key=world.seed * 7919 + _KEY)
    # Birthdays lie before 1970 too, where the calendar of deliveries does not reach.
    birthdays = np.datetime64(0, "D") + (world.today - 365 * 20 - rng.integers(0, 365 * 45, size))
    born = text_column([day.replace("-", "") for day in birthdays.astype(str).tolist()])
    typed = np.where(kind == Kind.INDIVIDUAL, 6, rng.integers(0, 3, size))
    registration_no = checked("", division * 10 + typed, scramble(number, size=10**7, key=world.seed + 17), widths=(7, 7))
    has_number = (kind <= Kind.COOPERATIVE) & (founded < day_number(date(2018, 1, 1)))
    company = np.isin(kind, [Kind.ENTERPRISE, Kind.COOPERATIVE])
    staff = np.where(company, rng.geometric(0.05, size), rng.geometric(0.35, size))
    industry, revenue = parts.industries(rng), np.round(staff * rng.gamma(2.0, 8.0, size), 2)
    area = np.round(rng.gamma(2.0, 40.0, size) * np.where(company, 6, 1) + 8, 1)
    known = Known(
        kind=kind, trade=trade, name=name, industry=industry, region=parts.region, city=parts.city, person=person, staff=staff, revenue=revenue, area=area,
    )  # fmt: skip
    # A stream of their own: natures leave what else is drawn as it was.
    natures = draw_natures(world.words, known, np.random.default_rng([world.seed, first, _NATURES]))
    return Subjects(
        number=number,
        kind=kind,
        trade=trade,
        name=natures.name,
        former_name=former,
        same_name=same & ~natures.renamed & ~natures.renamed[donor],
        has_namesake=donor >= 0,
        uscc=code,
        organisation_code=organisation,
        registration_no=np.where(has_number, registration_no, blank(size)),
        person=person,
        resident_id=resident_id(
            ground.county_code[np.where(rng.random(size) < 0.7, county, rng.integers(0, len(ground.county_code), size))],
            born,
            rng.integers(1, 1000, size),
        ),
        phone=_phones(world, ground.county_city[county], rng),
        places=places,
        office=current.office,
        county=county,
        founded=founded,
        cancelled=cancelled,
        moved=moved,
        two_sites=(rng.random(size) < rates["several_sites"]) & (trade <= Trade.CANTEEN),
        parent=parent,
        industry=natures.industry,
        staff=natures.staff,
        revenue=natures.revenue,
        area=natures.area,
        capital=np.where(
            company, rng.choice([10.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 3000.0], size), rng.integers(1, 40, size).astype(np.float64) * 0.5
        ),
        natures=natures,
    )


def _parents(kind: Ints, rng: np.random.Generator) -> Ints:
    """Return for each row some enterprise of the chunk."""
    enterprises = np.flatnonzero(kind == Kind.ENTERPRISE)
    if not len(enterprises):
        return np.full(len(kind), -1, dtype=np.int64)
    chosen: Ints = enterprises[rng.integers(0, len(enterprises), len(kind))]
    return chosen


def _donors(*, county: Ints, individual: Flags) -> Ints:
    """Return for each individual business the one before it in the same county, whose name it may share; -1 for none."""
    mine = np.flatnonzero(individual)
    order = mine[np.argsort(county[mine], kind="stable")]
    before = np.full(len(county), -1, dtype=np.int64)
    together = county[order[1:]] == county[order[:-1]]
    before[order[1:][together]] = order[:-1][together]
    return before


def _divisions(world: World, *, county: Ints, kind: Ints, founded: Ints, rng: np.random.Generator) -> Ints:
    """Return the division in the number: the county's code of that year, or the city's for some enterprises."""
    ground = world.ground
    year = founded.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    own = np.where(year < ground.old_until[county], ground.old_code[county], ground.county_code[county])
    by_city = (kind == Kind.ENTERPRISE) & (rng.random(len(kind)) < _PER_CITY)
    chosen: Ints = np.where(by_city, ground.city_code[ground.county_city[county]], own)
    return chosen


def _codes(*, kind: Ints, number: Ints, division: Ints, founded: Ints, key: int) -> tuple[Text, Text]:
    """Return credit codes and organisation codes; stalls have neither."""
    body = organisation_body(number, modern=(founded >= day_number(date(2015, 10, 1))) | (kind == Kind.INDIVIDUAL), key=key)
    none = kind == Kind.PERSON
    prefix = np.where(none, "92", _PREFIX[kind])
    code = uscc(prefix.astype(object), division, body)
    organisation = text_column([c[8:17] for c in code.tolist()])
    return np.where(none, "", code).astype(object), np.where(none, "", organisation).astype(object)
