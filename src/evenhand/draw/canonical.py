r"""Canonical bytes: one way only to write the list and the rules of a draw, so that two honest people get the same hash (规范字节).

UTF-8, NFC, no byte-order mark; one LF after every row and nowhere else; fields parted by one TAB; rows sorted by their bytes, none twice.

>>> list_bytes([("E2", "福州-餐饮"), ("E1", "福州-餐饮")], "srs").decode()
'E1\t福州-餐饮\nE2\t福州-餐饮\n'
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from evenhand.draw.messages import BAD_BYTES, BAD_ROW, EMPTY_LIST
from evenhand.errors import BadInput, Problem

__all__ = ["METHODS", "RULE_KINDS", "Row", "list_bytes", "read_rows", "rules_bytes"]

Row = tuple[str, ...]

_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,11}")
_MOST_TICKETS: Final = 1000
_LONGEST: Final = 200
RULE_KINDS: Final = ("cell", "param", "person", "quota", "source")


def _id(value: str) -> str:
    return "" if _ID.fullmatch(value) else "编号只用数字、字母和连字符，1 至 64 个"


def _text(value: str) -> str:
    if not 1 <= len(value) <= _LONGEST:
        return f"文字须有 1 至 {_LONGEST} 个字符"
    return "" if "|" not in value and _plain(value) else "文字不能有竖线、控制字符和两端的空格"


def _plain(value: str) -> bool:
    """Whether a text keeps to its line and is more than blanks."""
    return value == value.strip() and not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in value)


def _weight(value: str) -> str:
    return "" if _INTEGER.fullmatch(value) and value != "0" else "权重须为 1 以上的整数，至多 12 位"


def _tickets(value: str) -> str:
    return "" if not _weight(value) and int(value) <= _MOST_TICKETS else f"票数须为 1 至 {_MOST_TICKETS} 的整数"


def _hex(value: str) -> str:
    return "" if re.fullmatch(r"[0-9a-f]{64}", value) else "应为 64 位小写十六进制"


def _cell(value: str) -> str:
    parts = value.split("/")
    return "" if len(parts) == 2 and not any(_text(part) for part in parts) else "应写成 行/列"  # noqa: PLR2004 — row and column


Check = Callable[[str], str]
METHODS: Final[Mapping[str, tuple[tuple[Check, ...], int]]] = {
    "srs": ((_id, _text, _weight), 2), "pps": ((_id, _text, _weight), 3), "multi": ((_id, _text, _tickets), 3), "rounding": ((_cell,), 1),
    "sealed": ((_hex, _text), 2), "week": ((_id, _text), 2), "exchange": ((_id, _text), 2), "teams": ((_id, _id, _id), 3),
}  # fmt: skip
"""By method: what each column of the list must be, and how many there are at least. Under `srs` a weight may stand in the list; it does not count."""


def list_bytes(rows: Sequence[Row], method: str) -> bytes:
    """Return the canonical bytes of a list; raises BadInput naming every row that is not as the method asks."""
    if method not in METHODS:
        raise BadInput(Problem(BAD_ROW, {"row": f"param / method / {method}", "why": f"可用 {'、'.join(METHODS)}"}))
    checks, least = METHODS[method]
    rows = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]
    if not rows:
        raise BadInput(Problem(EMPTY_LIST, {}))
    problems = [Problem(BAD_ROW, {"row": " / ".join(row), "why": why}) for row in rows for why in _faults(row, checks, least)]
    problems += [
        Problem(BAD_ROW, {"row": " / ".join(row), "why": why})
        for row, why in _twice(rows, by_id=checks[0] in {_id, _hex} and method != "teams")
    ]
    if problems:
        raise BadInput(problems)
    return _joined(rows)


def _faults(row: Row, checks: Sequence[Check], least: int) -> Iterator[str]:
    if not least <= len(row) <= len(checks):
        yield f"应有 {least} 列，现有 {len(row)} 列"
        return
    for cell, check in zip(row, checks, strict=False):
        if why := check(cell):
            yield f"“{cell}”：{why}"


def _twice(rows: Sequence[Row], *, by_id: bool) -> Iterator[tuple[Row, str]]:
    seen: set[object] = set()
    for row in rows:
        key: object = row[0] if by_id and row else row
        if key in seen:
            yield row, "编号重复" if by_id else "行重复"
        seen.add(key)


def rules_bytes(rows: Sequence[Row]) -> bytes:
    """Return the canonical bytes of the rules: rows of kind, key, value; raises BadInput naming every bad one."""
    rows = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]
    problems = []
    for row in rows:
        if len(row) != 3 or row[0] not in RULE_KINDS:  # noqa: PLR2004 — kind, key, value
            problems.append(
                Problem(BAD_ROW, {"row": " / ".join(row), "why": f"应为 种类、键、值三列，种类是 {'、'.join(RULE_KINDS)} 之一"})
            )
        elif not all(map(_plain, row)):
            problems.append(Problem(BAD_ROW, {"row": " / ".join(row), "why": "不能有制表符、换行等控制字符和两端空格"}))
        elif row[0] in {"quota", "cell"} and not _INTEGER.fullmatch(row[2]):
            problems.append(Problem(BAD_ROW, {"row": " / ".join(row), "why": "名额须为 0 以上的整数，不写前导零"}))
    twice = sorted(key for key, count in Counter(row[:2] for row in rows).items() if count > 1)
    problems += [Problem(BAD_ROW, {"row": " / ".join(key), "why": "写了两次"}) for key in twice]
    if problems:
        raise BadInput(problems)
    return _joined(rows)


def _joined(rows: Sequence[Row]) -> bytes:
    return b"".join(sorted(("\t".join(row) + "\n").encode() for row in rows))


def read_rows(data: bytes, file: str) -> list[Row]:
    """Return the rows of canonical bytes; raises BadInput when they are not canonical: another line end, order, form or mark."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadInput(Problem(BAD_BYTES, {"file": file, "line": data[: fault.start].count(b"\n") + 1, "why": "不是 UTF-8"})) from fault
    if problem := next(_byte_faults(text, data), None):
        raise BadInput(Problem(BAD_BYTES, {"file": file, "line": problem[0], "why": problem[1]}))
    return [tuple(line.split("\t")) for line in text.split("\n")[:-1]]


def _byte_faults(text: str, data: bytes) -> Iterator[tuple[int, str]]:
    if text.startswith("\ufeff"):
        yield 1, "文件开头有字节序标记"
    if "\r" in text:
        yield text[: text.index("\r")].count("\n") + 1, "行末是回车换行，应只有换行"
    if not text.endswith("\n"):
        yield text.count("\n") + 1, "最后一行没有换行"
    if unicodedata.normalize("NFC", text) != text:
        line = next(n for n, one in enumerate(text.split("\n"), 1) if unicodedata.normalize("NFC", one) != one)
        yield line, "字符没有按 NFC 规范"
    lines = data.split(b"\n")[:-1]
    for n, (before, after) in enumerate(itertools.pairwise(lines), 2):
        if before >= after:
            yield n, "各行没有按字节递增排列" if before > after else "与上一行相同"
            return
