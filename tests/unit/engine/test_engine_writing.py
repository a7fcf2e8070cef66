"""Parquet whose bytes depend on the rows and their order alone."""

import hashlib
from pathlib import Path

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


@pytest.mark.parametrize("size", [7, 1_000, 122_880, 300_000])
def test_bytes_do_not_depend_on_how_batches_were_cut(size: int, tmp_path: Path):
    write_parquet(_batches(300_000, 65_536), SCHEMA, tmp_path / "one.parquet")

    assert write_parquet(_batches(300_000, size), SCHEMA, tmp_path / "two.parquet") == 300_000

    assert _digest(tmp_path / "one.parquet") == _digest(tmp_path / "two.parquet")


def test_a_write_that_fails_leaves_no_file_of_that_name(tmp_path: Path):
    def broken():
        yield _batches(10, 10)[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_parquet(broken(), SCHEMA, tmp_path / "table.parquet")

    assert not (tmp_path / "table.parquet").exists()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_rows_in_any_order_and_any_threads_give_the_same_bytes(threads: int, tmp_path: Path):
    rows = pa.table({"a": range(200_000), "b": [str(n) for n in range(200_000)]}, SCHEMA)
    turned = rows.take([(n * 77_773) % 200_000 for n in range(200_000)])
    write_parquet(rows.to_batches(), SCHEMA, tmp_path / "sorted.parquet", order=("a",))

    with Engine(scratch=tmp_path / "scratch", threads=threads, memory_gib=1) as engine:
        written = engine.write(engine.table(turned), tmp_path / "table.parquet", order=("a",))

    assert written == 200_000
    assert _digest(tmp_path / "table.parquet") == _digest(tmp_path / "sorted.parquet")


def test_texts_carry_their_bounds_only_where_rows_are_sorted_by_them(tmp_path: Path):
    schema = pa.schema({"a": pa.string(), "b": pa.string(), "c": pa.int64()})
    write_parquet(pa.table({"a": ["x"], "b": ["y"], "c": [1]}, schema).to_batches(), schema, tmp_path / "table.parquet", order=("a",))

    group = pq.read_metadata(tmp_path / "table.parquet").row_group(0)

    assert [group.column(place).is_stats_set for place in range(3)] == [True, False, True]


def test_a_group_that_cannot_be_encoded_is_told_and_leaves_no_file(tmp_path: Path):
    batches = pa.table({"a": ["no number"], "b": ["x"]}).to_batches()

    with pytest.raises(pa.ArrowException):
        write_parquet(batches, SCHEMA, tmp_path / "table.parquet")

    assert not (tmp_path / "table.parquet").exists()


def test_nulls_come_first_in_the_order(tmp_path: Path):
    with Engine(scratch=tmp_path / "scratch", memory_gib=1) as engine:
        table = engine.table(pa.table({"a": pa.array([2, None, 1])}))
        engine.write(table, tmp_path / "table.parquet", order=("a",))

        assert engine.arrow(engine.read(tmp_path / "table.parquet"))["a"].to_pylist() == [None, 1, 2]
