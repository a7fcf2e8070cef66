"""Rows of sampling, complaints, penalties and campaign lists."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from evenhand.practice.rows import Chunk, Rows, identity, when_at
from evenhand.practice.subjects import Trade
from evenhand.practice.text import Flags, Ints, Text, blank, day_number, digits, draw, join, text_column, weighted

__all__ = ["incident_rows"]

_MORE: Final = 27  # part of the seed of further complaints and lists
_SINCE: Final = day_number(date(2025, 1, 1))


def _drawn(chunk: Chunk, rate: float | npt.NDArray[np.float64], *, often: Flags | None = None) -> tuple[Ints, Ints]:
    """Return subjects (some twice, those of `often` four times more) and a day for each since 2025 on which it was open."""
    subjects, rng = chunk.subjects, chunk.rng
    who = np.repeat(np.arange(len(subjects)), rng.poisson(rate, len(subjects)) + (0 if often is None else often * 4))
    day = np.maximum(chunk.world.today - rng.integers(40, max(chunk.world.today - _SINCE, 41), len(who)), _SINCE)
    was_open = (day > subjects.founded[who]) & ((subjects.cancelled[who] < 0) | (day < subjects.cancelled[who]))
    return who[was_open], day[was_open]


def _year(day: Ints) -> Text:
    return digits(day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970, width=4)


def _numbered(chunk: Chunk, who: Ints) -> Text:
    turn = np.arange(len(who)) - np.searchsorted(who, who, side="left")
    return join(digits(chunk.subjects.number[who], width=7), digits(turn, width=1))


def incident_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give the rows of samples, complaints (two channels), penalties (two systems) and the two campaigns of the year."""
    yield _sampling(chunk, addresses)
    yield from _complaints(chunk, addresses)
    yield from _penalties(chunk, addresses)
    yield from _campaigns(chunk, addresses)


def _rows(chunk: Chunk, source: str, who: Ints, spot: Ints, cells: dict[str, object]) -> Rows:
    return Rows(source=source, who=who, spot=spot, office=chunk.subjects.places.office[spot], cells=cells)


def _sampling(chunk: Chunk, addresses: Text) -> Rows:
    who, day = _drawn(chunk, 0.14)
    rng, words, spot, n = chunk.rng, chunk.world.words, when_at(chunk.subjects, who, day), len(who)
    bad = rng.random(n) < 0.026 * chunk.neglect[who]
    chunk.tags.add("T12-01", who[bad & (day > chunk.world.today - 365)])
    cells = dict(identity(chunk, who, spot, addresses)) | {
        "sample_no": join("XBJ", _year(day), "35", _numbered(chunk, who)),
        "licence_no": chunk.licence[who],
        "product_name": draw(words.words("sampling", "products"), rng, n),
        "sampled_on": day,
        "sampling_level": text_column(["国抽", "省抽", "市抽", "县抽"])[weighted([0.08, 0.2, 0.27, 0.45], rng, n)],
        "result": np.where(bad, "不合格", "合格").astype(object),
        "failed_item": np.where(bad, draw(words.words("sampling", "failed"), rng, n), blank(n)),
    }
    return _rows(chunk, "sampling", who, spot, cells)


def _complaints(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    who, day = _drawn(chunk, 0.095 * chunk.neglect, often=chunk.more(_MORE).random(len(chunk.subjects)) < 0.008)
    chunk.tags.count("complaints", who[day > chunk.world.today - 365])
    rng, words, spot, n = chunk.rng, chunk.world.words, when_at(chunk.subjects, who, day), len(who)
    # Citizens do not know the code: most complaints come without it.
    known = rng.random(n) < 0.4
    cells = dict(identity(chunk, who, spot, addresses)) | {
        "complaint_no": join("135", _year(day), _numbered(chunk, who)),
        "received_on": day,
        "matter": draw(words.words("complaint", "matters"), rng, n),
        "outcome": draw(words.words("complaint", "outcomes"), rng, n),
        "closed_on": np.where(rng.random(n) < 0.9, np.minimum(day + rng.integers(5, 60, n), chunk.world.today), -1),
    }
    cells["uscc"] = np.where(known, cells["uscc"], blank(n))
    rows = _rows(chunk, "complaint", who, spot, cells)
    hotline = rng.random(n) < 0.25
    yield rows.take(~hotline)
    yield rows.take(hotline, source="complaint_12345")


def _penalties(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    who, day = _drawn(chunk, 0.036 * chunk.neglect)
    rng, words, n, ground = chunk.rng, chunk.world.words, len(who), chunk.world.ground
    spot = when_at(chunk.subjects, who, day)
    city = ground.county_city[chunk.subjects.places.county[spot]]
    number = join(
        text_column([name[0] for name in ground.city_name.tolist()])[city], "市监罚〔", _year(day), "〕", _numbered(chunk, who), "号"
    )
    kind = draw(words.words("penalty", "kinds"), rng, n)
    chunk.tags.add("T12-03", who[day > chunk.world.today - 365])
    fined = np.array(["罚款" in k for k in kind.tolist()], dtype=bool)
    cells = dict(identity(chunk, who, spot, addresses)) | {
        "penalty_no": number,
        "decided_on": day,
        "violation": draw(words.words("penalty", "violations"), rng, n),
        "penalty_kind": kind,
        "fine": np.where(fined, rng.choice([500.0, 1000.0, 2000.0, 5000.0, 10000.0, 50000.0], n), -1.0),
        "published_on": np.minimum(day + 7, chunk.world.today),
    }
    rows = _rows(chunk, "penalty", who, spot, cells)
    xiamen = ground.city_code[city] == 350200
    yield rows.take(~xiamen)
    yield rows.take(xiamen, source="penalty_xiamen")


def _campaigns(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    subjects, rng, words = chunk.subjects, chunk.rng, chunk.world.words
    active = subjects.cancelled < 0
    seafood = np.array(["水产" in name or "海鲜" in name or "鱼" in name for name in subjects.name.tolist()], dtype=bool)
    school = (subjects.trade == Trade.CANTEEN) | ((subjects.trade == Trade.CATERING) & (rng.random(len(subjects)) < 0.03))
    more = chunk.more(_MORE + 1)
    certified = (subjects.trade == Trade.PRODUCTION) & (more.random(len(subjects)) < 0.1)
    pilot = more.random(len(subjects)) < 0.006
    names = ("campaign_school", "campaign_seafood", "campaign_certified", "campaign_pilot")
    listed = zip(names, (school, seafood, certified, pilot), ("", "", "T12-08", "T12-09"), words.rows("campaign", "list"), strict=True)
    for source, mask, tag, row in listed:
        who = np.flatnonzero(mask & active & (tag != "" or rng.random(len(subjects)) < 0.9))
        if tag:
            chunk.tags.add(tag, who)
        cells = dict(identity(chunk, who, who, addresses)) | {
            "campaign_no": np.full(len(who), row[0], dtype=object),
            "campaign": np.full(len(who), row[1], dtype=object),
            "licence_no": chunk.licence[who],
            "starts_on": np.full(len(who), day_number(date.fromisoformat(row[2]))),
            "ends_on": np.full(len(who), day_number(date.fromisoformat(row[3]))),
        }
        yield _rows(chunk, source, who, who, cells)
