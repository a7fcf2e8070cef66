"""Writing files so that they are whole or not there."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["file_sha256", "publish_file", "write_parquet"]


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
    """Write record batches to one Parquet file, replaced in one step, and return the number of rows.

    Args:
        batches: the rows; each batch becomes one row group.
        schema: schema of the file; every batch has it.
        path: the file.
    """
    partial, rows = path.with_name(f"{path.name}.partial"), 0
    with pq.ParquetWriter(partial, schema, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    publish_file(partial, path)
    return rows
