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
from evenhand.practice.tagging import restaurant_tags
from evenhand.practice.text import Flags, Ints, Text, add_years, blank, day_number, digits, draw, join, text_column

__all__ = ["LICENCE_YEARS", "flags", "item_tags", "licence_status", "operation_rows", "own_site", "websites"]

_JY_SINCE: Final = day_number(date(2015, 10, 1))
_NEW_WORDS: Final = day_number(date(2023, 12, 1))
_PER_CHUNK: Final = 400  # serials a chunk may use per county and form; 2,500 subjects need far fewer
LICENCE_YEARS: Final = 5
_MORE: Final = 24  # part of the seed of kitchens, chains, notes and diners
_SITES: Final = 25  # part of the seed of web addresses
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
    more = chunk.more(_MORE)
    online_site = websites(chunk, who, online, _SITES)
    kitchen = (subjects.kind[who] == Kind.ENTERPRISE) & (form == 2) & (rng.random(n) < 0.05)
    delivers = (subjects.kind[who] == Kind.ENTERPRISE) & (form == 2) & (more.random(n) < 0.04)
    cells = shared | {
        "licence_no": number,
        "form": digits(form, width=1),
        "form_note": _notes(chunk, who, canteen=canteen, delivers=delivers, more=more),
        "items": _items(chunk, who, form, np.choose(form - 1, [pools[1], pools[2], pools[3]]), kitchen=kitchen & modern, more=more),
        "warehouse": np.where(rng.random(n) < 0.02, addresses[who + size], blank(n)),
        "issuer": chunk.bureaus[subjects.places.county[spot]],
        "issued_on": start,
        "valid_from": start,
        "valid_to": until,
        "licence_status": status,
        "supervisor": chunk.staff.name[chunk.staff.first[subjects.places.office[spot]]],
        "seats": np.where(form == 2, subjects.natures.seats[who], np.where(canteen, rng.poisson(30, n), -1)),
        "diners": np.where(canteen, np.round(np.exp(5.6 + 0.8 * more.standard_normal(n))).astype(np.int64), -1),
        "online": flags(online),
        "website": online_site,
        "physical_shop": flags(rng.random(n) < 0.97),
        "central_kitchen": flags(kitchen),
        "chain": flags(rng.random(n) < 0.06),
        "wholesale": flags((form == 1) & (rng.random(n) < 0.1)),
        "meal_delivery": flags(delivers),
        "vending": flags(rng.random(n) < 0.004),
        "canteen_type": np.where(more.random(n) < 0.15, "", _canteen(chunk, who, canteen=canteen)).astype(object),
    }
    rows = Rows(source="operation_licence", who=who, spot=spot, office=subjects.places.office[spot], cells=cells)
    rows.mark("expired_valid", lying, among=expired)
    _note_operation(chunk, rows, form=form, standing=np.isin(status, ["10", "20"]), until=until)
    present = (slot == 0) & (trade <= Trade.CATERING)
    rows.mark("several_licences", slot == _FURTHER, among=present)
    rows.mark("several_sites", slot == _SECOND, among=slot == 0)
    return rows


def _note_operation(chunk: Chunk, rows: Rows, *, form: Ints, standing: Flags, until: Ints) -> None:
    """Note what is true of holders of operation licences that stand."""
    tags, subjects, cells, who = chunk.tags, chunk.subjects, rows.cells, rows.who
    tags.licences("T02-02", who=who, standing=standing, until=until)
    online = standing & (cells["online"] == "true")
    eats, sells = standing & (form == 2), standing & (form == 1)
    kitchen, delivers, vends = (standing & (cells[name] == "true") for name in ("central_kitchen", "meal_delivery", "vending"))
    told = {
        "T01-03": sells, "T01-04": eats, "T01-05": standing & (form == 3), "T07-01": kitchen, "T07-02": delivers, "T08-06": vends,
        "T06-03": delivers & (cells["form_note"] == "集体用餐配送（学生餐）"), "T07-04": sells & (subjects.natures.nature[who] == "store"),
        "T08-01": online & (form == 1), "T08-02": online & (form == 2), "T08-04": online & own_site(cells["website"]),
        "T08-05": online & (form <= 2) & (cells["physical_shop"] == "false"),
    }  # fmt: skip
    for tag, mask in told.items():
        tags.add(tag, who[mask])
    tags.add_each(item_tags(chunk, cells["items"])[standing], who[standing])
    tags.add_each(restaurant_tags(subjects.area[who], subjects.natures.seats[who])[eats], who[eats])
    for venue, (tag, _, many, least) in chunk.world.words.sections["venue_tag"].items():
        mine = standing & (form == 3) & (subjects.natures.venue[who] == venue)
        tags.add_each(np.full(int(mine.sum()), tag, dtype=object), who[mine])
        tags.add(many, who[mine & (cells["diners"] >= least)])


def flags(yes: Flags) -> Text:
    """Return yes and no as the codes of the code list."""
    return np.where(yes, "true", "false").astype(object)


def _canteen(chunk: Chunk, who: Ints, *, canteen: Flags) -> Text:
    types = {venue: row[1] for venue, row in chunk.world.words.sections["venue_tag"].items()}
    names = text_column([types.get(venue, "") for venue in chunk.subjects.natures.venue[who].tolist()])
    return np.where(canteen, names, "").astype(object)


def _notes(chunk: Chunk, who: Ints, *, canteen: Flags, delivers: Flags, more: np.random.Generator) -> Text:
    school = canteen & (chunk.subjects.natures.venue[who] == "school")
    pupils = delivers & (more.random(len(who)) < 0.4)
    return np.where(school, "学校食堂", np.where(pupils, "集体用餐配送（学生餐）", np.where(delivers, "集体用餐配送", ""))).astype(object)


def _items(chunk: Chunk, who: Ints, form: Ints, items: Text, *, kitchen: Flags, more: np.random.Generator) -> Text:
    """Give central kitchens, chains and managers the items of theirs."""
    words, n = chunk.world.words, len(who)
    firm, spot = chunk.subjects.kind[who] == Kind.ENTERPRISE, more.random(n)
    chain = np.where(form == 2, *words.words("more_items", "chain").tolist()).astype(object)
    items = np.where(firm & (form <= 2) & (spot < 0.03), chain, items)
    items = np.where(firm & (form == 2) & (spot > 0.96), draw(words.words("more_items", "management"), more, n), items)
    items = np.where((form == 1) & (spot > 0.5) & (spot < 0.506), draw(words.words("more_items", "medical"), more, n), items)
    return np.where(kitchen & (form == 2), draw(words.words("more_items", "kitchen"), more, n), items)


def websites(chunk: Chunk, who: Ints, online: Flags, what: int) -> Text:
    """Return web addresses: most shops stand on a platform, some have a site of their own."""
    number = digits(chunk.subjects.number[who], width=7)
    own = chunk.more(what).random(len(who)) < 0.25
    return np.where(
        online, np.where(own, join("https://www.qy", number, ".example"), join("https://platform.example/shop/", number)), blank(len(who))
    )


def own_site(websites: Text) -> Flags:
    """Return whether each address is a site of the subject's own."""
    return np.array([site.startswith("https://www.") for site in websites.tolist()], dtype=bool)


def item_tags(chunk: Chunk, items: Text) -> Text:
    """Return the tags that each wording of items truly bears."""
    known = chunk.world.words.sections["item_tag"]
    return text_column([known.get(text, "") for text in items.tolist()])


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
