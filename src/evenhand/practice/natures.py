"""Natures: what sets some subjects apart (market, cold store, scenic place, size …), drawn from a stream of their own.

The names, industries and figures of such subjects follow their nature; a few other shops get names that only sound like one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from evenhand.practice.text import Flags, Ints, Text, blank, draw, join, text_column, weighted
from evenhand.practice.vocabulary import Vocabulary

__all__ = ["SIZE_TAGS", "Known", "Natures", "draw_natures"]

SIZE_TAGS: Final = ("T09-04", "T09-03", "T09-02", "T09-01")
"""Tag of each size class, micro first."""
_ENTERPRISE: Final = 1
_SALE, _CATERING, _CANTEEN, _SMALL = 0, 1, 2, 5
_INDIVIDUAL: Final = 0
_SPECIAL: Final = ("market", "seafood", "cold", "platform", "store")
_SPECIAL_SHARE: Final = 0.02  # of the trading enterprises, for each of the five
_NATURE_TAGS: Final = {
    "market": ("T01-09", "T07-05"), "seafood": ("T01-09", "T07-05", "T07-07"), "cold": ("T01-10", "T07-06"), "platform": ("T01-09", "T08-03"),
    "scenic": ("T06-08",), "banquet": ("T06-09",),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Known:
    """What subjects are before their nature is drawn."""

    kind: Ints
    trade: Ints
    name: Text
    industry: Text
    region: Text
    city: Text
    person: Text
    staff: Ints
    revenue: npt.NDArray[np.float64]
    area: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Natures:
    """One row per subject. `nature`: its word, empty for most; `venue` of canteens; `size`: class 0 (micro) to 3, -1 unknown; `renamed`."""

    nature: Text
    venue: Text
    size: Ints
    seats: Ints
    name: Text
    industry: Text
    staff: Ints
    revenue: npt.NDArray[np.float64]
    area: npt.NDArray[np.float64]
    renamed: Flags

    def tags(self) -> list[tuple[str, Flags]]:
        """Return the tags that a nature bears, each with the subjects that have it."""
        return [(tag, self.nature == nature) for nature, tags in _NATURE_TAGS.items() for tag in tags]


def draw_natures(words: Vocabulary, known: Known, rng: np.random.Generator) -> Natures:
    """Draw natures, venues, sizes and restaurants, and let names and figures follow them."""
    size = len(known.kind)
    nature, name, industry = _natures(words, known, rng)
    venue, name = _venues(words, known, name, rng)
    classes, staff, revenue = _sizes(words, known, industry, rng)
    area, seats = _rooms(words, known, rng)
    store = nature == "store"
    area = np.where(store, np.round(6000 + rng.random(size) * 9000, 1), area)
    return Natures(
        nature=nature, venue=venue, size=classes, seats=seats, name=name, industry=industry, staff=staff, revenue=revenue, area=area, renamed=name != known.name,
    )  # fmt: skip


def _natures(words: Vocabulary, known: Known, rng: np.random.Generator) -> tuple[Text, Text, Text]:
    size = len(known.kind)
    nature, spot = blank(size), rng.random(size)
    trading = (known.kind == _ENTERPRISE) & (known.trade == _SALE)
    for n, word in enumerate(_SPECIAL):
        nature[trading & (spot >= n * _SPECIAL_SHARE) & (spot < (n + 1) * _SPECIAL_SHARE)] = word
    shop = (known.kind == _INDIVIDUAL) & np.isin(known.trade, [_SALE, _CATERING, _SMALL])
    nature[shop & (spot < 0.012)] = "trap"
    nature[shop & (known.trade != _SMALL) & (spot >= 0.012) & (spot < 0.018)] = "scenic"
    nature[shop & (known.trade == _SMALL) & (spot >= 0.012) & (spot < 0.03)] = "banquet"
    brand = join(draw(words.words("brand", "first"), rng, size), draw(words.words("brand", "second"), rng, size))
    sign = np.where(
        known.trade == _SALE,
        draw(words.words("trade", "sale_individual", "words"), rng, size),
        draw(words.words("trade", "catering_individual", "words"), rng, size),
    )
    own = {word: join(known.city, brand, draw(words.words("nature", word), rng, size)) for word in _SPECIAL}
    own |= {
        "trap": join(known.region, draw(words.words("nature", "traps"), rng, size), sign),
        "scenic": join(known.region, draw(words.words("nature", "scenic"), rng, size), sign),
        "banquet": join(known.region, known.person, draw(words.words("nature", "banquet"), rng, size)),
    }
    name, industry = known.name.copy(), known.industry.copy()
    for word, made in own.items():
        name[nature == word] = made[nature == word]
    industry[nature == "cold"], industry[nature == "platform"] = "5930", "6432"
    industry[nature == "store"] = "5212"
    nature[nature == "trap"] = ""
    return nature, name, industry


def _venues(words: Vocabulary, known: Known, name: Text, rng: np.random.Generator) -> tuple[Text, Text]:
    """Return the venue of each canteen: what its name says, or for enterprises their own staff or a building site."""
    size = len(known.kind)
    canteen = known.trade == _CANTEEN
    endings = {word: venue for venue in words.sections["venue"] for word in words.sections["venue"][venue]}
    said = text_column(
        [
            "" if not at else next((v for w, v in endings.items() if n.endswith(w)), "other")
            for n, at in zip(name.tolist(), canteen.tolist(), strict=True)
        ]
    )
    firm = canteen & (known.kind == _ENTERPRISE)
    site = firm & (rng.random(size) < 0.3)
    venue = np.where(site, "site", np.where(firm, "office", said)).astype(object)
    brand = join(draw(words.words("brand", "first"), rng, size), draw(words.words("brand", "second"), rng, size))
    made = join(known.city, brand, draw(words.words("nature", "site"), rng, size), known.region, "项目部")
    return venue, np.where(site, made, name)


def _sizes(words: Vocabulary, known: Known, industry: Text, rng: np.random.Generator) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Return size class, staff and revenue of the registered: a class first, then figures inside it; some have more staff than their class asks."""
    size = len(known.kind)
    company = np.isin(known.kind, [1, 2, 3])
    drawn = np.where(company, weighted([0.6, 0.29, 0.08, 0.03], rng, size), weighted([0.95, 0.05], rng, size))
    spots = rng.random((4, size))
    classes = np.full(size, -1, dtype=np.int64)
    staff, revenue = known.staff.copy(), known.revenue.copy()
    for sector, starts in words.sections["size_of"].items():
        mine = (known.kind <= 3) & np.array([code.startswith(tuple(starts)) for code in industry.tolist()], dtype=bool)
        bounds = np.array(words.sections["size"][sector])
        band = bounds[drawn[mine]]
        above = bounds[np.minimum(drawn[mine] + (spots[2][mine] < 0.1), 3)]
        staff[mine] = (above[:, 0] + spots[0][mine] * (above[:, 1] - above[:, 0])).astype(np.int64)
        revenue[mine] = np.floor((band[:, 2] + spots[1][mine] * (band[:, 3] - band[:, 2])) * 100) / 100
        classes[mine] = drawn[mine]
    return classes, staff, revenue


def _rooms(words: Vocabulary, known: Known, rng: np.random.Generator) -> tuple[npt.NDArray[np.float64], Ints]:
    """Return area and seats: of restaurants by the class of the room, of others as they were, with few seats."""
    size = len(known.kind)
    bands = np.array(words.sections["restaurant"]["bands"])[weighted([0.78, 0.16, 0.05, 0.01], rng, size)]
    eats = known.trade == _CATERING
    spots = rng.random((2, size))
    area = np.where(eats, np.round(bands[:, 0] + spots[0] * (bands[:, 1] - bands[:, 0]), 1), known.area)
    seats = np.where(eats, (bands[:, 2] + spots[1] * (bands[:, 3] - bands[:, 2])).astype(np.int64), 20)
    return area, seats
