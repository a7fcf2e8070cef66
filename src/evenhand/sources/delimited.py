"""CSV, TSV and other delimited text: plain rows are cut a block at a time, the others cell by cell.

One pass over the file decodes it, counts records as a spreadsheet shows them, and sorts them: lines without a doubtful quote are
cut by Arrow, all lines of a block in one call; broken, many-line, short and long rows are taken by `take_record`. Both ways give
the same cells (tests/properties/sources_delimited).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.decoding import DETECTED, LineBlock, Undecodable, canonical_encoding, line_blocks, marked_encoding
from evenhand.sources.headers import LOOK_AHEAD, find_header, score_header
from evenhand.sources.lines import Lines, Places
from evenhand.sources.records import Taken, take_record
from evenhand.sources.staging import RawRow, Staged, Stager, fit

__all__ = ["read_delimited"]

DELIMITERS: Final = (",", "\t", ";", "|")
_TOO_BAD: Final = 0.05
"""Share of undecodable lines from which on the encoding counts as unknown."""


def read_delimited(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> Staged:
    """Read one delimited text file into a staged part; `scratch` is an empty folder of its own.

    Raises:
        BadInput: the stated encoding is wrong, no encoding fits, no header, a required column missing, no rows.
    """
    at = scratch / "rows.parquet"
    sorter, found = _sorted(path, source, file=file, part=part, at=at)
    if not sorter.kept:
        raise BadInput(Problem(say.NO_ROWS, {"file": file, "place": ""}))
    return Staged(
        source=source, part=part, file=file, format="delimited", header=sorter.header, total=sorter.records,
        rows=at, blank=sorter.blank, encoding=sorter.encoding, encoding_found=found, delimiter=sorter.delimiter,
    )  # fmt: skip


def _sorted(path: Path, source: Source, *, file: str, part: int, at: Path) -> tuple["_Sorter", str]:
    """Sort the file's rows under the first encoding that fits: stated, marked, UTF-8, GB 18030, then the less bad of the two."""
    marked = marked_encoding(path)
    stated = source.encoding or marked
    if marked == "utf-8-sig" and not source.encoding:
        # The mark tells the encoding; a bad byte marks its row, as it does in a file without the mark.
        stated = ""
        tries = [(marked, "文件开头的字节顺序标记", True), (marked, "文件开头的字节顺序标记，个别字节除外", False)]
    elif stated:
        tries = [(stated, "来源清单写明" if source.encoding else "文件开头的字节顺序标记", True)]
    else:
        tries = [(name, "整个文件符合该编码", True) for name in DETECTED] + [
            (name, "整个文件大体符合该编码，个别字节除外", False) for name in DETECTED
        ]
    first_bad = 1
    refused: BadInput | None = None
    for encoding, found, strict in tries:
        sorter = _Sorter(source, file=file, encoding=canonical_encoding(encoding))
        try:
            sorter.open(line_blocks(path, sorter.encoding, strict=strict))
            with Stager(at, part=part, width=len(sorter.header.names)) as stage:
                sorter.sort(stage)
        except Undecodable as fault:
            if stated:
                raise BadInput(
                    Problem(say.WRONG_ENCODING, {"file": file, "encoding": encoding, "line": fault.line, "offset": fault.offset})
                ) from fault
            first_bad = max(first_bad, fault.line)
            continue
        except BadInput as refusal:
            # Text read under the wrong encoding has no header: only when no encoding is better is that the answer.
            if stated or (strict and sorter.encoding == DETECTED[0]):
                raise
            refused = refused or (refusal if strict else None)
            continue
        if strict or sorter.bad_lines <= max(1, _TOO_BAD * sorter.lines):
            return sorter, found
    raise refused or BadInput(Problem(say.NO_ENCODING, {"file": file, "line": first_bad}))


class _Sorter:
    """Sorts the records of one file into plain and odd rows, stages both, and counts them."""

    def __init__(self, source: Source, *, file: str, encoding: str) -> None:
        self.source, self.file, self.encoding = source, file, encoding
        self.records = self.blank = self.kept = self.lines = self.bad_lines = 0

    def open(self, blocks: Iterator[LineBlock]) -> None:
        """Look at the first block for delimiter and header, and leave the rows below to `sort`."""
        first = next(blocks)
        lines = Lines(first.text)
        head = lines[: max(20 * LOOK_AHEAD, 2 * self.source.header_row)]
        if not any(head):
            raise BadInput(Problem(say.FILE_EMPTY, {"file": self.file}))
        self.delimiter = self.source.delimiter or self._sniff(head)
        taken = _first_records(head, self.delimiter, max(LOOK_AHEAD, self.source.header_row))
        self.header = find_header([one.cells for one in taken], self.source, file=self.file)
        skipped = taken[self.header.row - 1].next
        self.records = self.header.row
        self.lines = skipped
        below = LineBlock(first.text[lines.starts[skipped] :], frozenset(n - skipped for n in first.bad if n >= skipped), first.last)
        self._blocks = chain([below], blocks)

    def _sniff(self, head: Sequence[str]) -> str:
        """The delimiter under which a row looks most like the header; of equals, the one that cuts the first rows into most cells."""

        def worth(delimiter: str) -> tuple[int, int]:
            rows = [one.cells for one in _first_records(head, delimiter, LOOK_AHEAD)]
            return max(score_header(row, self.source) for row in rows), max(map(len, rows))

        return max(DELIMITERS, key=worth)

    def sort(self, stage: Stager) -> None:
        """Stage every row. Lines of a record that goes on in the next block are carried over."""
        carried, carried_bad, carried_lines = b"", frozenset[int](), 0
        for block in self._blocks:
            lines = Lines(carried + block.text if carried else block.text)
            bad = carried_bad | {n + carried_lines for n in block.bad}
            self.lines, self.bad_lines = self.lines + len(lines) - carried_lines, self.bad_lines + len(block.bad)
            rest = self._sort_block(lines, bad, stage, last=block.last)
            carried, carried_lines = lines.text[lines.starts[rest] :], len(lines) - rest
            carried_bad = frozenset(n - rest for n in bad if n >= rest)

    def _sort_block(self, lines: Lines, bad: frozenset[int], stage: Stager, *, last: bool) -> int:
        """Stage the rows of one block. Gives back the index of the first line left for the next block."""
        taken: dict[int, Taken] = {}
        at, rest = 0, len(lines)
        for n in sorted({*lines.doubtful(self.delimiter.encode()).tolist(), *bad}):
            if n < at:
                continue
            one = take_record(lines, n, delimiter=self.delimiter, width=len(self.header.names), whole=last)
            if one is None:
                rest = n
                break
            taken[n], at = one, one.next
        begins = np.ones(rest, bool)
        plain = begins.copy()
        for n, one in taken.items():
            begins[n + 1 : one.next] = False
            plain[n : one.next] = False
        number = self.records + np.cumsum(begins)
        cuts = [0, *(place for n, one in taken.items() for place in (n, one.next)), rest]
        text = b"".join(lines.text[lines.starts[start] : lines.starts[stop]] for start, stop in zip(cuts[::2], cuts[1::2], strict=True))
        which = np.flatnonzero(plain)
        cells, wrong = self._cut(text)
        taken |= {n: take_record([lines[n]], 0, delimiter=self.delimiter, width=0, whole=True) for n in which[wrong].tolist()}
        self._stage_plain(np.delete(number[which], wrong), cells, stage)
        self._stage_odd({int(number[n]): one for n, one in taken.items()}, {int(number[n]) for n in bad if n < rest}, stage)
        self.records += int(begins.sum())
        return rest

    def _cut(self, text: bytes) -> tuple[pa.Table, list[int]]:
        """Cells of lines with the right number of them, and the indices of the lines with another number."""
        names = [f"c{n}" for n in range(len(self.header.names))]
        wrong: list[int] = []
        if not text:
            return pa.table(dict.fromkeys(names, pa.array([], pa.string()))), wrong

        def skip(row: csv.InvalidRow) -> str:
            wrong.append(row.number - 1)
            return "skip"

        return csv.read_csv(
            pa.py_buffer(text),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
            csv.ParseOptions(delimiter=self.delimiter, ignore_empty_lines=False, invalid_row_handler=skip),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        ), wrong

    def _stage_plain(self, numbers: Places, cells: pa.Table, stage: Stager) -> None:
        """Stage rows of the right width; a row whose cells are all empty is only counted."""
        if cells.num_rows and all(column.null_count for column in cells.columns):
            filled = pc.invert(reduce(pc.and_, map(pc.is_null, cells.columns)))
            self.blank += cells.num_rows - pc.sum(filled).as_py()
            numbers, cells = numbers[filled.to_numpy()], cells.filter(filled)
        self.kept += cells.num_rows
        stage.add_table(numbers, cells)

    def _stage_odd(self, taken: Mapping[int, Taken], undecodable: set[int], stage: Stager) -> None:
        """Stage rows by their number; a row whose cells are all empty is only counted."""
        rows = [self._odd_row(number, one, undecodable=number in undecodable) for number, one in taken.items() if any(one.cells)]
        self.blank += len(taken) - len(rows)
        self.kept += len(rows)
        stage.add_rows(rows)

    def _odd_row(self, number: int, taken: Taken, *, undecodable: bool) -> RawRow:
        cells, surplus, fault = fit(taken.cells, len(self.header.names))
        faults = [fault, "undecodable" if undecodable else "", "quote" if taken.broken else ""]
        return RawRow(number, cells, surplus, " ".join(filter(None, faults)))


def _first_records(head: Sequence[str], delimiter: str, limit: int) -> list[Taken]:
    found: list[Taken] = []
    at = 0
    while at < len(head) and len(found) < limit:
        taken = take_record(head, at, delimiter=delimiter, width=0, whole=True)
        if taken is None:
            break
        found.append(taken)
        at = taken.next
    return found
