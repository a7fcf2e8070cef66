"""From the bytes of a text file to blocks of whole UTF-8 lines, whatever the encoding, without holding the file in memory."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["DETECTED", "LineBlock", "Undecodable", "canonical_encoding", "line_blocks", "marked_encoding"]

DETECTED: Final = ("utf-8", "gb18030")
"""Encodings tried in this order when the catalogue states none."""
_BLOCK: Final = 8 << 20
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FAMILY: Final = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "utf-8", "utf-8-sig": "utf-8"}


class Undecodable(Exception):
    """The bytes are not in the encoding tried; `offset` counts from 0, `line` from 1."""

    def __init__(self, *, offset: int, line: int) -> None:
        """Keep where."""
        self.offset, self.line = offset, line
        super().__init__(f"byte {offset}, line {line}")


@dataclass(frozen=True)
class LineBlock:
    """Some whole lines in UTF-8, each ended by LF or CR LF; `bad` holds the indices of lines with replaced bytes; `last` ends the file."""

    text: bytes
    bad: frozenset[int] = field(default_factory=frozenset)
    last: bool = False


def marked_encoding(path: Path) -> str:
    """Encoding that a byte order mark at the start states, or nothing."""
    with path.open("rb") as handle:
        start = handle.read(4)
    return next((name for mark, name in _MARKS if start.startswith(mark)), "")


def canonical_encoding(name: str) -> str:
    """One name per encoding: GB 2312 and GBK are read as GB 18030, which holds both."""
    found = codecs.lookup(name).name
    return _FAMILY.get(found, found)


def line_blocks(path: Path, encoding: str, *, strict: bool) -> Iterator[LineBlock]:
    """Give the file's lines in blocks; line ends may be CR LF, LF, or CR alone throughout.

    Raises:
        Undecodable: when `strict` and some bytes are not in the encoding.
    """
    with path.open("rb") as handle:
        if encoding in DETECTED:
            yield from _by_lines(handle, encoding, strict=strict)
        else:
            yield from _by_decoder(handle, encoding)


def _by_lines(handle: BinaryIO, encoding: str, *, strict: bool) -> Iterator[LineBlock]:
    """Encodings in which a line feed is never part of another character: cut first, then decode."""
    rest, offset, lines_before = b"", 0, 0
    if handle.read(3) != codecs.BOM_UTF8:
        handle.seek(0)
    else:
        offset = 3
    end = b""
    while True:
        raw = handle.read(_BLOCK)
        end = end or (b"\n" if b"\n" in raw or b"\r" not in raw else b"\r")
        block = rest + raw
        cut = len(block) if not raw else block.rfind(end) + 1
        rest, block = block[cut:], block[:cut]
        good, bad = _to_utf8(block, encoding, end, strict=strict, offset=offset, lines_before=lines_before)
        text = _ended(good if end == b"\n" else good.replace(end, b"\n"))
        offset, lines_before = offset + cut, lines_before + text.count(b"\n")
        if text or not raw:
            yield LineBlock(text, bad, last=not raw)
        if not raw:
            return


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") or not text else text + b"\n"


def _to_utf8(block: bytes, encoding: str, end: bytes, *, strict: bool, offset: int, lines_before: int) -> tuple[bytes, frozenset[int]]:
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError as fault:
        if strict:
            raise Undecodable(offset=offset + fault.start, line=lines_before + block.count(end, 0, fault.start) + 1) from fault
    else:
        return (block if encoding == "utf-8" else text.encode()), frozenset()
    lines, bad = block.split(end), set()
    for n, line in enumerate(lines):
        try:
            lines[n] = line.decode(encoding).encode()
        except UnicodeDecodeError:
            lines[n] = line.decode(encoding, "replace").encode()
            bad.add(n)
    return end.join(lines), frozenset(bad)


def _by_decoder(handle: BinaryIO, encoding: str) -> Iterator[LineBlock]:
    """Any other encoding: decode first, then cut."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, offset, lines_before = "", 0, 0
    while True:
        raw = handle.read(_BLOCK)
        try:
            text = rest + decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as fault:
            raise Undecodable(offset=offset + fault.start, line=lines_before + 1) from fault
        offset += len(raw)
        cut = len(text) if not raw else text.rfind("\n") + 1
        rest, text = text[cut:], text[:cut]
        block = _ended(text.encode("utf-8", "replace"))
        lines_before += block.count(b"\n")
        if block or not raw:
            yield LineBlock(block, last=not raw)
        if not raw:
            return
