"""Offices and inspectors: the reference extracts, made once per province."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from evenhand.practice.naming import person_names
from evenhand.practice.rows import Rows, Staff
from evenhand.practice.subjects import World
from evenhand.practice.text import Ints, Text, blank, day_number, digits, draw, join, text_column, weighted

__all__ = ["make_staff", "reference_rows"]

_SMALLEST: Final = 3
_LARGEST: Final = 9
_CERTIFIED: Final = 0.84


def make_staff(world: World, rng: np.random.Generator) -> Staff:
    """Draw three to nine inspectors for each office, with their habits."""
    offices = len(world.ground.offices)
    count = rng.integers(_SMALLEST, _LARGEST + 1, offices)
    office = np.repeat(np.arange(offices), count)
    size = len(office)
    return Staff(
        number=join("FJ", digits(np.arange(1, size + 1), width=6)),
        name=person_names(world.words, rng, size),
        office=office,
        certified=rng.random(size) < _CERTIFIED,
        strictness=weighted([0.1, 0.35, 0.45, 0.1], rng, size),
        first=np.cumsum(count) - count,
        count=count,
    )


def reference_rows(world: World, staff: Staff, rng: np.random.Generator) -> Iterator[Rows]:
    """Give one row per office and one per inspector (with and without certificate)."""
    ground = world.ground
    every = ground.offices
    size = len(every)
    none = np.full(size, -1)
    division = [int(o.code[:6]) for o in every]
    home = [f"{o.name.split('市场监督')[0]}{ground.roads[n % len(ground.roads)]}{n % 90 + 1}号" for n, o in enumerate(every)]
    cells = {
        "agency_code": text_column([o.code for o in every]),
        "agency": np.arange(size),
        "agency_level": text_column([o.level for o in every]),
        "parent_code": text_column([o.parent for o in every]),
        "division": digits(np.array(division), width=6),
        "area_text": text_column(["、".join(ground.town_name[list(o.towns)]) for o in every]),
        "agency_address": text_column(home),
        "phone": join("0591-8", digits(rng.integers(0, 10**7, size), width=7)),
        "valid_from": np.full(size, day_number(date(2019, 3, 1))),
    }
    yield Rows(source="agency", who=none, spot=none, office=np.arange(size), cells=cells)
    lines = text_column(["生产", "销售", "餐饮", "特殊食品", "销售、餐饮", "生产、特殊食品"])
    for source, mask in (("inspector_certified", staff.certified), ("inspector_helper", ~staff.certified)):
        found = np.flatnonzero(mask)
        n = len(found)
        yield Rows(
            source=source,
            who=np.full(n, -1),
            spot=np.full(n, -1),
            office=staff.office[found],
            cells={
                "inspector_no": staff.number[found],
                "inspector": staff.name[found],
                "agency": staff.office[found],
                "certified": np.where(staff.certified[found], "true", "false").astype(object),
                "certificate_no": _certificates(world, found, certified=staff.certified[found]),
                "certificate_to": world.today + rng.integers(-60, 1500, n),
                "lines": draw(lines, rng, n),
                "phone": join(draw(world.words.words("person", "mobiles"), rng, n), digits(rng.integers(0, 10**8, n), width=8)),
            },
        )


def _certificates(world: World, found: Ints, *, certified: np.typing.NDArray[np.bool_]) -> Text:
    number = join("13", digits(np.asarray(found) + world.seed % 1000, width=9))
    return np.where(certified, number, blank(len(found)))
