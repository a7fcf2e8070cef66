"""Writing files so that they are whole or not there, and Parquet so that its bytes repeat."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path, *, order: Sequence[str] = ()) -> int:
    """Write record batches to one Parquet file and return the number of rows.

    Rows are regrouped into row groups of fixed size first, so the bytes depend on the rows and their order alone,
    not on how an engine cut its batches. Encoding runs in a thread of its own, so that the engine goes on meanwhile.

    Args:
        batches: the rows; a batch may have any size.
        schema: schema of the file; every batch has it.
        path: the file, replaced in one step.
        order: columns the rows are sorted by.
    """
    partial = path.with_name(f"{path.name}.partial")
    # Least and greatest text help a reader only where rows are sorted by it, and cost a tenth of the encoding.
    told = [field.name for field in schema if field.name in order or not pa.types.is_string(field.type)]
    with (
        pq.ParquetWriter(
            partial, schema, compression="zstd", compression_level=1, write_page_index=False, write_statistics=told or False
        ) as writer,
        ThreadPoolExecutor(1, thread_name_prefix="parquet") as encoder,
    ):
        rows = 0
        encoding: Future[None] | None = None
        for group in _groups(batches, schema):
            rows += group.num_rows
            if encoding:
                encoding.result()
            encoding = encoder.submit(writer.write_table, group, row_group_size=ROWS_PER_GROUP)
        if encoding:
            encoding.result()
    publish_file(partial, path)
    return rows


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Regroup the rows: every group full but the last."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += batch.num_rows
        while held >= ROWS_PER_GROUP:
            table = pa.Table.from_batches(waiting, schema)
            yield table.slice(0, ROWS_PER_GROUP).combine_chunks()
            waiting = table.slice(ROWS_PER_GROUP).to_batches()
            held -= ROWS_PER_GROUP
    if held:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()
