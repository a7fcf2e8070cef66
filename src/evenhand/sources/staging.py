"""The one shape in which every reader hands its rows on: a staged part, one per file or sheet.

Columns of a staged table: `part` (number of the file or sheet), `row`, `fault`, `surplus` (cells beyond the header, a list), then `c0`, `c1` … as text; an empty cell is null.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.engine import Engine
from evenhand.engine.reading import read_clean_text
from evenhand.sources.catalogue import Source
from evenhand.sources.headers import Header

__all__ = ["FAULTS", "RawRow", "Staged", "fit", "stage_rows", "staged_table"]

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

    `rows` is a Parquet file in the staged shape. `clean`, for delimited text, is text of well-formed rows, each with its number
    in front. Rows are in one or the other.
    """

    source: Source
    part: int
    file: str
    sha256: str
    format: str
    header: Header
    total: int
    blank: int
    rows: Path | None = None
    clean: Path | None = None
    sheet: str = ""
    encoding: str = ""
    encoding_found: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def layout(self) -> tuple[object, ...]:
        """What parts must share to be read as one table."""
        return self.source.name, self.header.names, tuple(sorted(self.header.fields.items())), self.delimiter

    def forget(self) -> None:
        """Give the scratch space back."""
        for path in (self.rows, self.clean):
            if path:
                path.unlink()


def staged_table(parts: Sequence[Staged], engine: Engine) -> ir.Table:
    """Rows of all parts, which share one layout, as one table in the staged shape."""
    first = parts[0]
    names = [f"c{n}" for n in range(len(first.header.names))]
    tables: list[ir.Table] = []
    if clean := [part.clean for part in parts if part.clean]:
        text = read_clean_text(engine, clean, names=["part", "row", *names], delimiter=first.delimiter)
        tables.append(text.select(
            part=text["part"].cast("int64"), row=text["row"].cast("int64"), fault=ibis.literal(""), surplus=ibis.null("array<string>"), **{name: text[name] for name in names},
        ))  # fmt: skip
    if rows := [part.rows for part in parts if part.rows]:
        tables.append(engine.read(rows))
    return tables[0] if len(tables) == 1 else tables[0].union(tables[1])


def fit(cells: Sequence[str | None], width: int) -> tuple[list[str | None], list[str] | None, str]:
    """Fit a row to the header: missing cells become null, surplus cells stand aside; the third is the fault, if any.

    Empty cells beyond the header are nothing: spreadsheets and exports add them freely.
    """
    fitted = [cell or None for cell in cells[:width]]
    if len(fitted) < width:
        return fitted + [None] * (width - len(fitted)), None, "short"
    surplus = [cell or "" for cell in cells[width:]]
    return (fitted, surplus, "long") if any(surplus) else (fitted, None, "")


def stage_rows(rows: Iterable[RawRow], *, part: int, width: int, path: Path) -> int:
    """Write rows to a Parquet file in the scratch folder, in batches; return how many."""
    text = pa.string()
    schema = pa.schema(
        {"part": pa.int64(), "row": pa.int64(), "fault": text, "surplus": pa.list_(text)} | {f"c{n}": text for n in range(width)}
    )
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for batch in _batches(rows):
            count += len(batch)
            columns = list(zip(*(row.cells for row in batch), strict=True)) if width else []
            arrays = [
                pa.array([part] * len(batch), pa.int64()),
                pa.array([row.row for row in batch], pa.int64()),
                pa.array([row.fault for row in batch], text),
                pa.array([row.surplus for row in batch], pa.list_(text)),
            ]
            writer.write_table(pa.Table.from_arrays([*arrays, *(pa.array(column, text) for column in columns)], schema=schema))
    return count


def _batches(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    batch: list[RawRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
