"""Names of people and businesses: region, brand, trade, legal form, as shop signs and registers carry them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from evenhand.practice.text import Ints, Text, blank, draw, join, text_column, weighted
from evenhand.practice.vocabulary import Vocabulary

__all__ = ["Signs", "person_names"]

_SUFFIX_SINCE: Final = 19_500  # mid-2023: new individual businesses carry （个体工商户） in their name

# Pool of trade words by (kind, trade); kinds and trades by their numbers in `subjects`.
_POOLS: Final = {
    (0, 0): "sale_individual",
    (0, 1): "catering_individual",
    (0, 3): "workshop",
    (0, 4): "sale_individual",
    (0, 5): "catering_individual",
    (0, 6): "workshop",
    (1, 0): "sale_company",
    (1, 1): "catering_company",
    (1, 2): "catering_company",
    (1, 3): "production_company",
    (1, 4): "sale_company",
    (2, 0): "sale_company",
    (2, 1): "catering_company",
    (2, 3): "production_company",
    (2, 4): "sale_company",
    (3, 0): "cooperative",
    (3, 3): "cooperative",
    (3, 4): "cooperative",
    (4, 2): "school",
    (5, 2): "private_school",
    (6, 2): "office",
    (7, 7): "stall",
}


def person_names(words: Vocabulary, rng: np.random.Generator, size: int) -> Text:
    """Draw names of people; a few families are far more frequent than the rest."""
    families = words.words("person", "families")
    family = families[weighted(1 / (np.arange(len(families)) + 3.0), rng, size)]
    second = np.where(rng.random(size) < 0.85, draw(words.words("person", "given_second"), rng, size), blank(size))
    return join(family, draw(words.words("person", "given_first"), rng, size), second)


@dataclass(frozen=True, kw_only=True)
class Signs:
    """The parts a business's name is made of; one row per subject."""

    words: Vocabulary
    kind: Ints
    trade: Ints
    region: Text
    county: Text
    city: Text
    town: Text
    road: Text
    person: Text
    parent: Ints
    founded: Ints

    def _trade_words(self, rng: np.random.Generator, *, part: str) -> Text:
        chosen = blank(len(self.kind))
        spot = rng.random(len(self.kind))
        for (kind, trade), pool_name in _POOLS.items():
            mine = np.flatnonzero((self.kind == kind) & (self.trade == trade))
            pool = self.words.words("trade", pool_name, part)
            chosen[mine] = pool[(spot[mine] * len(pool)).astype(np.int64)]
        return chosen

    def _brands(self, rng: np.random.Generator) -> Text:
        size = len(self.kind)
        first, second = self.words.words("brand", "first"), self.words.words("brand", "second")
        coined = join(draw(first, rng, size), draw(second, rng, size))
        tripled = join(coined, draw(second, rng, size))
        family = text_column([p[:1] for p in self.person.tolist()])
        own = join(family, draw(self.words.words("brand", "suffix"), rng, size))
        given = join("阿", text_column([p[-1:] for p in self.person.tolist()]))
        kind = rng.random(size)
        sole = (self.kind == 0) | (self.kind == 7)
        personal = np.where(kind < 0.12, own, np.where(kind < 0.2, given, np.where(kind < 0.26, self.person, tripled)))
        return np.where(sole & (kind < 0.3), personal, np.where(kind > 0.8, tripled, coined))

    def names(self, rng: np.random.Generator) -> Text:
        """Draw the registered names."""
        size = len(self.kind)
        brand, trade = self._brands(rng), self._trade_words(rng, part="words")
        way = rng.random(size)
        individual = join(np.where(way < 0.6, self.region, np.where(way < 0.75, self.county, join(self.county, self.town))), brand, trade)
        individual = np.where((self.founded > _SUFFIX_SINCE) & (way < 0.9), join(individual, "（个体工商户）"), individual)
        company = np.where(
            way < 0.45,
            join(self.city, brand, trade),
            np.where(
                way < 0.65, join("福建", brand, trade), np.where(way < 0.8, join("福建省", brand, trade), join(brand, "（福建）", trade))
            ),
        )
        parent = np.where(self.parent >= 0, company[self.parent], company)
        branch = join(
            parent, np.where(way < 0.4, join(self.county, "分公司"), np.where(way < 0.75, join(self.town, "分店"), join(self.road, "店")))
        )
        public = join(
            self.region,
            np.where(
                way < 0.6,
                text_column([t.removesuffix("街道").removesuffix("镇").removesuffix("乡") for t in self.town.tolist()]),
                blank(size),
            ),
            trade,
        )
        choices = [
            individual,
            company,
            branch,
            join(self.region, brand, trade),
            public,
            join(self.region, brand, trade),
            join(self.region, trade),
            join(self.person, "（", trade, "）"),
        ]
        return np.choose(self.kind, choices)

    def industries(self, rng: np.random.Generator) -> Text:
        """Draw industry codes that fit the trade."""
        return self._trade_words(rng, part="industry")
