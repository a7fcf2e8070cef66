"""Dictionaries: the rule files of `standardise/` and the division tables of one pack, read once and typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from evenhand.errors import BadInput, Problem
from evenhand.rulebook import Pack
from evenhand.rulebook.messages import PACK_NO_NAMED

__all__ = ["Dictionaries", "Division", "Divisions", "read_dictionaries"]


@dataclass(frozen=True, kw_only=True)
class Division:
    """One division of another province: `level` province, prefecture or county; `parent_code` "" for a province."""

    level: str
    code: str
    name: str
    parent_code: str


@dataclass(frozen=True, kw_only=True)
class Divisions:
    """Names and codes of the divisions.

    `provinces`, `cities`, `counties`: long name → current code ("" when the old unit was split). `short_cities`, `short_counties`: names
    without their last character, only where that leaves two or more and one unit. `towns`: (code, name, county code) of each town.
    `renamed`: old county code → current code. `outside`: divisions of other provinces, empty when the pack has no list of them.
    """

    provinces: Mapping[str, str]
    cities: Mapping[str, str]
    counties: Mapping[str, str]
    short_cities: Mapping[str, str]
    short_counties: Mapping[str, str]
    towns: tuple[tuple[str, str, str], ...]
    renamed: Mapping[str, str]
    current: frozenset[str]
    outside: tuple[Division, ...]


@dataclass(frozen=True, kw_only=True)
class Dictionaries:
    """All that standardising needs to know from the pack; each part as its rule file words it."""

    text: Mapping[str, Any]
    units: Mapping[str, Any]
    names: Mapping[str, Any]
    addresses: Mapping[str, Any]
    offices: Mapping[str, Any]
    divisions: Divisions

    def null_words(self, field: str) -> tuple[str, ...]:
        """Words that mean "nothing was entered" in that field."""
        none = () if field in self.text["none_is_an_answer"] else self.text["none_words"]
        return (*self.text["null_words"], *none)


_NAMES: Final = ("text", "units", "names", "addresses", "offices")


def read_dictionaries(pack: Pack) -> Dictionaries:
    """Read the dictionaries of a pack; raises BadInput when a file cannot be read or a list is missing."""
    return _read(pack, pack.digest)


@lru_cache(maxsize=4)
def _read(pack: Pack, _digest: str) -> Dictionaries:
    # Kept by content: fifteen extracts of one build read the pack once, a changed pack is read anew.
    files = {str(document.get("name")): document for document in pack.documents("standardise").values() if isinstance(document, dict)}
    if lacking := [name for name in _NAMES if name not in files]:
        raise BadInput(Problem(PACK_NO_NAMED, {"pack": pack.name, "file": f"standardise/{name}.yaml", "name": name}) for name in lacking)
    return Dictionaries(
        text=files["text"],
        units=files["units"],
        names=files["names"],
        addresses=files["addresses"],
        offices=files["offices"],
        divisions=_divisions(pack, files["addresses"]),
    )


def _divisions(pack: Pack, addresses: Mapping[str, Any]) -> Divisions:
    rows = list(pack.codes("divisions"))
    level = {row["code"]: row["level"] for row in rows}
    provinces = {row["name"]: row["code"] for row in rows if row["level"] == "province"}
    cities = {row["name"]: row["code"] for row in rows if row["level"] == "prefecture"}
    counties = {row["name"]: row["code"] for row in rows if row["level"] == "county"}
    short_cities = _short(cities)
    short_counties = {name: code for name, code in _short(counties).items() if name not in short_cities}
    history = [row for row in pack.codes("division_history") if row["status"] != "current" and row["name"] not in addresses["too_general"]]
    for row in history:
        successor = row.get("current_code") or ""
        is_city = level.get(successor) == "prefecture" or row["name"].endswith("地区")
        known = provinces | cities | counties
        if row["name"] not in known and not (is_city and not successor):
            (cities if is_city else counties)[row["name"]] = successor
    # A name that once meant two units with different successors decides nothing.
    for name in list(counties):
        successors = {row["current_code"] for row in history if row["name"] == name and level.get(row["current_code"]) == "county"}
        if len(successors) > 1 and counties[name] in successors and name not in {row["name"] for row in rows}:
            counties[name] = ""
    counties |= {name: code for name, code in addresses["division_aliases"].items() if level.get(code) == "county"}
    towns = tuple(
        (row["code"], row["name"], row["parent_code"]) for row in rows if row["level"] not in {"province", "prefecture", "county"}
    )
    renamed = {
        row["code"]: row["current_code"]
        for row in pack.codes("division_history")
        if row["status"] != "current" and row["current_code"] and row["code"] not in level
    }
    return Divisions(
        provinces=provinces, cities=cities, counties=counties, short_cities=short_cities, short_counties=short_counties, towns=towns, renamed=renamed,
        current=frozenset(code for code, at in level.items() if at == "county"),
        outside=tuple(Division(**row) for row in pack.codes("divisions_outside")) if "divisions_outside" in pack.lists else (),
    )  # fmt: skip


def _short(names: Mapping[str, str]) -> dict[str, str]:
    shortest = 2
    short = {name[:-1]: code for name, code in names.items() if len(name) > shortest}
    return {name: code for name, code in short.items() if list(short).count(name) == 1}
