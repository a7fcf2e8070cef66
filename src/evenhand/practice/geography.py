"""The ground of the practice province: counties, towns, roads, and the offices that watch over them.

Divisions come from the rule pack (`codes/divisions.csv`); roads, villages and buildings are spread over the towns by number,
so that they need no chance. One station per one to three towns, a bureau per county and city, and three special offices.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from evenhand.practice.text import Flags, Ints, Text, text_column
from evenhand.practice.vocabulary import Vocabulary
from evenhand.rulebook import Pack

__all__ = ["STYLES", "Geography", "Office"]

_TOWN_WEIGHT: Final = {"subdistrict": 3.0, "town": 1.5, "township": 0.5, "quasi": 0.2}
#: Ways an office is written: 0 official, then what other extracts write.
STYLES: Final = 7
_TINY_STATION: Final = 3


@dataclass(frozen=True, kw_only=True)
class Office:
    """One supervising office: a bureau or a station with the towns it answers for."""

    code: str
    name: str
    stem: str
    level: str
    parent: str
    county: int
    towns: tuple[int, ...]
    bureau: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name in each of the `STYLES`; bureaus have fewer real ways, so some repeat."""
        if self.level != "监管所":
            short = self.name.replace("市场监督管理局", "市场监管局")
            return (self.name, self.name, short, short, self.name, self.name.removeprefix("福建省"), short)
        stem = self.stem
        return (
            self.name,
            f"{stem}市场监督管理所",
            f"{stem}市场监管所",
            f"{self.bureau.replace('市场监督管理局', '市场监管局')}{stem}所",
            f"{stem}工商所",
            f"{stem}食药监所",
            f"{self.bureau}{stem}分局",
        )


def _stem(town: str) -> str:
    for suffix in ("街道", "民族乡", "畲族乡", "回族乡", "镇", "乡"):
        if town.endswith(suffix) and len(town) > len(suffix) + 1:
            return town.removesuffix(suffix)
    return town


@dataclass(frozen=True, kw_only=True)
class Geography:
    """Counties and towns as columns, one place per county or town; offices as a tuple."""

    county_code: Ints
    county_name: Text
    county_region: Text
    city_name: Text
    city_code: Ints
    county_city: Ints
    county_weight: npt.NDArray[np.float64]
    old_code: Ints
    old_until: Ints
    town_code: Ints
    town_name: Text
    town_county: Ints
    town_weight: npt.NDArray[np.float64]
    town_rural: Flags
    roads: Text
    villages: Text
    buildings: Text
    markets: Text
    landmarks: Text
    offices: tuple[Office, ...]
    town_office: Ints

    @classmethod
    def of(cls, pack: Pack, vocabulary: Vocabulary) -> Self:
        """Lay the ground out from the pack's divisions."""
        rows = list(pack.codes("divisions"))
        cities = [row for row in rows if row["level"] == "prefecture"]
        population = vocabulary.sections["population"]
        counties = [row for row in rows if row["level"] == "county" and population.get(row["code"], 15) > 0]
        place = {row["code"]: n for n, row in enumerate(counties)}
        towns = [row for row in rows if row["level"] in _TOWN_WEIGHT and row["parent_code"] in place]
        city_place = {row["code"]: n for n, row in enumerate(cities)}
        historic = vocabulary.sections["historic"]
        names = [row["name"] for row in counties]
        city_names = [row["name"] for row in cities]
        of_city = [city_place[row["parent_code"]] for row in counties]
        town_county = [place[row["parent_code"]] for row in towns]
        offices, town_office = _offices(counties=counties, cities=cities, towns=towns, town_county=town_county)
        weights = np.array([_TOWN_WEIGHT[row["level"]] for row in towns])
        people = np.array([population.get(row["code"], 15) for row in counties], dtype=float)
        inside = np.bincount(town_county, weights=weights, minlength=len(counties))
        return cls(
            county_code=np.array([int(row["code"]) for row in counties]),
            county_name=text_column(names),
            county_region=text_column(
                [name if name.endswith("市") else city_names[city] + name for name, city in zip(names, of_city, strict=True)]
            ),
            city_name=text_column(city_names),
            city_code=np.array([int(row["code"]) for row in cities]),
            county_city=np.array(of_city),
            county_weight=people,
            old_code=np.array([historic.get(row["code"], [int(row["code"]), 0])[0] for row in counties]),
            old_until=np.array([historic.get(row["code"], [0, 0])[1] for row in counties]),
            town_code=np.array([int(row["code"]) for row in towns]),
            town_name=text_column([row["name"] for row in towns]),
            town_county=np.array(town_county),
            town_weight=weights * (people / np.maximum(inside, 1e-9))[town_county],
            town_rural=np.array([row["level"] in {"town", "township"} for row in towns]),
            roads=vocabulary.words("place", "roads"),
            villages=vocabulary.words("place", "villages"),
            buildings=vocabulary.words("place", "buildings"),
            markets=vocabulary.words("place", "markets"),
            landmarks=vocabulary.words("place", "landmarks"),
            offices=offices,
            town_office=np.array(town_office),
        )

    @cached_property
    def office_spelling(self) -> Text:
        """Matrix of spellings: one row per style, one column per office."""
        matrix: Text = np.empty((STYLES, len(self.offices)), dtype=object)
        for n, office in enumerate(self.offices):
            matrix[:, n] = office.spellings
        return matrix

    @cached_property
    def neighbour(self) -> Ints:
        """For each office another office of the same county; itself when it is alone."""
        of: dict[int, list[int]] = {}
        for n, office in enumerate(self.offices):
            if office.level == "监管所":
                of.setdefault(office.county, []).append(n)
        found = np.arange(len(self.offices))
        for group in of.values():
            found[group] = group[1:] + group[:1]
        return found

    def town_words(self, pool: Text, town: Ints, k: Ints) -> Text:
        """Return the k-th word a town has of a pool: towns see the pool from different places."""
        words: Text = pool[(town * 13 + k * 7) % len(pool)]
        return words


def _bureau_name(*, city: str, county: str, code: str) -> str:
    if code == "350128":
        return "平潭综合实验区市场监督管理局"
    return f"{county}市场监督管理局" if county.endswith("市") else f"{city if county.endswith('区') else ''}{county}市场监督管理局"


def _offices(
    *, counties: list[dict[str, str]], cities: list[dict[str, str]], towns: list[dict[str, str]], town_county: list[int]
) -> tuple[tuple[Office, ...], list[int]]:
    """Return every office and, for each town, the place of its station."""
    offices = [Office(code="350000000", name="福建省市场监督管理局", stem="福建省", level="省局", parent="", county=-1, towns=())]
    offices += [
        Office(
            code=f"{c['code']}000", name=f"{c['name']}市场监督管理局", stem=c["name"], level="市局", parent="350000000", county=-1, towns=()
        )
        for c in cities
    ]
    city_name = {city["code"]: city["name"] for city in cities}
    town_office = [0] * len(towns)
    for n, county in enumerate(counties):
        bureau = _bureau_name(city=city_name[county["parent_code"]], county=county["name"], code=county["code"])
        offices.append(
            Office(
                code=f"{county['code']}000",
                name=bureau,
                stem=county["name"],
                level="县局",
                parent=f"{county['parent_code']}000",
                county=n,
                towns=(),
            )
        )
        own = [t for t, c in enumerate(town_county) if c == n]
        for group in _groups(own, rural=[towns[t]["level"] != "subdistrict" for t in own]):
            stem = _stem(towns[group[0]]["name"])
            for town in group:
                town_office[town] = len(offices)
            serial = sum(o.county == n for o in offices)
            offices.append(
                Office(
                    code=f"{county['code']}{serial:03d}",
                    name=f"{bureau}{stem}市场监督管理所",
                    stem=stem,
                    level="监管所",
                    parent=f"{county['code']}000",
                    county=n,
                    towns=tuple(group),
                    bureau=bureau,
                )
            )
        if county["code"] in _SPECIAL:
            name, stem, level = _SPECIAL[county["code"]]
            serial = sum(o.county == n for o in offices)
            offices.append(
                Office(
                    code=f"{county['code']}{serial:03d}",
                    name=name,
                    stem=stem,
                    level=level,
                    parent=f"{county['code']}000",
                    county=n,
                    towns=(),
                    bureau=bureau,
                )
            )
    return tuple(offices), town_office


_SPECIAL: Final = {
    "350105": ("福州市马尾区市场监督管理局水产品交易中心市场监督管理所", "马尾区水产品交易中心", "监管所"),
    "350121": ("福州高新技术产业开发区市场监督管理局", "福州高新区", "县局"),
    "350206": ("厦门火炬高技术产业开发区市场监督管理所", "火炬高新区", "监管所"),
}


def _groups(own: list[int], *, rural: list[bool]) -> list[list[int]]:
    """Subdistricts have a station each; other towns share one by twos or threes."""
    groups = [[t] for t, far in zip(own, rural, strict=True) if not far]
    far_towns = [t for t, far in zip(own, rural, strict=True) if far]
    start, size = 0, 1
    while start < len(far_towns):
        groups.append(far_towns[start : start + size])
        start, size = start + size, size % _TINY_STATION + 1
    return groups
