"""Read what was drawn in every proof pack of a ledger; packs that do not verify are told and left out."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import numpy as np

from evenhand.draw import Draft, drawn_now, inclusion, of_serial, read_ledger
from evenhand.draw.teams import Edge, roster_now
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import names_of, read_draft, verify_pack
from evenhand.pipeline.drawing.shelf import LEDGER, OPENED, edges_of, read_result

__all__ = ["Frame", "Ledger", "Made", "Teamed", "equal_chances", "read_draws"]

NO_LEDGER: Final = Message("FAIR-01", zh="{folder} 没有台账 {file}。请写抽取台账所在的目录。", en="{folder} holds no {file}.")
_OF_OBJECTS: Final = frozenset({"pps", "sealed", "srs"})
"""Draws that the group tests look at. A sealed one has ids only once it is opened; one by several tickets has no chances to hold it against."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One draw of objects: `ids` in list order, index of the stratum of each, who was drawn (before replacements), the quota of each stratum, the chance of each id, whether chances go by weight, who stands drawn once replacements are made, and the day of the draw."""

    serial: str
    ids: Sequence[str]
    stratum: np.ndarray[Any, np.dtype[np.int64]]
    drawn: np.ndarray[Any, np.dtype[np.bool_]]
    quotas: np.ndarray[Any, np.dtype[np.int64]]
    chances: np.ndarray[Any, np.dtype[np.float64]]
    weighted: bool = False
    standing: frozenset[str] = frozenset()
    revealed_on: date = date.min


@dataclass(frozen=True, kw_only=True)
class Teamed:
    """One draw of teams: who goes where now, and who could take each place."""

    serial: str
    roster: tuple[Edge, ...]
    edges: tuple[Edge, ...]
    revealed_on: date = date.min


@dataclass(frozen=True, kw_only=True)
class Made:
    """One number of the ledger, for the public figures: rows, drawn, replacements and substitutes by reason, why it is void, what verification found, and whether no result exists yet."""

    serial: str
    method: str
    rows: int
    drawn: int
    changed: Mapping[str, int]
    cancelled: str
    difference: str
    pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All draws of a ledger: `made` every number, `frames` and `teams` those that verify and are not void, `opened` places that each inspector gave up."""

    made: tuple[Made, ...]
    frames: tuple[Frame, ...]
    teams: tuple[Teamed, ...]
    opened: Mapping[str, int]

    @property
    def figures(self) -> dict[str, int]:
        """Public figures: numbers made, tested by group, of teams, void, without result, that do not verify, replacements and substitutes."""
        return {
            "made": len(self.made), "tested": len(self.frames), "teams": len(self.teams), "void": sum(bool(one.cancelled) for one in self.made),
            "pending": sum(one.pending for one in self.made), "differing": sum(bool(one.difference) for one in self.made), "changed": sum(sum(one.changed.values()) for one in self.made),
        }  # fmt: skip


def read_draws(folder: Path) -> Ledger:
    """Read and verify every draw of a ledger; raises BadInput when there is none (FAIR-01)."""
    path = folder / LEDGER
    if not path.is_file():
        raise BadInput(Problem(NO_LEDGER, {"folder": folder, "file": LEDGER}))
    records = read_ledger(path.read_bytes())
    of: dict[str, list[Mapping[str, Any]]] = defaultdict(list)  # what concerns each draw: its own records, and substitutes of its team
    for record in records:
        of[record["of"] if record["kind"] == "substitute" else record["serial"]].append(record)
    made, frames, teams = [], [], []
    opened: Counter[str] = Counter()
    for serial in sorted({record["serial"] for record in records if record["kind"] == "commit"}):
        one, draft, rows = _made(folder / serial, serial, of[serial])
        made.append(one)
        if draft is None or one.difference or one.cancelled:
            continue
        if draft.method in _OF_OBJECTS and (ids := _ids(draft, folder / serial)):
            frames.append(_frame(draft, ids, rows, of[serial]))
        elif draft.method == "teams":
            seed = str(of_serial(of[serial], serial, "reveal")[0]["seed"])
            names = names_of(folder, serial)
            roster = roster_now(draft, seed, edges_of(rows), of[serial])
            teams.append(
                Teamed(serial=serial, roster=_named(roster, names), edges=_named(edges_of(draft.rows), names), revealed_on=_day(of[serial]))
            )
            opened.update(names.get(str(one["gone"]), str(one["gone"])) for one in of[serial] if one["kind"] == "substitute")
    return Ledger(made=tuple(made), frames=tuple(frames), teams=tuple(teams), opened=opened)


def _named(edges: Sequence[Edge], names: Mapping[str, str]) -> tuple[Edge, ...]:
    """Edges with numbers instead of pseudonyms, where they are known here."""
    return tuple((visit, role, names.get(person, person)) for visit, role, person in edges)


def _made(pack: Path, serial: str, records: Sequence[Mapping[str, Any]]) -> tuple[Made, Draft | None, list[tuple[str, ...]]]:
    """What one draw came to, with its files where they can be read; `records`: those that concern it."""
    void = "".join(str(one["reason"]) for one in of_serial(records, serial, "void"))
    results = of_serial(records, serial, "result")
    if not results:
        return Made(serial=serial, method="", rows=0, drawn=0, changed={}, cancelled=void, difference="", pending=not void), None, []
    changed = Counter(str(one["reason"]) for one in records if one["kind"] in {"replace", "substitute"})
    try:
        verdict, draft, rows = verify_pack(pack), read_draft(pack), read_result((pack / "result.tsv").read_bytes())
    except BadInput as refused:
        told = Made(serial=serial, method="", rows=0, drawn=0, changed=changed, cancelled="", difference=refused.problems[0].zh)
        return told, None, []
    told = Made(
        serial=serial, method=draft.method, rows=len(draft.rows), drawn=int(results[0]["drawn"]), changed=changed, cancelled=verdict.cancelled,
        difference=verdict.difference,
    )  # fmt: skip
    return told, draft, rows


def _ids(draft: Draft, pack: Path) -> list[str]:
    """Ids in list order; none for a sealed draw that is not opened yet."""
    if draft.method != "sealed":
        return [row[0] for row in draft.rows]
    if not (pack / OPENED).is_file():
        return []
    with (pack / OPENED).open(encoding="utf-8", newline="") as file:
        opened = {row["blind"]: row["id"] for row in csv.DictReader(file)}
    return [opened[row[0]] for row in draft.rows]


def _day(records: Sequence[Mapping[str, Any]]) -> date:
    """The day of a draw in China."""
    second = next(one["revealed_at"] for one in records if one["kind"] == "reveal")
    return datetime.fromtimestamp(second, timezone(timedelta(hours=8))).date()


def _frame(draft: Draft, ids: list[str], rows: Sequence[tuple[str, ...]], records: Sequence[Mapping[str, Any]]) -> Frame:
    names = {name: place for place, name in enumerate(sorted(draft.quotas, key=str.encode))}
    taken = {row[3] for row in rows if row[2] == "D"}
    stratum = np.array([names[row[1]] for row in draft.rows], np.int64)
    quotas = np.array([draft.quotas[name] for name in names], np.int64)
    weighted = draft.method == "pps"
    chances = _weighted(draft) if weighted else equal_chances(stratum, quotas)
    shown = dict(zip((row[0] for row in draft.rows), ids, strict=True))
    standing = frozenset(shown[one] for one in drawn_now(rows, of_serial(records, draft.serial, "replace")))
    drawn = np.array([row[0] in taken for row in draft.rows], np.bool_)
    return Frame(
        serial=draft.serial,
        ids=ids,
        stratum=stratum,
        drawn=drawn,
        quotas=quotas,
        chances=chances,
        weighted=weighted,
        standing=standing,
        revealed_on=_day(records),
    )


def equal_chances(
    stratum: np.ndarray[Any, np.dtype[np.int64]], quotas: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the chance of each row drawn by equal chance: the quota of its stratum over its rows."""
    shares: np.ndarray[Any, np.dtype[np.float64]] = quotas / np.maximum(np.bincount(stratum, minlength=len(quotas)), 1)
    return shares[stratum]


def _weighted(draft: Draft) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The chance of each row of a draw by weight, in list order."""
    found: dict[str, float] = {}
    for name, rows in draft.strata.items():
        whole, chances = inclusion({row[0]: int(row[2]) for row in rows}, draft.quotas[name])
        found |= {one: share / whole for one, share in chances.items()}
    return np.array([found[row[0]] for row in draft.rows], np.float64)
