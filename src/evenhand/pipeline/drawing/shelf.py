"""Files of a draw on disk: the ledger of an authority, and a folder for each draw (抽取档案).

台账目录/ledger.jsonl
台账目录/2026-000001/  list.tsv rules.tsv result.tsv excluded.tsv method.md verify.py verify.sh
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from evenhand.draw import Draft, entry_bytes, open_draft, read_ledger
from evenhand.draw.teams import Edge
from evenhand.errors import BadInput, Message, Problem

__all__ = [
    "EXCLUDED",
    "EXCLUDED_SHA",
    "LEDGER",
    "NO_FILE",
    "OPENED",
    "PROVED",
    "STATES",
    "Record",
    "draft_of",
    "edges_of",
    "locked",
    "read_draft",
    "read_result",
    "segment_bytes",
]

NO_DRAW: Final = Message("DRAW-22", zh="{folder} 没有编号 {serial} 的抽取。请核对编号和目录。", en="{folder} holds no draw {serial}.")
NO_FILE: Final = Message(
    "DRAW-23",
    zh="{path} 不存在或者读不了。档案须有 list.tsv、rules.tsv、ledger.jsonl 和 result.tsv。",
    en="{path} is missing or cannot be read.",
)

LEDGER: Final = "ledger.jsonl"
EXCLUDED: Final = "excluded.tsv"
EXCLUDED_SHA: Final = "excluded_sha"
"""Parameter of the rules: hash of the file that counts who was left out."""
OPENED: Final = "opened.csv"
"""Of a sealed draw, once it is opened."""
PROVED: Final = "roster.tsv"
"""Of a team draw whose pairs rotate: the roster that its prices prove, before the rotation."""
STATES: Final = {"D": "中选", "R": "候补", "": "未中"}
"""What became of an object, in words, by its state in `result.tsv`; "" when it does not stand there."""
Record = dict[str, Any]


@contextmanager
def locked(folder: Path) -> Iterator[list[Record]]:
    """The whole ledger, locked against a second writer while a record is added."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LEDGER
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        records = read_ledger(file.read())
        known = len(records)
        yield records
        file.seek(0, os.SEEK_END)
        for record in records[known:]:
            file.write(entry_bytes(record) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def draft_of(folder: Path, serial: str) -> Draft:
    """Return the frozen files of a draw of a ledger; raises BadInput when there is none of that number (DRAW-22)."""
    held = folder / serial
    found = read_draft(held) if (held / "list.tsv").is_file() else None
    if found is None or found.serial != serial:  # 2026-000001/ is a folder, but no number
        raise BadInput(Problem(NO_DRAW, {"folder": folder, "serial": serial}))
    return found


def read_draft(pack: Path) -> Draft:
    """Return the frozen files of a proof pack; raises BadInput when they cannot be read."""
    try:
        return open_draft((pack / "list.tsv").read_bytes(), (pack / "rules.tsv").read_bytes())
    except OSError as fault:
        raise BadInput(Problem(NO_FILE, {"path": pack})) from fault


def segment_bytes(records: Sequence[Record], serial: str) -> bytes:
    """Return the lines of the chain from the commit of a draw on."""
    first = next(n for n, one in enumerate(records) if one["serial"] == serial)
    return b"".join(entry_bytes(one) + b"\n" for one in records[first:])


def read_result(data: bytes) -> list[tuple[str, ...]]:
    """Return the rows of `result.tsv`; of objects: stratum, rank, state, id, ticket, in rank order; of teams: visit, role, inspector."""
    return [tuple(line.split("\t")) for line in data.decode("utf-8").splitlines()]


def edges_of(rows: Iterable[Sequence[str]]) -> tuple[Edge, ...]:
    """Return rows of a list or result of teams as edges; ValueError when one has not three parts."""
    return tuple((visit, role, person) for visit, role, person in rows)
