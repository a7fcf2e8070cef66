"""Rows of filings (prepackaged food only) and of the three smalls: workshops, small eateries, stalls."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from evenhand.practice.licensing import flags, item_tags, own_site, websites
from evenhand.practice.numbers import checked, serials
from evenhand.practice.rows import Chunk, Rows, identity
from evenhand.practice.subjects import Trade
from evenhand.practice.text import Text, add_years, day_number, digits, draw, join

__all__ = ["filing_rows", "small_rows"]

_SITES: Final = 22  # part of the seed of web addresses
_PER_CHUNK: Final = 400  # serials a chunk may use per trade type and county


def filing_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one row per filing of prepackaged-food-only sale; the scheme began at the end of 2021."""
    subjects, rng, today = chunk.subjects, chunk.rng, chunk.world.today
    who = np.flatnonzero(subjects.trade == Trade.FILING)
    kind = np.where(rng.random(len(who)) < 0.15, 1, 2)
    head = kind * 10**6 + chunk.world.ground.county_code[subjects.county[who]]
    number = checked(
        "YB", head, serials(head, chunk=chunk.number, per_chunk=_PER_CHUNK, size=10**6, key=chunk.world.seed * 31 + 1), widths=(7, 6)
    )
    chunk.licence[who] = number
    issued = np.minimum(np.maximum(subjects.founded[who] + 5, day_number(date(2021, 12, 1)) + rng.integers(0, 300, len(who))), today - 3)
    online = rng.random(len(who)) < 0.2
    cells = dict(identity(chunk, who, who, addresses)) | {
        "licence_no": number,
        "trade_type": digits(kind, width=1),
        "items": draw(chunk.world.words.words("items", "filing"), rng, len(who)),
        "issuer": chunk.bureaus[subjects.county[who]],
        "issued_on": issued,
        "licence_status": np.where(subjects.cancelled[who] >= 0, "60", "10").astype(object),
        "online": flags(online),
        "website": websites(chunk, who, online, _SITES),
    }
    standing = subjects.cancelled[who] < 0
    chunk.tags.licences("T02-03", who=who, standing=standing, until=np.full(len(who), -1))
    chunk.tags.add("T01-03", who[standing])
    chunk.tags.add("T04-03", who[standing])
    chunk.tags.add_each(item_tags(chunk, cells["items"])[standing], who[standing])
    chunk.tags.add("T08-01", who[standing & online])
    chunk.tags.add("T08-04", who[standing & online & own_site(cells["website"])])
    yield Rows(source="filing", who=who, spot=who, office=subjects.office[who], cells=cells)


def small_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one row per registration of a workshop, small eatery or stall."""
    subjects, rng, today = chunk.subjects, chunk.rng, chunk.world.today
    for source, trade, word, prefix in (
        ("workshop", Trade.WORKSHOP, "小作坊", "闽小作"),
        ("small_catering", Trade.SMALL_CATERING, "小餐饮", "闽小餐"),
        ("stall", Trade.STALL, "食品摊贩", "闽摊"),
    ):
        who = np.flatnonzero(subjects.trade == trade)
        number = join(prefix, digits(chunk.world.ground.county_code[subjects.county[who]], width=6), digits(subjects.number[who], width=7))
        chunk.licence[who] = number
        issued = np.minimum(np.maximum(subjects.founded[who] + 20, today - rng.integers(20, 1500, len(who))), today - 5)
        until = add_years(issued, 3) - 1
        status = np.where(subjects.cancelled[who] >= 0, "60", np.where(until < today, "20", "10")).astype(object)
        cells = dict(identity(chunk, who, who, addresses)) | {
            "licence_no": number,
            "small_kind": np.full(len(who), word, dtype=object),
            "items": draw(chunk.world.words.words("items", "small"), rng, len(who)),
            "issuer": chunk.bureaus[subjects.county[who]],
            "issued_on": issued,
            "valid_to": until,
            "licence_status": status,
        }
        standing = subjects.cancelled[who] < 0
        # A stall's card tells no end.
        chunk.tags.licences("T02-04", who=who, standing=standing, until=np.where(trade == Trade.STALL, -1, until))
        chunk.tags.add({Trade.WORKSHOP: "T01-06", Trade.SMALL_CATERING: "T01-07", Trade.STALL: "T01-08"}[trade], who[standing])
        chunk.tags.add_each(item_tags(chunk, cells["items"])[standing], who[standing])
        yield Rows(source=source, who=who, spot=who, office=subjects.office[who], cells=cells)
