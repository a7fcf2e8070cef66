"""Rows of inspections and their problems: seasonal, by inspectors with habits."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from evenhand.practice.rows import Chunk, Rows, identity, when_at
from evenhand.practice.subjects import Trade
from evenhand.practice.text import Ints, Text, blank, day_number, digits, join, text_column, weighted

__all__ = ["inspection_rows"]

_SOURCES: Final = ("inspection_daily", "inspection_random", "inspection_special", "inspection_flight", "inspection_system")
_KINDS: Final = text_column(["日常", "双随机", "专项", "飞行", "体系"])
_MARKS: Final = text_column(["RC", "SJ", "ZX", "FX", "TX"])
_FIRST: Final = day_number(date(2024, 1, 1))
#: Visits per month, relative: before Spring Festival, at the start of school terms, before Mid-Autumn and National Day.
_SEASON: Final = (1.7, 0.7, 1.5, 1.0, 1.1, 1.2, 0.7, 0.8, 1.9, 0.8, 1.0, 1.3)
_MEAN: Final = 1.0
_OFTEN: Final = 5
_MORE: Final = 26  # part of the seed of further visits
#: Chance that one of ten looked-for problems is found, by habit: never writes any, lenient, usual, writes many.
_FINDS: Final = (0.0, 0.02, 0.06, 0.2)
_MOST: Final = 0.7


def _days(chunk: Chunk, size: int) -> Ints:
    days = np.arange(_FIRST, max(chunk.world.today - 2, _FIRST + 1))
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12
    weekend = (days + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    return days[weighted(np.array(_SEASON)[month] * np.where(weekend, 0.06, 1.0), chunk.rng, size)]


def inspection_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one row per inspection, by kind in five sources, and one row per problem found."""
    subjects, rng, ground = chunk.subjects, chunk.rng, chunk.world.ground
    risk = np.where(np.isin(subjects.trade, [Trade.CANTEEN, Trade.PRODUCTION]), 2.5, np.where(subjects.trade == Trade.CATERING, 1.2, 0.8))
    more = chunk.more(_MORE)
    often = more.random(len(subjects)) < 0.006
    who = np.repeat(np.arange(len(subjects)), rng.poisson(_MEAN * risk) + often * _OFTEN)
    day = _days(chunk, len(who))
    # Some are visited again and again in the year of the delivery.
    day = np.where(
        often[who], np.maximum(chunk.world.today - 3 - more.integers(0, _day_of_year(chunk.world.today) - 3, len(who)), _FIRST), day
    )
    open_then = (day > subjects.founded[who]) & ((subjects.cancelled[who] < 0) | (day < subjects.cancelled[who]))
    who, day = who[open_then], day[open_then]
    n = len(who)
    kind = weighted([0.56, 0.22, 0.17, 0.03, 0.02], rng, n)
    kind = np.where((kind == 4) & (subjects.trade[who] != Trade.PRODUCTION), 0, kind)
    kind = np.where(often[who], kind % 2, kind)
    spot = when_at(subjects, who, day)
    office = subjects.places.office[spot]
    lead, second = _pair(chunk, office)
    staff = chunk.staff
    failed = rng.binomial(10, np.minimum(np.array(_FINDS)[staff.strictness[lead]] * chunk.neglect[who], _MOST))
    problems = chunk.world.words.rows("inspection", "problems")
    verdict = np.where(failed == 0, "符合", np.where(failed <= 4, "基本符合", "不符合"))
    number = join(
        _MARKS[kind],
        digits(day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970, width=4),
        digits(ground.county_code[subjects.places.county[spot]], width=6),
        digits(subjects.number[who], width=7),
        _turn(who),
    )
    due = np.where(failed > 0, day + 15, -1)
    fixed = rng.random(n) < 0.85
    chosen = (rng.integers(0, len(problems), n)[:, None] + np.arange(10) * 5) % len(problems)
    key = np.array([row[2] == "重点" for row in problems])
    key_failed = np.array((key[chosen] & (np.arange(10) < failed[:, None])).sum(axis=1))
    handling = chunk.world.words.words("inspection", "handling")
    shared = dict(identity(chunk, who, spot, addresses))
    cells = shared | {
        "inspection_no": number,
        "inspection_kind": _KINDS[kind],
        "licence_no": chunk.licence[who],
        "inspected_on": day,
        "inspectors": join(staff.name[lead], "、", staff.name[second]),
        "items_total": np.where(kind == 3, rng.integers(8, 20, n), 45),
        "items_failed": failed,
        "key_failed": key_failed,
        "verdict": verdict.astype(object),
        "handling": handling[np.where(failed == 0, 0, np.where(failed <= 4, 1, 3))],
        "due_on": due,
        "rectified_on": np.where((failed > 0) & fixed, day + rng.integers(1, 16, n), -1),
        "rectification": np.where(failed == 0, "", np.where(fixed, "已整改", np.where(due < chunk.world.today, "未整改", "整改中"))).astype(
            object
        ),
        "published_on": np.minimum(day + rng.integers(3, 25, n), chunk.world.today),
        "task_no": join(
            _MARKS[kind],
            digits(day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970, width=4),
            "-",
            digits(ground.city_code[ground.county_city[subjects.places.county[spot]]], width=6),
        ),
    }
    chunk.tags.add("T12-04", who[cells["rectification"] == "未整改"])
    chunk.tags.count("recent", who[day > chunk.world.today - 730])
    chunk.tags.count("visits", who[(kind <= 1) & (day > chunk.world.today - _day_of_year(chunk.world.today))])
    rows = Rows(source="", who=who, spot=spot, office=office, cells=cells)
    for k, source in enumerate(_SOURCES):
        yield rows.take(kind == k, source=source)
    yield _problem_rows(chunk, rows, chosen=chosen)


def _day_of_year(day: int) -> int:
    date64 = np.datetime64(day, "D")
    return int((date64 - date64.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)) + 1


def _turn(who: Ints) -> Text:
    """Return the running number of each visit to one subject: 00, 01 and so on."""
    turn = np.arange(len(who)) - np.searchsorted(who, who, side="left")
    return digits(turn, width=2)


def _pair(chunk: Chunk, office: Ints) -> tuple[Ints, Ints]:
    """Return two different inspectors of each office."""
    staff, rng = chunk.staff, chunk.rng
    first, count = staff.first[office], staff.count[office]
    lead = (rng.random(len(office)) * count).astype(np.int64)
    other = (lead + 1 + (rng.random(len(office)) * np.maximum(count - 1, 0)).astype(np.int64)) % count
    return first + lead, first + other


def _problem_rows(chunk: Chunk, rows: Rows, *, chosen: npt.NDArray[np.int64]) -> Rows:
    failed = rows.cells["items_failed"]
    which = np.repeat(np.arange(len(rows)), failed)
    place = np.arange(len(which)) - np.searchsorted(which, which, side="left")
    listed = rows.take(which, source="inspection_problem")
    problems = chunk.world.words.rows("inspection", "problems")
    picked = chosen[which, place]
    parts = [text_column([str(row[n]) for row in problems])[picked] for n in range(3)]
    added = np.where(chunk.rng.random(len(which)) < 0.2, "，已现场拍照取证", "").astype(object) if len(which) else blank(0)
    listed.cells |= {
        "problem_no": digits(place + 1, width=2),
        "item_code": parts[0],
        "problem": join(parts[1], added),
        "severity": parts[2],
        "found_on": listed.cells["inspected_on"],
    }
    return listed
