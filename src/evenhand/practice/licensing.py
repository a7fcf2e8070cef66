"""Rows of operation licences, from the present system, the approval platform and the two systems of before October 2015.

A subject's licences lie in slots: 0 the present one, 1 its earlier period under the same number, 2 the number before a move,
3 the second site, 4 a further business form at the same place. Systems before October 2015 gave other numbers.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from evenhand.practice.numbers import checked, serials
from evenhand.practice.rows import Chunk, Rows, identity, when_at
from evenhand.practice.subjects import Kind, Trade
from evenhand.practice.text import Flags, Ints, Text, add_years, blank, day_number, digits, draw, join, text_column

__all__ = ["LICENCE_YEARS", "flags", "licence_status", "operation_rows"]

_JY_SINCE: Final = day_number(date(2015, 10, 1))
_NEW_WORDS: Final = day_number(date(2023, 12, 1))
_PER_CHUNK: Final = 400  # serials a chunk may use per county and form; 2,500 subjects need far fewer
LICENCE_YEARS: Final = 5
_EARLIER: Final = 1  # slot of the same licence's period before its renewal
_FORMER: Final = 2
_SECOND: Final = 3
_FURTHER: Final = 4


def operation_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give the rows of the present system, of the approval platform (doubles) and of the two old systems."""
    rows = _current_rows(chunk, addresses)
    doubled = chunk.rng.random(len(rows)) < chunk.world.rates["duplicate_across"]
    rows.mark("duplicate_across", np.zeros(len(rows), dtype=bool), among=np.ones(len(rows), dtype=bool))
    pushed = rows.take(doubled, source="operation_licence_platform")
    pushed.marked["duplicate_across"] = np.ones(len(pushed), dtype=bool)
    del pushed.able["duplicate_across"]
    yield rows
    yield pushed
    yield from _old_rows(chunk, addresses)


def _slots(chunk: Chunk) -> tuple[Ints, Ints, Ints]:
    """Return (subject, slot, first day of the period) of every licence row of the present system."""
    subjects, rng = chunk.subjects, chunk.rng
    today = chunk.world.today
    holder = subjects.trade <= Trade.CANTEEN
    size = len(subjects)
    began = np.maximum(
        subjects.founded + rng.integers(5, 60, size), _JY_SINCE + rng.integers(0, 900, size) * (subjects.founded < _JY_SINCE)
    )
    closed = np.where(subjects.cancelled >= 0, np.minimum(subjects.cancelled, today), today)
    holder &= began < closed
    began = np.where((subjects.moved > began) & (subjects.moved < closed), subjects.moved, began)
    # Whole periods of five years between the first day and the last.
    lapsed = rng.random(size) < 0.07
    periods = np.maximum((closed - began) // 1827 - lapsed, 0)
    start = began.copy()
    for n in range(1, 4):
        start = np.where(periods >= n, add_years(began, LICENCE_YEARS * n), start)
    earlier = holder & (periods >= 1) & (rng.random(size) < 0.35)
    moved = holder & (subjects.moved >= _JY_SINCE) & (subjects.moved < closed) & (subjects.moved > subjects.founded + 150)
    second = holder & subjects.two_sites
    further = holder & (rng.random(size) < chunk.world.rates["several_licences"]) & (subjects.trade <= Trade.CATERING)
    periods_by_slot = (
        (holder, start),
        (earlier, add_years(start, -LICENCE_YEARS)),
        (moved, subjects.founded + 60),
        (second, np.minimum(start + 200, closed - 1)),
        (further, np.minimum(start + 30, closed - 1)),
    )
    who = [np.flatnonzero(mask) for mask, _ in periods_by_slot]
    slot = np.repeat(np.arange(len(who)), [len(found) for found in who])
    since = np.concatenate([day[found] for found, (_, day) in zip(who, periods_by_slot, strict=True)])
    return np.concatenate(who), slot, np.maximum(since, _JY_SINCE)


def _current_rows(chunk: Chunk, addresses: Text) -> Rows:
    subjects, rng, words = chunk.subjects, chunk.rng, chunk.world.words
    who, slot, start = _slots(chunk)
    n, size = len(who), len(subjects)
    spot = np.where(slot == _FORMER, who + 2 * size, np.where(slot == _SECOND, who + size, who))
    trade = subjects.trade[who]
    form = np.where(slot == _FURTHER, 2 - trade, trade + 1)
    head = form * 10**6 + chunk.world.ground.county_code[subjects.places.county[spot]]
    own = slot != _EARLIER
    number = blank(n)
    number[own] = checked(
        "JY",
        head[own],
        serials(head[own], chunk=chunk.number, per_chunk=_PER_CHUNK, size=10**6, key=chunk.world.seed * 31 + 1),
        widths=(7, 6),
    )
    chunk.licence[who[slot == 0]] = number[slot == 0]
    number = np.where(own, number, chunk.licence[who])
    until = add_years(start, LICENCE_YEARS) - 1
    status, lying, expired = licence_status(chunk, who=who, until=until, ended=(slot == _EARLIER) | (slot == _FORMER))
    modern = start >= _NEW_WORDS
    pools = {
        1: np.where(modern, draw(words.words("items", "new_sale"), rng, n), draw(words.words("items", "old_sale"), rng, n)),
        2: np.where(modern, draw(words.words("items", "new_catering"), rng, n), draw(words.words("items", "old_catering"), rng, n)),
        3: draw(words.words("items", "new_canteen"), rng, n),
    }
    online = rng.random(n) < np.where(form == 2, 0.35, 0.08)
    shared = dict(identity(chunk, who, spot, addresses))
    canteen = form == 3
    cells = shared | {
        "licence_no": number,
        "form": digits(form, width=1),
        "form_note": np.where(canteen & (subjects.kind[who] == Kind.PUBLIC), "学校食堂", "").astype(object),
        "items": np.choose(form - 1, [pools[1], pools[2], pools[3]]),
        "warehouse": np.where(rng.random(n) < 0.02, addresses[who + size], blank(n)),
        "issuer": chunk.bureaus[subjects.places.county[spot]],
        "issued_on": start,
        "valid_from": start,
        "valid_to": until,
        "licence_status": status,
        "supervisor": chunk.staff.name[chunk.staff.first[subjects.places.office[spot]]],
        "seats": np.where(form >= 2, rng.poisson(30, n), -1),
        "diners": np.where(canteen, rng.poisson(400, n), -1),
        "online": flags(online),
        "website": np.where(online, join("https://shop.example/", digits(subjects.number[who], width=7)), blank(n)),
        "physical_shop": flags(rng.random(n) < 0.97),
        "central_kitchen": flags((subjects.kind[who] == Kind.ENTERPRISE) & (rng.random(n) < 0.02)),
        "chain": flags(rng.random(n) < 0.06),
        "wholesale": flags((form == 1) & (rng.random(n) < 0.1)),
        "meal_delivery": flags((subjects.kind[who] == Kind.ENTERPRISE) & (rng.random(n) < 0.02)),
        "vending": flags(rng.random(n) < 0.004),
        "canteen_type": _canteen(subjects.kind[who], canteen),
    }
    rows = Rows(source="operation_licence", who=who, spot=spot, office=subjects.places.office[spot], cells=cells)
    rows.mark("expired_valid", lying, among=expired)
    present = (slot == 0) & (trade <= Trade.CATERING)
    rows.mark("several_licences", slot == _FURTHER, among=present)
    rows.mark("several_sites", slot == _SECOND, among=slot == 0)
    return rows


def flags(yes: Flags) -> Text:
    """Return yes and no as the codes of the code list."""
    return np.where(yes, "true", "false").astype(object)


def _canteen(kind: Ints, canteen: Flags) -> Text:
    names = np.choose(np.clip(kind - Kind.PUBLIC, 0, 2), ["学校食堂", "托幼机构食堂", "机关企事业单位食堂"])
    return np.where(canteen, names, "").astype(object)


def licence_status(chunk: Chunk, *, who: Ints, until: Ints, ended: Flags) -> tuple[Text, Flags, Flags]:
    """Return the status written in the licence, where an expired licence is still called valid, and where it is expired."""
    gone = chunk.subjects.cancelled[who] >= 0
    expired = (until < chunk.world.today) & ~gone & ~ended
    lying = expired & (chunk.rng.random(len(who)) < chunk.world.rates["expired_valid"])
    status = np.where(gone | ended, "60", np.where(expired & ~lying, "20", "10"))
    revoked = (status == "10") & ~lying & (chunk.rng.random(len(who)) < 0.002)
    return np.where(revoked, "40", status).astype(object), lying, expired


def _old_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give the licences of before October 2015: three years, other numbers, other words."""
    subjects, rng, words = chunk.subjects, chunk.rng, chunk.world.words
    start = np.minimum(
        np.maximum(subjects.founded + 40, day_number(date(2009, 6, 1))) + rng.integers(0, 1100, len(subjects)), _JY_SINCE - 10
    )
    early = (subjects.founded < _JY_SINCE - 400) & (rng.random(len(subjects)) < 0.8)
    for source, trade, form, before, pool in (
        ("circulation_licence", Trade.SALE, "1", "工商行政管理局", "circulation"),
        ("catering_licence", Trade.CATERING, "2", "食品药品监督管理局", "catering_service"),
        ("catering_licence", Trade.CANTEEN, "3", "食品药品监督管理局", "canteen_service"),
    ):
        prefix = "SP" if trade == Trade.SALE else ""
        who = np.flatnonzero(early & (subjects.trade == trade))
        since = start[who]
        spot = when_at(subjects, who, since)
        county = chunk.world.ground.old_code[subjects.places.county[spot]]
        year = since.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        tail = digits(subjects.number[who], width=7)
        number = (
            join(prefix, digits(county, width=6), digits(year % 100, width=2), "1", tail)
            if prefix
            else join("闽餐证字", digits(year, width=4), digits(county, width=6), tail)
        )
        until = add_years(since, 3) - 1
        ended = np.where(rng.random(len(who)) < 0.5, "60", "20").astype(object)
        cells = dict(identity(chunk, who, spot, addresses)) | {
            "licence_no": number,
            "form": np.full(len(who), form, dtype=object),
            "items": draw(words.words("items", pool), rng, len(who)),
            "issuer": text_column(
                [name.replace("市场监督管理局", before) for name in chunk.bureaus[subjects.places.county[spot]].tolist()]
            ),
            "issued_on": since,
            "valid_from": since,
            "valid_to": until,
            "licence_status": ended,
            "seats": rng.poisson(25, len(who)),
        }
        yield Rows(source=source, who=who, spot=spot, office=subjects.places.office[spot], cells=cells)
