"""Rows of production licences and of the special foods their holders registered or filed."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from evenhand.practice.licensing import LICENCE_YEARS, licence_status
from evenhand.practice.numbers import checked, serials
from evenhand.practice.rows import Chunk, Rows, identity
from evenhand.practice.subjects import Kind, Trade
from evenhand.practice.text import Flags, Ints, Text, add_years, digits, join, text_column, weighted

__all__ = ["production_rows"]

_ADDITIVE: Final = 200
_MORE: Final = 23  # part of the seed of further classes
_PER_CHUNK_SC: Final = 25  # serials a chunk may use per category and county
_PER_CHUNK_SPECIAL: Final = 20  # serials a chunk may use per form and year of a product number
_SPECIAL_FORMS: Final = ("食健备G", "国食健注G", "国食注字TY", "国食注字YP")


def production_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one row per production licence, and the special foods of the producers that hold such a class."""
    subjects, rng = chunk.subjects, chunk.rng
    who = np.flatnonzero((subjects.trade == Trade.PRODUCTION) & (subjects.founded < chunk.world.today - 150))
    classes = chunk.world.words.rows("production", "classes")
    picked = weighted([row[3] for row in classes], rng, len(who))
    more = chunk.more(_MORE)
    further = [[*row, 0] for row in chunk.world.words.rows("further", "more")]
    special = more.random(len(who)) < 0.08
    classes = [*classes, *further]
    picked = np.where(special, len(classes) - len(further) + more.integers(0, len(further), len(who)), picked)
    code = text_column([row[0] for row in classes])[picked]
    head = (np.array([_category(row[0]) for row in classes])[picked]) * 10**6 + chunk.world.ground.county_code[subjects.county[who]]
    number = checked(
        "SC", head, serials(head, chunk=chunk.number, per_chunk=_PER_CHUNK_SC, size=10**4, key=chunk.world.seed * 31 + 1), widths=(9, 4)
    )
    chunk.licence[who] = number
    start = np.minimum(np.maximum(subjects.founded[who] + 90, chunk.world.today - rng.integers(30, 2100, len(who))), chunk.world.today - 20)
    until = add_years(start, LICENCE_YEARS) - 1
    status, lying, expired = licence_status(chunk, who=who, until=until, ended=np.zeros(len(who), dtype=bool))
    second = np.where(more.random(len(who)) < 0.12, more.integers(0, len(classes), len(who)), picked)
    second = np.where(head // 10**6 < _ADDITIVE, second, picked)  # makers of additives make nothing else
    codes = np.where(second == picked, code, join(code, ",", text_column([row[0] for row in classes])[second]))
    _note(chunk, who=who, codes=codes, head=head, standing=np.isin(status, ["10", "20"]), until=until)
    cells = dict(identity(chunk, who, who, addresses)) | {
        "licence_no": number,
        "class_codes": codes,
        "food_categories": text_column(
            ["、".join(dict.fromkeys(classes[n][1] for n in pair)) for pair in zip(picked.tolist(), second.tolist(), strict=True)]
        ),
        "varieties": text_column([row[2] for row in classes])[picked],
        "issuer": chunk.bureaus[subjects.county[who]],
        "issued_on": start,
        "valid_from": start,
        "valid_to": until,
        "licence_status": status,
        "supervisor": chunk.staff.name[chunk.staff.first[subjects.office[who]]],
    }
    rows = Rows(source="production_licence", who=who, spot=who, office=subjects.office[who], cells=cells)
    rows.mark("expired_valid", lying, among=expired)
    yield rows
    yield _special_rows(chunk, addresses, makers=who, class_code=code)


def _category(class_code: str) -> int:
    """Return the three digits of a licence number: 1 and the category; for additives 201 to 203."""
    return _ADDITIVE + int(class_code[2:]) if class_code.startswith("32") else 100 + int(class_code[:2])


def _note(chunk: Chunk, *, who: Ints, codes: Text, head: Ints, standing: Flags, until: Ints) -> None:
    """Note what is true of producers."""
    tags, special = chunk.tags, chunk.world.words.sections["production_tag"]
    tags.licences("T02-01", who=who, standing=standing, until=until)
    tags.add("T01-01", who[standing & (head // 10**6 < _ADDITIVE)])
    tags.add("T01-02", who[standing & (head // 10**6 > _ADDITIVE)])
    held = [" ".join(f"T03-{c} T03-{_category(c)} {special.get(c[:2], '')}" for c in cell.split(",")) for cell in codes.tolist()]
    tags.add_each(text_column(held)[standing], who[standing])


def _special_rows(chunk: Chunk, addresses: Text, *, makers: Ints, class_code: Text) -> Rows:
    subjects, rng, today = chunk.subjects, chunk.rng, chunk.world.today
    makes = (subjects.kind[makers] == Kind.ENTERPRISE) & (np.isin(class_code, ["2701", "2801", "2901"]) | (rng.random(len(makers)) < 0.12))
    who = np.repeat(makers[makes], rng.integers(1, 9, int(makes.sum())))
    products = chunk.world.words.rows("special", "products")
    picked = rng.integers(0, len(products), len(who))
    kind = text_column([row[0] for row in products])[picked]
    issued = today - rng.integers(30, 2200, len(who))
    year = issued.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    filed = rng.random(len(who)) < 0.6
    endless = (kind == "保健食品") & filed
    number = _product_numbers(chunk, year, np.select([endless, kind == "保健食品", kind == "特医食品"], [0, 1, 2], default=3))
    cells = dict(identity(chunk, who, who, addresses)) | {
        "product_no": number,
        "product_name": text_column([row[1] for row in products])[picked],
        "product_kind": kind,
        "issued_on": issued,
        "valid_to": np.where(endless, -1, add_years(issued, LICENCE_YEARS) - 1),
        "licence_no": chunk.licence[who],
    }
    chunk.tags.add("T05-08", who)
    return Rows(source="special_food", who=who, spot=who, office=subjects.office[who], cells=cells)


def _product_numbers(chunk: Chunk, year: Ints, form: Ints) -> Text:
    """Return the number of each product, of which no two are the same; `form`: place in `_SPECIAL_FORMS`, 0 for filings."""
    head, key = form * 10**4 + year, chunk.world.seed * 31 + 1
    six, four = (serials(head, chunk=chunk.number, per_chunk=_PER_CHUNK_SPECIAL, size=size, key=key) for size in (10**6, 10**4))
    serial = np.where(form == 0, join("35", digits(six, width=6)), digits(four, width=4))
    return join(text_column(_SPECIAL_FORMS)[form], digits(year, width=4), serial)
