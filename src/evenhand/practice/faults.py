"""Faults: which are planted, how often, and the count of what was planted.

Faults of one group exclude one another in a row. Each row draws one number per group; the fault whose interval it falls in
is planted if the row can carry it, so that every fault has its rate whatever the others do.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final, Self

import numpy as np

from evenhand.practice import spoiling
from evenhand.practice.layout import Layout
from evenhand.practice.rows import Chunk, Rows
from evenhand.practice.text import Flags, Text

__all__ = ["Fault", "Faults", "Tally", "plant"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of fault: stable code, Chinese title, group, rate 0 … 1, the data sets it is planted in (empty: all)."""

    code: str
    title: str
    group: str
    rate: float
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Faults:
    """The fault sheet."""

    kinds: tuple[Fault, ...]

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """Read a fault sheet; the one that comes with the package when no path is given."""
        text = path.read_text("utf-8") if path else (files("evenhand.practice") / "faults.toml").read_text("utf-8")
        return cls(
            tuple(Fault(code=code, **({**entry, "kinds": tuple(entry.get("kinds", ()))})) for code, entry in tomllib.loads(text).items())
        )

    def __iter__(self) -> Iterator[Fault]:
        """Walk the faults in order."""
        return iter(self.kinds)

    @property
    def rates(self) -> Mapping[str, float]:
        """Rate by code; a fault not on the sheet has rate 0."""
        return Counter({fault.code: fault.rate for fault in self.kinds})

    def group(self, name: str, kind: str) -> list[Fault]:
        """Faults of one group that apply to this data set."""
        return [fault for fault in self.kinds if fault.group == name and (not fault.kinds or kind in fault.kinds)]


@dataclass
class Tally:
    """Counts by fault: rows (or subjects) that could have carried it, and that do; one example each."""

    tried: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    example: dict[str, str] = field(default_factory=dict)


#: Group → (fault → (which rows can carry it, what is done to them)), in the order in which they are planted.
_GROUPS: Final = (
    "uscc",
    "rounded",
    "licence_no",
    "name",
    "place",
    "office",
    "division",
    "date",
    "money",
    "area",
    "phone",
    "missing",
    "invisible",
)


def plant(rows: Rows, layout: Layout, chunk: Chunk, *, faults: Faults, tally: Tally) -> Rows:
    """Return the rows with doubles added and cells spoiled; the marks tell what was done to which row."""
    rows = _doubled(rows, chunk, faults=faults, tally=tally)
    for name in _GROUPS:
        if group := faults.group(name, layout.kind):
            _plant_group(rows, layout, chunk, group=group, tally=tally)
    return rows


def _doubled(rows: Rows, chunk: Chunk, *, faults: Faults, tally: Tally) -> Rows:
    rate = faults.rates["duplicate_inside"]
    again = (
        chunk.rng.random(len(rows)) < rate
        if rows.source not in {"agency", "inspector_certified", "inspector_helper"}
        else np.zeros(len(rows), dtype=bool)
    )
    if rows.source not in {"agency", "inspector_certified", "inspector_helper"}:
        tally.tried["duplicate_inside"] += len(rows)
    copies = rows.take(again)
    copies.mark("duplicate_inside", np.ones(len(copies), dtype=bool), among=np.zeros(len(copies), dtype=bool))
    return rows.followed_by(copies) if len(copies) else rows


def _plant_group(rows: Rows, layout: Layout, chunk: Chunk, *, group: list[Fault], tally: Tally) -> None:
    draws = chunk.rng.random(len(rows))
    floor = 0.0
    before = {name: cell.copy() for name, cell in rows.cells.items()}
    abilities: list[Flags] = [spoiling.SPOILERS[fault.code][0](rows, layout, chunk) for fault in group]
    for fault, can in zip(group, abilities, strict=True):
        spoil = spoiling.SPOILERS[fault.code][1]
        picked = np.flatnonzero(can & (draws >= floor) & (draws < floor + fault.rate))
        floor += fault.rate
        tally.tried[fault.code] += int(can.sum())
        if not len(picked):
            continue
        spoil(rows, picked, layout, chunk)
        mask = np.zeros(len(rows), dtype=bool)
        mask[picked] = True
        rows.mark(fault.code, mask, among=np.zeros(len(rows), dtype=bool))
        if fault.code not in tally.example:
            tally.example[fault.code] = _example(before, rows.cells, at=int(picked[0]), layout=layout)


def _example(before: Mapping[str, Text], after: Mapping[str, Text], *, at: int, layout: Layout) -> str:
    titles = {name: header for header, name in layout.columns}
    changed = [f"{titles[name]}：{before[name][at]!r} → {cell[at]!r}" for name, cell in after.items() if before[name][at] != cell[at]]
    return f"{layout.title} " + "；".join(changed)
