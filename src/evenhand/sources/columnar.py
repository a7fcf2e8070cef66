"""Parquet files: typed values become the text a person would read."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.grids import stage_grid
from evenhand.sources.staging import Staged

__all__ = ["read_parquet"]


def read_parquet(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> Staged:
    """Read one Parquet file; rows are numbered from 1, there being no header row to count.

    Raises:
        BadInput: damaged, a required column missing, no rows.
    """
    at = scratch / "rows.parquet"
    try:
        with pq.ParquetFile(path) as content:
            grid = stage_grid(_rows(content), source, file=file, part=part, path=at, named=True)
    except (pa.ArrowException, OSError) as fault:
        raise BadInput(Problem(say.CORRUPT, {"file": file, "why": str(fault)[:120]})) from fault
    return Staged(
        source=source,
        part=part,
        file=file,
        format="parquet",
        header=grid.header,
        total=grid.total,
        blank=grid.blank,
        rows=at,
    )


def _rows(content: pq.ParquetFile) -> Iterator[Sequence[object]]:
    yield content.schema_arrow.names
    for batch in content.iter_batches(batch_size=20_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
