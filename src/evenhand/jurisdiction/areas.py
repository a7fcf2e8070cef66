"""Areas: which office answers for which town, zone and county on a day, from the list of agencies.

The list of agencies is reference data of some hundred rows, so it is read row by row; everything it gives is a small table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.jurisdiction.rules import JurisdictionRules, Zone
from evenhand.rulebook import Pack

__all__ = ["Areas", "read_areas"]

STATION: Final = 0
"""Rank of what answers for a part of a county: a station, or the bureau of a zone."""
BUREAU: Final = 1
"""Rank of the bureau of a whole county."""
ABOVE: Final = 2
"""Rank of bureaus of cities and of the province."""
_CODE: Final = re.compile(r"[0-9]{9}")
_OWN: Final = re.compile(r"^.*局(?=.)")
_SHORTEST_WORD: Final = 3

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Areas:
    """What the list of agencies says on one day. `num` numbers offices by name, in the order of names."""

    offices: ir.Table
    """One row per office: num, office (its full name), rank, county (may be null), is_open."""
    names: ir.Table
    """One row per own name of a station that is alone in its county: county, own (鼓东市场监督管理所), num."""
    towns: ir.Table
    """One row per town and office that answers for it: town (code), num, area (name of the town)."""
    former: ir.Table
    """One row per town and office that answered for it before: town, num, until (last day)."""
    words: ir.Table
    """One row per word of a county that names a zone: county, word, num."""
    bureaus: ir.Table
    """One row per county with a bureau: county, num."""
    seats: ir.Table
    """One row per code of a county, abolished ones too: code, county (today's)."""
    word_list: tuple[str, ...]
    """Every word of `words`, the longest first."""
    word_counties: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Period:
    """One row of the list: an office and its area from a day to a day."""

    num: int
    name: str
    code: str
    rank: int
    county: str | None
    area: str
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def read_areas(agency: ir.Table, rules: JurisdictionRules, *, pack: Pack, engine: Engine, asof: date) -> Areas:
    """Read who answers for what on `asof` (辖区).

    Args:
        agency: the standardised list of agencies, one row per office and period; without dates a row always holds.
        rules: of the pack.
        pack: its divisions name the towns of each county.
        engine: makes the small tables.
        asof: the day; the last day of a period still counts.
    """
    divisions = list(pack.codes("divisions"))
    counties = {row["code"] for row in divisions if row["level"] == "county"}
    towns: dict[str, dict[str, str]] = {}
    for row in divisions:
        if row["parent_code"] in counties:
            towns.setdefault(row["parent_code"], {})[row["name"]] = row["code"]
    wanted = ("record_id", "agency_code", "agency", "agency_level", "division", "area_text", "valid_from", "valid_to")
    rows = engine.arrow(agency.filter(agency.agency.notnull()).select(*wanted)).to_pylist()
    periods = _periods(sorted(rows, key=lambda r: (r["agency"], str(r["agency_code"]), r["record_id"])), rules, counties)
    claims = [(p, *claim) for p in periods for claim in _claims(p, rules, towns)]
    now = sorted({(town, p.num, name) for p, town, name in claims if town and p.holds(asof)})
    held = {(town, num) for town, num, _ in now}
    past: dict[tuple[str, int], date] = {}
    for p, town, _ in claims:
        if town and p.until and p.until < asof and (town, p.num) not in held:
            past[town, p.num] = max(p.until, past.get((town, p.num), p.until))
    numbers = {p.name: p.num for p in periods if p.holds(asof)}
    words = {(p.county, name, p.num) for p, town, name in claims if not town and p.county and p.holds(asof)}
    words |= {
        (zone.county, word, numbers[zone.office])
        for zone in rules.zones
        if _in_force(zone, asof) and zone.office in numbers
        for word in zone.words
    }
    bureaus: dict[str, int] = {}
    for p in sorted(periods, key=lambda p: p.code):
        if p.rank == BUREAU and p.county and p.holds(asof):
            bureaus.setdefault(p.county, p.num)
    renamed = {row["code"]: row["current_code"] for row in pack.codes("division_history") if row["current_code"] in counties}
    seats = renamed | {county: county for county in counties}  # a code in use today speaks of today
    text, whole = pa.string(), pa.int64()
    return Areas(
        offices=_table(engine, _offices(periods, asof), num=whole, office=text, rank=whole, county=text, is_open=pa.bool_()),
        names=_table(engine, _own_names(periods, asof), county=text, own=text, num=whole),
        towns=_table(engine, now, town=text, num=whole, area=text),
        former=_table(engine, [(town, num, day) for (town, num), day in sorted(past.items())], town=text, num=whole, until=pa.date32()),
        words=_table(engine, sorted(words), county=text, word=text, num=whole),
        bureaus=_table(engine, sorted(bureaus.items()), county=text, num=whole),
        seats=_table(engine, sorted(seats.items()), code=text, county=text),
        word_list=tuple(sorted({word for _, word, _ in words}, key=lambda w: (-len(w), w))),
        word_counties=tuple(sorted({county for county, _, _ in words})),
    )


def _periods(rows: Sequence[Row], rules: JurisdictionRules, counties: set[str]) -> list[_Period]:
    numbers = {name: n for n, name in enumerate(sorted({row["agency"] for row in rows}))}
    return [
        _Period(
            num=numbers[row["agency"]], name=row["agency"], code=row["agency_code"] or "", rank=_rank(row, rules), county=_county(row, counties),
            area=row["area_text"] or "", since=row["valid_from"], until=row["valid_to"],
        )
        for row in rows
    ]  # fmt: skip


def _rank(row: Row, rules: JurisdictionRules) -> int:
    """A bureau whose code does not end in 000 is the bureau of a zone: it answers for a part of the county, as stations do."""
    levels, level, code = rules.votes.levels, row["agency_level"], row["agency_code"] or ""
    if level in levels.above:
        return ABOVE
    if level in levels.bureau and (code.endswith("000") or not _CODE.fullmatch(code)):
        return BUREAU
    return STATION


def _county(row: Row, counties: set[str]) -> str | None:
    """The county in the office's code, which is six digits of division and three of sequence; else the division column."""
    code = row["agency_code"] or ""
    inside = code[:6] if _CODE.fullmatch(code) else ""
    return next((c for c in (inside, row["division"] or "") if c in counties), None)


def _claims(period: _Period, rules: JurisdictionRules, towns: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Towns of an area as (code, name); other names in it as ("", name)."""
    if not period.county:
        return
    own = towns.get(period.county, {})
    for part in filter(None, re.split(rules.votes.area.separators, period.area)):
        alike = [name for name in own if name == part] or [name for name in own if name.startswith(part)]
        if part in rules.votes.area.whole:
            yield from ((code, name) for name, code in own.items())
        elif len(alike) == 1:
            yield own[alike[0]], alike[0]
        elif not alike and len(part) >= _SHORTEST_WORD:
            yield "", part


def _in_force(zone: Zone, day: date) -> bool:
    return (zone.since is None or zone.since <= day) and (zone.until is None or day <= zone.until)


def _offices(periods: Sequence[_Period], asof: date) -> list[tuple[Any, ...]]:
    """Of an office with several periods the one in force speaks, else the last."""
    found: dict[int, _Period] = {}
    for p in sorted(periods, key=lambda p: (p.holds(asof), p.since or date.min)):
        found[p.num] = p
    return [(num, p.name, p.rank, p.county, p.holds(asof)) for num, p in sorted(found.items())]


def _own_names(periods: Sequence[_Period], asof: date) -> list[tuple[str, str, int]]:
    owners: dict[tuple[str, str], set[int]] = {}
    for p in periods:
        if p.rank == STATION and p.county and p.holds(asof):
            owners.setdefault((p.county, _OWN.sub("", p.name)), set()).add(p.num)
    return sorted((county, own, min(nums)) for (county, own), nums in owners.items() if len(nums) == 1)


def _table(engine: Engine, rows: Sequence[tuple[Any, ...]], **columns: pa.DataType) -> ir.Table:
    arrays = [pa.array([row[n] for row in rows], kind) for n, kind in enumerate(columns.values())]
    return engine.save(ibis.memtable(pa.table(dict(zip(columns, arrays, strict=True)))))
