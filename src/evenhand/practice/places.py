"""Places and the dialects in which clerks write them.

A place is a town, a road or village, a house number, a building and a room. `written` gives the full form; `variant` one of
`VARIANTS` other ways, as found in licences, inspection sheets and complaints.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from evenhand.practice.geography import Geography
from evenhand.practice.text import Flags, Ints, Text, blank, digits, join, text_column

__all__ = ["VARIANTS", "Places"]

VARIANTS: Final = 9
_BLOCKS: Final = 8  # distinct roads or villages a town uses most


@dataclass(frozen=True, kw_only=True)
class Places:
    """One place per row: town, word (which road or village), house, building (-1 none), market (-1 none), room (0 none)."""

    ground: Geography
    town: Ints
    word: Ints
    house: Ints
    building: Ints
    market: Ints
    room: Ints
    landmark: Ints

    @classmethod
    def drawn(cls, ground: Geography, town: Ints, rng: np.random.Generator) -> Self:
        """Draw a place in each town; roads, buildings and markets are shared by many."""
        size = len(town)
        word = np.minimum(rng.geometric(0.22, size) - 1, _BLOCKS + 6)
        kind = rng.random(size)
        urban = ~ground.town_rural[town]
        return cls(
            ground=ground,
            town=town,
            word=word,
            house=np.minimum(rng.geometric(0.012, size), 1200),
            building=np.where(urban & (kind < 0.25), rng.integers(0, 4, size), -1),
            market=np.where(kind > 0.93, rng.integers(0, 2, size), -1),
            room=np.where(rng.random(size) < 0.45, rng.integers(1, 7, size) * 100 + rng.integers(1, 20, size), 0),
            landmark=rng.integers(0, len(ground.landmarks), size),
        )

    def near(self, rng: np.random.Generator) -> "Places":
        """Draw another place for each row, mostly in the same county (moves, second shops)."""
        ground = self.ground
        county = ground.town_county[self.town]
        first = np.searchsorted(ground.town_county, county, side="left")
        last = np.searchsorted(ground.town_county, county, side="right")
        return Places.drawn(ground, first + (rng.random(len(county)) * (last - first)).astype(np.int64), rng)

    def followed_by(self, *others: "Places") -> "Places":
        """Return these places and the others in one list."""
        every = (self, *others)

        def chained(name: str) -> Ints:
            return np.concatenate([getattr(places, name) for places in every])

        return Places(
            ground=self.ground,
            town=chained("town"),
            word=chained("word"),
            house=chained("house"),
            building=chained("building"),
            market=chained("market"),
            room=chained("room"),
            landmark=chained("landmark"),
        )

    def take(self, index: Ints) -> "Places":
        """Return the places at these positions."""
        return Places(
            ground=self.ground,
            town=self.town[index],
            word=self.word[index],
            house=self.house[index],
            building=self.building[index],
            market=self.market[index],
            room=self.room[index],
            landmark=self.landmark[index],
        )

    @property
    def county(self) -> Ints:
        """County of each place."""
        return self.ground.town_county[self.town]

    @property
    def office(self) -> Ints:
        """Station that watches over each place."""
        return self.ground.town_office[self.town]

    @property
    def rural(self) -> Flags:
        """Whether the place lies in a village: half of those in towns."""
        rural: Flags = self.ground.town_rural[self.town] & (self.word % 2 == 0)
        return rural

    @property
    def road(self) -> Text:
        """Road, or village committee."""
        ground = self.ground
        villages = join(ground.town_words(ground.villages, self.town, self.word), "村")
        return np.where(self.rural, villages, ground.town_words(ground.roads, self.town, self.word))

    def _tail(self) -> Text:
        ground = self.ground
        building = np.where(
            self.building >= 0, ground.town_words(ground.buildings, self.town, np.maximum(self.building, 0)), blank(len(self.town))
        )
        market = np.where(self.market >= 0, ground.town_words(ground.markets, self.town, np.maximum(self.market, 0)), blank(len(self.town)))
        room = digits(self.room, width=3)
        rooms = np.where(
            self.room == 0,
            blank(len(room)),
            np.where(
                self.building >= 0,
                join(digits(self.room // 100, width=1), "层", room, "室"),
                join(digits(self.room % 9 + 1, width=1), "号店面"),
            ),
        )
        return join(building, market, rooms)

    def _head(self) -> tuple[Text, Text, Text]:
        ground = self.ground
        county = self.county
        return ground.city_name[ground.county_city[county]], ground.county_name[county], ground.town_name[self.town]

    def _numbers(self) -> Text:
        pool = text_column([str(n) for n in range(1300)])
        return pool[self.house]

    def written(self) -> Text:
        """Return the full form: 福建省福州市鼓楼区东街街道五一路83号中山大厦1层102室."""
        city, county, town = self._head()
        return join("福建省", city, county, town, self.road, self._numbers(), "号", self._tail())

    def variant(self, which: Ints) -> Text:
        """Return each place in its own way of writing (0 … VARIANTS-1), never the full form."""
        city, county, town = self._head()
        road, number, tail = self.road, self._numbers(), self._tail()
        landmark = self.ground.landmarks[self.landmark]
        group = digits(self.house % 9 + 1, width=1)
        ways = (
            join(city, county, town, road, number, "号", tail),
            join(county, road, number, "号"),
            join(county, road, number, "-1号店面"),
            join(city, county, road, number, "号", tail),
            np.where(
                self.rural, join(county, town, road, group, "组", number, "号"), join("福建省", city, county, road, number, "#", tail)
            ),
            join(county, town, road, landmark, "旁"),
            join("福建省", city, " ", county, " ", town, road, number, "号之一 ", tail),
            join(town, road, number, "号", tail, "(", landmark, "对面)"),
            join(city.astype(object), county, road, _wide(number), "号,", tail),
        )
        return np.choose(which, ways)


def _wide(numbers: Text) -> Text:
    table = {ord(str(d)): chr(0xFF10 + d) for d in range(10)}
    return text_column([n.translate(table) for n in numbers.tolist()])
