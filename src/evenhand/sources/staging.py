"""The one shape in which every reader hands its rows on: a staged part, one per file or sheet.

Columns of a staged table: `part` (number of the file or sheet), `row`, `fault`, `surplus` (cells beyond the header, a list), then `c0`, `c1` … as text; an empty cell is null.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.engine import Engine
from evenhand.errors import Problem
from evenhand.sources.catalogue import Source
from evenhand.sources.headers import Header
from evenhand.sources.lines import Places

__all__ = ["FAULTS", "RawRow", "Staged", "Stager", "fit", "stage_rows", "staged_table"]

FAULTS: Final = {
    "short": "格数少于表头，缺的格按空处理",
    "long": "格数多于表头，多出的格存入其他列",
    "undecodable": "有不能解码的字节，已用 U+FFFD 代替",
    "quote": "引号不成对，按原文保留",
    "number": "代码被电子表格改成了科学计数，后几位已丢失",
}
"""Codes of row faults (行缺陷) and what each means."""
_ROWS_PER_BATCH: Final = 20_000


class RawRow(NamedTuple):
    """One row as read: its number, its cells fitted to the header, its surplus cells, its faults."""

    row: int
    cells: Sequence[str | None]
    surplus: Sequence[str] | None
    fault: str


@dataclass(frozen=True, kw_only=True)
class Staged:
    """One file or sheet, read: where its rows wait, and all that the manifest says about it.

    `rows` is a Parquet file in the staged shape. `sha256` is of the file's bytes, or of what a database gave. `warnings` are told on
    the screen and in the manifest: data that were left out, or a doubt about what was read.
    """

    source: Source
    part: int
    file: str
    format: str
    header: Header
    total: int
    blank: int
    rows: Path
    sha256: str = ""
    sheet: str = ""
    encoding: str = ""
    encoding_found: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)
    warnings: tuple[Problem, ...] = ()

    @property
    def layout(self) -> tuple[object, ...]:
        """What parts must share to be read as one table."""
        return self.source.name, self.header.names, tuple(sorted(self.header.fields.items()))

    def forget(self) -> None:
        """Give the scratch space back."""
        self.rows.unlink()


def staged_table(parts: Sequence[Staged], engine: Engine) -> ir.Table:
    """Rows of all parts, which share one layout, as one table in the staged shape."""
    return engine.read([part.rows for part in parts])


def fit(cells: Sequence[str | None], width: int) -> tuple[list[str | None], list[str] | None, str]:
    """Fit a row to the header: missing cells become null, surplus cells stand aside; the third is the fault, if any.

    Empty cells beyond the header are nothing: spreadsheets and exports add them freely.
    """
    fitted = [cell or None for cell in cells[:width]]
    if len(fitted) < width:
        return fitted + [None] * (width - len(fitted)), None, "short"
    surplus = [cell or "" for cell in cells[width:]]
    return (fitted, surplus, "long") if any(surplus) else (fitted, None, "")


class Stager:
    """Writes the rows of one part to a Parquet file in the staged shape; close it, or use it in a `with` block."""

    def __init__(self, path: Path, *, part: int, width: int) -> None:
        """Begin the file."""
        self._part, self._width, self.count = part, width, 0
        text = pa.string()
        self._schema = pa.schema(
            {"part": pa.int64(), "row": pa.int64(), "fault": text, "surplus": pa.list_(text)} | {f"c{n}": text for n in range(width)}
        )
        # Read once, soon, from the page cache: light compression, no statistics.
        self._writer = pq.ParquetWriter(path, self._schema, compression="snappy", write_statistics=False)

    def __enter__(self) -> Self:
        """Return the stager itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """End the file."""
        self._writer.close()

    def add_rows(self, rows: Sequence[RawRow]) -> None:
        """Write rows cell by cell."""
        if not rows:
            return
        columns = list(zip(*(row.cells for row in rows), strict=True)) if self._width else []
        self._write(
            pa.array([row.row for row in rows], pa.int64()),
            pa.array([row.fault for row in rows], pa.string()),
            pa.array([row.surplus for row in rows], pa.list_(pa.string())),
            [pa.array(column, pa.string()) for column in columns],
        )

    def add_table(self, numbers: Places, cells: pa.Table) -> None:
        """Write rows without fault: their numbers, and one text column per column of the header."""
        if cells.num_rows:
            nothing = pa.nulls(cells.num_rows, pa.list_(pa.string()))
            self._write(pa.array(numbers, pa.int64()), pa.repeat("", cells.num_rows), nothing, cells.columns)

    def _write(self, numbers: pa.Array, faults: pa.Array, surplus: pa.Array, cells: Sequence[pa.Array]) -> None:
        part = pa.array(np.full(len(numbers), self._part), pa.int64())
        self._writer.write_table(pa.Table.from_arrays([part, numbers, faults, surplus, *cells], schema=self._schema))
        self.count += len(numbers)


def stage_rows(rows: Iterable[RawRow], *, part: int, width: int, path: Path) -> int:
    """Write rows to a Parquet file in the scratch folder, in batches; return how many."""
    with Stager(path, part=part, width=width) as stage:
        for batch in _batches(rows):
            stage.add_rows(batch)
        return stage.count


def _batches(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    batch: list[RawRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
