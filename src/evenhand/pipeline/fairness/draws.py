"""Read what was drawn in every proof pack of a ledger; packs that do not verify are told and left out."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from evenhand.draw import Draft, of_serial, read_ledger
from evenhand.draw.teams import Edge, roster_now
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import read_draft, verify_pack
from evenhand.pipeline.drawing.shelf import LEDGER, edges_of, read_result

__all__ = ["Frame", "Ledger", "Made", "Teamed", "read_draws"]

NO_LEDGER: Final = Message("FAIR-01", zh="{folder} 没有台账 {file}。请写抽取台账所在的目录。", en="{folder} holds no {file}.")
_OF_OBJECTS: Final = "srs"
"""Draws by equal chance over readable ids: what the group tests look at. Weighted draws have other chances, sealed ones no ids."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One draw by equal chance: `ids` in list order, index of the stratum of each, who was drawn (before replacements), and the quota of each stratum."""

    serial: str
    ids: Sequence[str]
    stratum: np.ndarray[Any, np.dtype[np.int64]]
    drawn: np.ndarray[Any, np.dtype[np.bool_]]
    quotas: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, kw_only=True)
class Teamed:
    """One draw of teams: who goes where now, and who could take each place."""

    serial: str
    roster: tuple[Edge, ...]
    edges: tuple[Edge, ...]


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
    for serial in sorted({record["serial"] for record in records if record["kind"] == "commit"}):
        one, draft, rows = _made(folder / serial, serial, of[serial])
        made.append(one)
        if draft is None or one.difference or one.cancelled:
            continue
        if draft.method == _OF_OBJECTS:
            frames.append(_frame(draft, rows))
        elif draft.method == "teams":
            seed = str(of_serial(of[serial], serial, "reveal")[0]["seed"])
            teams.append(Teamed(serial=serial, roster=roster_now(draft, seed, edges_of(rows), of[serial]), edges=edges_of(draft.rows)))
    opened = Counter(str(record["gone"]) for record in records if record["kind"] == "substitute")
    return Ledger(made=tuple(made), frames=tuple(frames), teams=tuple(teams), opened=opened)


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


def _frame(draft: Draft, rows: Sequence[tuple[str, ...]]) -> Frame:
    names = {name: place for place, name in enumerate(sorted(draft.quotas, key=str.encode))}
    taken = {row[3] for row in rows if row[2] == "D"}
    return Frame(
        serial=draft.serial, ids=[row[0] for row in draft.rows], stratum=np.array([names[row[1]] for row in draft.rows], np.int64),
        drawn=np.array([row[0] in taken for row in draft.rows], np.bool_), quotas=np.array([draft.quotas[name] for name in names], np.int64),
    )  # fmt: skip
