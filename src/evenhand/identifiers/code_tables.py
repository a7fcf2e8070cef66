"""Code tables: what the codes inside a number mean, handed in by the caller from the rule pack (rules/<authority>/codes/).

Takes   rows of the code lists, as dictionaries of text
Gives   names of departments, categories and divisions, the old ones with their years; doubts about unknown ones
Never   reads a file
Law     GB 32100-2015 annex; GB/T 2260 and its changes; 食品生产许可分类目录

>>> old = {"code": "350427", "name": "沙县", "valid_from": "1983", "valid_to": "2021", "current_code": "350405"}
>>> tables = CodeTables.from_rows(division_history=[old])
>>> tables.division_meaning("350427")
'沙县（1983-2021年；现为350405）'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from evenhand.identifiers.doors import Doors
from evenhand.identifiers.provinces import PROVINCES
from evenhand.identifiers.refusals import Fault

__all__ = ["CodeTables", "DivisionPeriod", "Part", "no_warnings"]

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a number: its names, the place of its first sign counted from 1, its text, and what it says ("" when unknown)."""

    zh: str
    en: str
    place: int
    text: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class DivisionPeriod:
    """One meaning of a division code: the name, first year and year of the change, and the code of the same area today.

    `current_code` is None when the area was split and has no single successor. Years are None when unknown.
    """

    code: str
    name: str
    valid_from: int | None = None
    valid_to: int | None = None
    current_code: str | None = None
    is_current: bool = False

    @property
    def meaning(self) -> str:
        """The name, for an old code with its years and what became of it."""
        if self.is_current:
            return self.name
        years = f"{self.valid_from or ''}-{self.valid_to or ''}年；" if self.valid_from or self.valid_to else "旧代码；"
        after = f"现为{self.current_code}" if self.current_code else "已拆分或撤销，无唯一对应"
        return f"{self.name}（{years}{after}）"


@dataclass(frozen=True, kw_only=True)
class CodeTables:
    """The code lists of one rule pack, indexed; every list may be left out and then nothing is known about it.

    `outside`: today's divisions of other provinces, full name by code; old ones are not in it, so who is missing there is only doubted.
    """

    uscc_prefixes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    divisions: Mapping[str, tuple[DivisionPeriod, ...]] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)
    production_categories: Mapping[str, str] = field(default_factory=dict)
    area_codes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_rows(
        cls,
        *,
        uscc_prefix: Iterable[Row] = (),
        divisions: Iterable[Row] = (),
        divisions_outside: Iterable[Row] = (),
        division_history: Iterable[Row] = (),
        food_production_categories: Iterable[Row] = (),
        area_codes: Iterable[Row] = (),
    ) -> Self:
        """Index the rows of the code lists of the same names; unknown columns are ignored."""
        prefixes = {row["department"] + row["category"]: (row["department_name"], row["category_name"]) for row in uscc_prefix}
        categories: dict[str, str] = {}
        for row in food_production_categories:
            first, _, last = row["sc_category_digits"].partition("-")
            categories |= {str(code): row["name"] for code in range(int(first), int(last or first) + 1)} if first else {}
        return cls(
            uscc_prefixes=prefixes,
            divisions=_periods(divisions, division_history),
            outside=_full_names(divisions_outside),
            production_categories=categories,
            area_codes={row["code"]: row["name"] for row in area_codes},
        )

    def uscc_meaning(self, prefix: str) -> tuple[str, str]:
        """Return the names of department and category of the first two signs; "" for what is unknown."""
        department = next((names[0] for known, names in self.uscc_prefixes.items() if known[0] == prefix[0]), "")
        return self.uscc_prefixes.get(prefix, (department, ""))

    def knows_uscc_prefix(self, prefix: str) -> bool:
        """Return whether the pair of department and category is listed, or no list was given."""
        return not self.uscc_prefixes or prefix in self.uscc_prefixes

    def division_meaning(self, code: str) -> str:
        """Return every name the code ever had, the present one first; the province alone when the tables do not know it."""
        periods = sorted(self.divisions.get(code, ()), key=lambda period: (not period.is_current, -(period.valid_from or 0)))
        if not periods and code in self.outside:
            return self.outside[code]
        if not periods:
            return f"{PROVINCES.get(code[:2], '')}（区划表未收录）"
        return "；曾为".join(period.meaning for period in periods)

    def division_doubts(self, number: Doors, text: str, *, start: int) -> tuple[Fault, ...]:
        """Return the doubt about the six digits from place `start` (counted from 0): none, county, or county_elsewhere."""
        code = text[start : start + 6]
        if code in self.divisions or code in self.outside or not self.divisions or code[:2] == "10":
            return ()
        covered = f"{code[:2]}0000" in self.divisions
        reason = "county" if covered else "county_elsewhere"
        return (number.tell(reason, text, place=start + 1, found=code, allowed=PROVINCES.get(code[:2], "")),)


def no_warnings(text: str, *, tables: CodeTables) -> tuple[Fault, ...]:  # noqa: ARG001 - the door of a number that the tables say nothing about
    """Return the doubts about a number: there are none."""
    return ()


def _year(text: str) -> int | None:
    return int(text) if text else None


def _full_names(rows: Iterable[Row]) -> dict[str, str]:
    """Code → the name with the names of what it lies in before it."""
    by_code = {row["code"]: row for row in rows}
    found: dict[str, str] = {}
    for code, row in sorted(by_code.items()):  # those above come first
        found[code] = found.get(row["parent_code"], "") + row["name"]
    return found


def _periods(divisions: Iterable[Row], history: Iterable[Row]) -> dict[str, tuple[DivisionPeriod, ...]]:
    """Put the history and the present list together; a present code without history has one period without years."""
    found: dict[str, list[DivisionPeriod]] = {}
    full_names = {row["code"]: row.get("full_name") or row["name"] for row in divisions}
    for row in history:
        is_current = row.get("status") == "current"
        period = DivisionPeriod(
            code=row["code"],
            name=full_names.get(row["code"], row["name"]) if is_current else row["name"],
            valid_from=_year(row["valid_from"]),
            valid_to=_year(row["valid_to"]),
            current_code=row["current_code"] or None,
            is_current=is_current,
        )
        found.setdefault(period.code, []).append(period)
    for code, name in full_names.items():
        if not any(period.is_current for period in found.get(code, ())):
            found.setdefault(code, []).append(DivisionPeriod(code=code, name=name, current_code=code, is_current=True))
    return {code: tuple(sorted(periods, key=lambda period: period.valid_from or 0)) for code, periods in found.items()}
