"""Read what was drawn in every proof pack of a ledger; packs that do not verify are told and left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from evenhand.draw import Draft, of_serial, read_ledger
from evenhand.draw.teams import Edge, roster_now
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import read_draft, verify_pack
from evenhand.pipeline.drawing.shelf import LEDGER, read_result

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


def read_draws(folder: Path) -> Ledger:
    """Read and verify every draw of a ledger; raises BadInput when there is none (FAIR-01)."""
    path = folder / LEDGER
    if not path.is_file():
        raise BadInput(Problem(NO_LEDGER, {"folder": folder, "file": LEDGER}))
    records = read_ledger(path.read_bytes())
    done = {record["serial"] for record in records if record["kind"] == "result"}
    substitutes = [record for record in records if record["kind"] == "substitute"]
    made, frames, teams = [], [], []
    for serial in sorted({record["serial"] for record in records if record["kind"] == "commit"}):
        if serial not in done:
            void = "".join(str(one["reason"]) for one in of_serial(records, serial, "void"))
            made.append(Made(serial=serial, method="", rows=0, drawn=0, changed={}, cancelled=void, difference="", pending=not void))
            continue
        one, draft, rows = _made(folder / serial, serial, records, [record for record in substitutes if record["of"] == serial])
        made.append(one)
        if draft is None or one.difference or one.cancelled:
            continue
        if draft.method == _OF_OBJECTS:
            frames.append(_frame(draft, rows))
        elif draft.method == "teams":
            seed = str(of_serial(records, serial, "reveal")[0]["seed"])
            edges = tuple((row[0], row[1], row[2]) for row in draft.rows)
            teams.append(
                Teamed(serial=serial, roster=roster_now(draft, seed, [(row[0], row[1], row[2]) for row in rows], records), edges=edges)
            )
    return Ledger(made=tuple(made), frames=tuple(frames), teams=tuple(teams), opened=Counter(str(one["gone"]) for one in substitutes))


def _made(
    pack: Path, serial: str, records: Sequence[Mapping[str, Any]], substitutes: Sequence[Mapping[str, Any]]
) -> tuple[Made, Draft | None, list[tuple[str, ...]]]:
    changed = Counter(str(one["reason"]) for one in (*of_serial(records, serial, "replace"), *substitutes))
    try:
        verdict, draft, rows = verify_pack(pack), read_draft(pack), read_result((pack / "result.tsv").read_bytes())
    except BadInput as refused:
        told = Made(serial=serial, method="", rows=0, drawn=0, changed=changed, cancelled="", difference=refused.problems[0].zh)
        return told, None, []
    drawn = int(of_serial(records, serial, "result")[0]["drawn"])
    told = Made(
        serial=serial, method=draft.method, rows=len(draft.rows), drawn=drawn, changed=changed, cancelled=verdict.cancelled, difference=verdict.difference
    )  # fmt: skip
    return told, draft, rows


def _frame(draft: Draft, rows: Sequence[tuple[str, ...]]) -> Frame:
    names = {name: place for place, name in enumerate(sorted(draft.quotas, key=str.encode))}
    taken = {row[3] for row in rows if row[2] == "D"}
    return Frame(
        serial=draft.serial, ids=[row[0] for row in draft.rows], stratum=np.array([names[row[1]] for row in draft.rows], np.int64),
        drawn=np.array([row[0] in taken for row in draft.rows], np.bool_), quotas=np.array([draft.quotas[name] for name in names], np.int64),
    )  # fmt: skip
