"""Parquet that is whole or not there, and whose bytes depend on the rows alone."""

import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.engine import Engine, write_parquet

SCHEMA = pa.schema({"a": pa.int64(), "b": pa.string()})


def _batches(rows: int, size: int) -> list[pa.RecordBatch]:
    table = pa.table({"a": range(rows), "b": [f"值{n % 97}" for n in range(rows)]}, SCHEMA)
    return table.to_batches(max_chunksize=size)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_write_that_fails_leaves_no_file_of_that_name(tmp_path: Path):
    def broken():
        yield _batches(10, 10)[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_parquet(broken(), SCHEMA, tmp_path / "table.parquet")

    assert not (tmp_path / "table.parquet").exists()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_rows_in_any_order_and_any_threads_give_the_same_bytes(threads: int, tmp_path: Path):
    rows = pa.table({"a": range(300_000), "b": [f"值{n % 97}" for n in range(300_000)]}, SCHEMA)
    turned = rows.take([(n * 77_773) % 300_000 for n in range(300_000)])
    with Engine(scratch=tmp_path / "one", threads=1, memory_gib=1) as engine:
        engine.write(engine.table(rows), tmp_path / "sorted.parquet", order=("a",))

    with Engine(scratch=tmp_path / "scratch", threads=threads, memory_gib=1) as engine:
        written = engine.write(engine.table(turned), tmp_path / "table.parquet", order=("a",))

    assert written == 300_000
    assert _digest(tmp_path / "table.parquet") == _digest(tmp_path / "sorted.parquet")
    assert pq.read_table(tmp_path / "table.parquet").equals(rows)


def test_a_sum_of_whole_numbers_stays_a_whole_number(tmp_path: Path):
    with Engine(scratch=tmp_path / "scratch", threads=1, memory_gib=1) as engine:
        table = engine.table(pa.table({"a": [1, 1], "n": [2**60, 1]}))
        engine.write(table.group_by("a").agg(n=table.n.sum()), tmp_path / "table.parquet", order=("a",))

    assert pq.read_table(tmp_path / "table.parquet").to_pylist() == [{"a": 1, "n": 2**60 + 1}]


def test_what_was_saved_and_kept_is_let_go_of(tmp_path: Path):
    with Engine(scratch=tmp_path, threads=1, memory_gib=1) as engine:
        saved = engine.table(pa.table({"a": [1, 2]}))
        kept = engine.keep(saved)
        assert engine.count(saved) == engine.count(kept) == len(list(tmp_path.glob("*.parquet"))) + 1

        engine.forget()

        assert not list(tmp_path.glob("*.parquet"))
        with pytest.raises(duckdb.Error):
            engine.count(saved)
        assert engine.count(engine.table(pa.table({"a": [3]}))) == 1
