"""Writing files so that they are whole or not there, and Parquet so that its bytes repeat."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["file_sha256", "publish_file", "write_parquet"]

ROWS_PER_GROUP: Final = 122_880


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def publish_file(partial: Path, final: Path) -> None:
    """Put a finished file in its place: flushed to disk, then renamed, so a reader sees the old one or the new one, never half."""
    with partial.open("rb+") as handle:
        os.fsync(handle.fileno())
    partial.replace(final)


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Write record batches to one Parquet file and return the number of rows.

    Rows are regrouped into row groups of fixed size first, so the bytes depend on the rows and their order alone,
    not on how an engine cut its batches.
    """
    partial = path.with_name(f"{path.name}.partial")
    rows, held = 0, 0
    waiting: list[pa.RecordBatch] = []
    with pq.ParquetWriter(partial, schema, compression="zstd", compression_level=1, write_page_index=False) as writer:

        def flush(size: int) -> None:
            nonlocal held, waiting
            table = pa.Table.from_batches(waiting, schema)
            writer.write_table(table.slice(0, size).combine_chunks(), row_group_size=ROWS_PER_GROUP)
            waiting = table.slice(size).to_batches()
            held -= size

        for batch in batches:
            waiting.append(batch)
            held += batch.num_rows
            rows += batch.num_rows
            while held >= ROWS_PER_GROUP:
                flush(ROWS_PER_GROUP)
        if held:
            flush(held)
    publish_file(partial, path)
    return rows
