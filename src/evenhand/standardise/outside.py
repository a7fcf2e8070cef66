"""Addresses of other provinces (外省地址): which division they begin with, so that no county of ours is guessed for them.

Taken are fronts that leave no doubt: a province or a city in full (浙江省…, 杭州市西湖区…), or short names that a county of theirs follows
(浙江温州苍南县). 上海路8号 and 中山市场 are streets and markets of ours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.standardise.dictionaries import Division, Divisions
from evenhand.standardise.names import any_of

__all__ = ["OTHER_WORD", "outside_fronts"]

_RANKS: Final = r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|地区|省|市|州|盟)$"
_COUNTY: Final = "[^0-9路街巷]{1,12}?(?:自治县|自治旗|县|区|市|旗)"
_TOWN: Final = "^[^0-9路街巷村号]{1,8}?(?:街道|镇|乡)"
OTHER_WORD: Final = "^(?:场|民(?:广场|中心|公园|服务))"
"""What makes another word of a city before it: 中山市场, 东方市民广场."""
_COUNTY_RANK: Final = "(?:自治县|自治旗|县|区|市|旗)$"


def outside_fronts(addresses: ir.Table, divisions: Divisions, *, engine: Engine) -> ir.Table:
    """Return the addresses of other provinces.

    Args:
        addresses: `address` and `text`, what is written in it without marks; those in which no division of ours was found.
        divisions: of the pack.
        engine: saves the few that may be meant.

    Returns:
        `address`, `outside`: code of the county, else of the city or province; `length`: signs of the front, with the town.
    """
    fronts, below = _tables(divisions)
    if not fronts:
        return addresses.select("address", outside=ibis.null("string"), length=ibis.null("int64")).limit(0)
    told = addresses.mutate(front=addresses.text.re_extract(f"^{any_of(front for front, _, _ in fronts)}", 0))
    told = engine.save(told.filter(told.front != ""))
    told = told.join(_memory(("front", "code", "sure"), fronts), "front")
    told = told.mutate(after=told.text.substr(told.front.length()))
    counties = any_of(_cut_wrongly(one.name for one in divisions.outside))
    told = told.mutate(word=told.after.re_extract(rf"^(?:{counties}|{_COUNTY})", 0))
    told = told.mutate(place=told.code + told.word).left_join(_memory(("place", "county"), below), "place")
    market = told.front.endswith("市") & told.after.re_search(OTHER_WORD)
    told = told.filter(told.county.notnull() | ((told.sure == "sure") & ~market))
    told = told.mutate(length=told.front.length() + told.county.notnull().ifelse(told.word.length(), 0))
    town = told.text.substr(told.length).re_extract(_TOWN, 0)
    return told.select("address", outside=ibis.coalesce(told.county, told.code), length=told.length + town.length())


def _memory(names: Sequence[str], rows: Sequence[Sequence[str]]) -> ir.Table:
    return ibis.memtable(pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)}))


def _tables(divisions: Divisions) -> tuple[list[tuple[str, str, str]], list[tuple[str, ...]]]:
    """Fronts with code and how sure they are (sure, short); and counties: the code above with the name, where that is one county, and its code."""
    by_code = {one.code: one for one in divisions.outside}
    # A city that lends its short name to a county (长沙县) is not looked for under it: the name would be cut in two.
    lent = {(one.code[:2], re.sub(_COUNTY_RANK, "", one.name)) for one in divisions.outside if one.level == "county"}
    fronts = {
        found[0]: found  # of two alike the first counts
        for one in reversed(divisions.outside)
        for found in _fronts(one, by_code, lends=(one.code[:2], re.sub(_RANKS, "", one.name)) in lent)
    }
    below: dict[str, set[str]] = {}
    for one in divisions.outside:
        for above in {one.parent_code, f"{one.code[:2]}0000"} - {""}:
            below.setdefault(above + one.name, set()).add(one.code)
    return sorted(fronts.values()), sorted((name, *codes) for name, codes in below.items() if len(codes) == 1)


def _fronts(one: Division, by_code: Mapping[str, Division], *, lends: bool) -> Iterator[tuple[str, str, str]]:
    """The ways an address may begin with a province, a city, or a county that is a city (新县 alone would take 新县镇 for one)."""
    short = re.sub(_RANKS, "", one.name)
    if not one.parent_code:
        yield from ((one.name, one.code, "sure"), (short, one.code, "short"))
        return
    if one.level == "county" and not one.name.endswith("市"):
        return
    province = by_code[f"{one.code[:2]}0000"]
    brief = re.sub(_RANKS, "", province.name)
    yield from ((province.name + one.name, one.code, "sure"), (brief + one.name, one.code, "sure"), (one.name, one.code, "sure"))
    if one.level == "prefecture" and not lends:
        yield from ((province.name + short, one.code, "sure"), (brief + short, one.code, "short"), (short, one.code, "short"))


def _cut_wrongly(names: Iterable[str]) -> list[str]:
    """Names that the pattern of counties would cut too early: 新市区."""
    return sorted({name for name in names if (found := re.match(_COUNTY, name)) is not None and found[0] != name}) or ["县"]
