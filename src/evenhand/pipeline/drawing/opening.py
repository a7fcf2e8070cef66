"""A sealed draw opened: one row with its salt, or the whole list with its key, held against the list that was committed (开封)."""

import csv
import io
import os
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evenhand.draw import Draft, blind_of, salt_of
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing.shelf import OPENED, STATES, draft_of, read_result

__all__ = ["Opening", "Row", "check_opened", "open_sealed", "publish_opened", "read_key"]

BAD_KEY: Final = Message(
    "DRAW-34",
    zh="{path} 不是钥匙文件：须是一行 64 位十六进制。请用承诺时写出的那一个。",
    en="{path} is no key: one line of 64 hex digits.",
)
NOT_SEALED: Final = Message(
    "DRAW-35", zh="编号 {serial} 不是封存抽取（方法 {method}），名单本来就是明的。", en="draw {serial} is not sealed ({method})."
)
NOT_ALL: Final = Message(
    "DRAW-36",
    zh="编号 {serial} 不能公布开封：{why}。请先查清。",
    en="draw {serial}: {why}; it cannot be published as opened.",
)
_COLUMNS: Final = ("id", "stratum", "salt", "blind", "state")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One object opened: its salt makes its blind from its id; `state` D drawn, R reserve, "" neither."""

    id: str
    stratum: str
    salt: str
    blind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a key opens: rows by id, ids that stand under no blind of the list, and blinds that no id opens."""

    serial: str
    rows: tuple[Row, ...]
    strange: tuple[str, ...]
    closed: tuple[str, ...]

    @property
    def why_not_all(self) -> str:
        """Why this does not open the whole list, "" when it does."""
        told = [f"有 {len(self.strange)} 个对象不在承诺的名单里（{'、'.join(self.strange[:3])}）"] if self.strange else []
        told += [f"名单还有 {len(self.closed)} 行打不开"] if self.closed else []
        return "，".join(told)


def read_key(path: Path, *, make: bool = False) -> bytes:
    """Return the escrowed key of 32 bytes; `make`: write a new one, for the owner alone, when there is none; raises BadInput for another file (DRAW-34)."""
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Problem(BAD_KEY, {"path": path})) from fault
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise BadInput(Problem(BAD_KEY, {"path": path}))
    return bytes.fromhex(text)


def open_sealed(folder: Path, serial: str, objects: Sequence[tuple[str, str]], key: bytes, *, only: Collection[str] = ()) -> Opening:
    """Open a sealed draw, after or before its result.

    Args:
        folder: of the ledger.
        serial: of the sealed draw.
        objects: id and coarse stratum, as they were when the list was sealed.
        key: as it was then.
        only: ids to open; none means all.

    Raises:
        BadInput: the draw is not sealed (DRAW-35), or there is none.
    """
    draft, held = draft_of(folder, serial), folder / serial / "result.tsv"
    if draft.method != "sealed":
        raise BadInput(Problem(NOT_SEALED, {"serial": serial, "method": draft.method}))
    states = {row[3]: row[2] for row in read_result(held.read_bytes())} if held.is_file() else {}
    listed = {row[0] for row in draft.rows}
    rows, strange, opened = [], [], set()
    for one, stratum in objects:
        salt = salt_of(key, one)
        blind = blind_of(one, stratum, salt, algorithm=draft.algorithm)
        if blind not in listed:
            strange.append(one)
            continue
        opened.add(blind)
        if not only or one in only:
            rows.append(Row(id=one, stratum=stratum, salt=salt, blind=blind, state=states.get(blind, "")))
    known = {one for one, _ in objects}
    return Opening(
        serial=serial, rows=tuple(sorted(rows, key=lambda row: row.id)), strange=(*strange, *(one for one in only if one not in known)),
        closed=tuple(sorted(listed - opened)),
    )  # fmt: skip


def opened_bytes(rows: Sequence[Row]) -> bytes:
    """Return `opened.csv`: id, stratum, salt, blind and what became of it, in words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((row.id, row.stratum, row.salt, row.blind, STATES[row.state]) for row in rows)
    return text.getvalue().encode()


def publish_opened(folder: Path, opening: Opening) -> Path:
    """Put `opened.csv` into the proof pack; raises BadInput unless it opens every row of the list and nothing else (DRAW-36)."""
    held = folder / opening.serial
    why = opening.why_not_all or ("还没有结果" if not (held / "result.tsv").is_file() else "")
    if why:
        raise BadInput(Problem(NOT_ALL, {"serial": opening.serial, "why": why}))
    (held / OPENED).write_bytes(opened_bytes(opening.rows))
    return held / OPENED


def check_opened(draft: Draft, result: Sequence[Sequence[str]], data: bytes) -> Iterator[str]:
    """Yield each way in which `opened.csv` differs from the list and the result of its pack."""
    states, blinds = {row[3]: row[2] for row in result}, {row[0]: row[1] for row in draft.rows}
    seen = set()
    for n, row in enumerate(csv.DictReader(io.StringIO(data.decode("utf-8", "replace"))), 2):
        told = {name: row.get(name) or "" for name in _COLUMNS}
        blind = blind_of(told["id"], told["stratum"], told["salt"], algorithm=draft.algorithm)
        seen.add(blind)
        if blind != told["blind"] or blinds.get(blind) != told["stratum"]:
            yield f"{OPENED} 第{n}行：编号、层和盐得不出名单里的盲码"
        elif told["state"] != STATES[states.get(blind, "")]:
            yield f"{OPENED} 第{n}行：应为{STATES[states.get(blind, '')]}，写的是{told['state']}"
    if lacking := len(blinds.keys() - seen):
        yield f"{OPENED}：名单有 {lacking} 行没有开封"
