"""CSV, TSV and other delimited text: plain rows go straight to the engine, the others are read cell by cell.

One pass over the file decodes it, counts records as a spreadsheet shows them, and sorts them: a row with the right number of
cells and no doubtful quote is copied, with its number in front, to a clean UTF-8 file that the engine reads in parallel; short,
long, broken and many-line rows are taken by `take_record`. Both ways give the same cells (tests/properties/sources_delimited).
"""

from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from evenhand.engine import file_sha256
from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.decoding import DETECTED, LineBlock, Undecodable, canonical_encoding, line_blocks, marked_encoding
from evenhand.sources.headers import LOOK_AHEAD, find_header, score_header
from evenhand.sources.records import LINES_PER_RECORD, Taken, regular_line, take_record
from evenhand.sources.staging import RawRow, Staged, fit, stage_rows

__all__ = ["read_delimited"]

DELIMITERS: Final = (",", "\t", ";", "|")
_CONTROL: Final = bytes(n for n in range(32) if n not in b"\t\n")
_TOO_BAD: Final = 0.05
"""Share of undecodable lines from which on the encoding counts as unknown."""


def read_delimited(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> Staged:
    """Read one delimited text file into a staged part; `scratch` is an empty folder of its own.

    Raises:
        BadInput: the stated encoding is wrong, no encoding fits, no header, a required column missing, no rows.
    """
    sorter, odd, found = _sorted(path, source, file=file, part=part, scratch=scratch)
    if not sorter.clean and not odd:
        raise BadInput(Problem(say.NO_ROWS, {"file": file, "place": ""}))
    return Staged(
        source=source, part=part, file=file, sha256=file_sha256(path), format="delimited", header=sorter.header, total=sorter.records,
        rows=scratch / "odd.parquet" if odd else None, clean=sorter.path if sorter.clean else None, blank=sorter.blank, encoding=sorter.encoding, encoding_found=found, delimiter=sorter.delimiter,
    )  # fmt: skip


def _sorted(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> tuple["_Sorter", int, str]:
    """Sort the file's rows under the first encoding that fits: stated, marked, UTF-8, GB 18030, then the less bad of the two."""
    marked = marked_encoding(path)
    stated = source.encoding or marked
    if stated:
        tries = [(stated, "来源清单写明" if source.encoding else "文件开头的字节顺序标记", True)]
    else:
        tries = [(name, "整个文件符合该编码", True) for name in DETECTED] + [
            (name, "整个文件大体符合该编码，个别字节除外", False) for name in DETECTED
        ]
    first_bad = 1
    refused: BadInput | None = None
    for encoding, found, strict in tries:
        sorter = _Sorter(source, file=file, part=part, encoding=canonical_encoding(encoding), path=scratch / "clean.txt")
        try:
            sorter.open(line_blocks(path, sorter.encoding, strict=strict))
            odd = stage_rows(sorter.odd_rows(), part=part, width=len(sorter.header.names), path=scratch / "odd.parquet")
        except Undecodable as fault:
            if stated:
                raise BadInput(
                    Problem(say.WRONG_ENCODING, {"file": file, "encoding": encoding, "line": fault.line, "offset": fault.offset})
                ) from fault
            first_bad = max(first_bad, fault.line)
            continue
        except BadInput as refusal:
            # Text read under the wrong encoding has no header: only when no encoding is better is that the answer.
            if stated or (strict and encoding == DETECTED[0]):
                raise
            refused = refused or (refusal if strict else None)
            continue
        if strict or sorter.bad_lines <= max(1, _TOO_BAD * sorter.lines):
            return sorter, odd, found
    raise refused or BadInput(Problem(say.NO_ENCODING, {"file": file, "line": first_bad}))


class _Sorter:
    """Sorts the records of one file into a clean text file (`path`) and odd rows, and counts them."""

    def __init__(self, source: Source, *, file: str, part: int, encoding: str, path: Path) -> None:
        self.source, self.file, self.part, self.encoding, self.path = source, file, part, encoding, path
        self.records = self.blank = self.clean = self.lines = self.bad_lines = 0

    def open(self, blocks: Iterator[LineBlock]) -> None:
        """Look at the first block for delimiter and header, and leave the rows below to `odd_rows`."""
        first = next(blocks)
        head = [line.decode() for line in first.lines[: max(20 * LOOK_AHEAD, 2 * self.source.header_row)]]
        if not any(head):
            raise BadInput(Problem(say.FILE_EMPTY, {"file": self.file}))
        self.delimiter = self.source.delimiter or self._sniff(head)
        taken = _first_records(head, self.delimiter, max(LOOK_AHEAD, self.source.header_row))
        self.header = find_header([one.cells for one in taken], self.source, file=self.file)
        skipped = taken[self.header.row - 1].next
        self.records = self.header.row
        self.lines = skipped
        below = LineBlock(first.lines[skipped:], frozenset(n - skipped for n in first.bad if n >= skipped), first.last)
        self._blocks = chain([below], blocks)

    def _sniff(self, head: list[str]) -> str:
        """The delimiter under which a row looks most like the header; of equals, the one that cuts the first rows into most cells."""

        def worth(delimiter: str) -> tuple[int, int]:
            rows = [one.cells for one in _first_records(head, delimiter, LOOK_AHEAD)]
            return max(score_header(row, self.source) for row in rows), max(map(len, rows))

        return max(DELIMITERS, key=worth)

    def odd_rows(self) -> Iterator[RawRow]:
        """Write the clean file on the way, and give the rows that are not plain."""
        carried: list[bytes] = []
        carried_bad: frozenset[int] = frozenset()
        with self.path.open("wb") as out:
            for block in self._blocks:
                lines, bad = block.lines, block.bad
                self.lines, self.bad_lines = self.lines + len(lines), self.bad_lines + len(bad)
                if carried:
                    lines, bad = carried + lines, carried_bad | {n + len(carried) for n in bad}
                kept: list[bytes] = []
                rest = yield from self._sort_block(lines, bad, kept, last=block.last)
                out.write(b"".join(kept))
                carried, carried_bad = lines[rest:], frozenset(n - rest for n in bad if n >= rest)

    def _sort_block(self, lines: list[bytes], bad: frozenset[int], kept: list[bytes], *, last: bool) -> Generator[RawRow, None, int]:
        """Sort the lines of one block; plain lines go to `kept`. Gives back the index of the first line left for the next block."""
        width = len(self.header.names)
        at = 0
        for n in [*self._doubtful(lines, bad), len(lines)]:
            if n < at:
                continue
            self._keep(lines, at, n, kept)
            at = n
            if n == len(lines):
                break
            window = [one.decode() for one in lines[n : n + LINES_PER_RECORD + 1]]
            taken = take_record(window, 0, delimiter=self.delimiter, width=width, whole=last)
            if taken is None:
                return n
            at = n + taken.next
            self.records += 1
            if not any(taken.cells):
                self.blank += 1
                continue
            yield self._odd_row(taken, undecodable=any(k in bad for k in range(n, at)))
        return at

    def _doubtful(self, lines: list[bytes], bad: frozenset[int]) -> list[int]:
        """Indices of lines that may not be copied as they are, in order.

        A line may be copied when it is a whole record of the right width, not blank, and free of control characters.
        """
        delimiter = self.delimiter.encode()
        want = len(self.header.names) - 1
        regular = regular_line(delimiter, want + 1)
        found = {n for n, line in enumerate(lines) if line.count(delimiter) != want or len(line) <= want}
        joined = b"\n".join(lines)
        if b'"' in joined:
            quoted = [n for n, line in enumerate(lines) if b'"' in line]
            found -= set(quoted)
            found |= {n for n in quoted if not regular.fullmatch(lines[n]) or not lines[n].strip(delimiter + b'"')}
        if len(joined.translate(None, _CONTROL)) != len(joined):
            found |= {n for n, line in enumerate(lines) if len(line.translate(None, _CONTROL)) != len(line)}
        return sorted(found | bad)

    def _keep(self, lines: list[bytes], start: int, stop: int, kept: list[bytes]) -> None:
        if start == stop:
            return
        number = self.records + 1
        delimiter = self.delimiter.encode()
        form = b"%d" % self.part + delimiter.replace(b"%", b"%%") + b"%d" + delimiter.replace(b"%", b"%%") + b"%b\n"
        kept.extend(map(form.__mod__, zip(range(number, number + stop - start), lines[start:stop], strict=True)))
        self.records += stop - start
        self.clean += stop - start

    def _odd_row(self, taken: Taken, *, undecodable: bool) -> RawRow:
        cells, surplus, fault = fit(taken.cells, len(self.header.names))
        faults = [fault, "undecodable" if undecodable else "", "quote" if taken.broken else ""]
        return RawRow(self.records, cells, surplus, " ".join(filter(None, faults)))


def _first_records(head: list[str], delimiter: str, limit: int) -> list[Taken]:
    found: list[Taken] = []
    at = 0
    while at < len(head) and len(found) < limit:
        taken = take_record(head, at, delimiter=delimiter, width=0, whole=True)
        if taken is None:
            break
        found.append(taken)
        at = taken.next
    return found
