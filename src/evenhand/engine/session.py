"""One session with the embedded engine: reads, saves and writes tables."""

import logging
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot.expressions as sge

from evenhand.engine.writing import publish_file

if TYPE_CHECKING:
    from splink import Linker, SettingsCreator

__all__ = ["Engine", "peak_memory_bytes"]

_ROWS_PER_GROUP: Final = 122_880

# Fusing writes the steps of an expression into one another: compiling a wide extract takes twice as long, running it no less.
ibis.options.sql.fuse_selects = False


def peak_memory_bytes() -> int:
    """Largest resident memory of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Engine:
    """A session with DuckDB. Close it, or use it in a `with` block.

    Args:
        scratch: folder for what does not fit into memory; made when missing.
        threads: how many threads may run; results never depend on it.
        memory_gib: memory the engine may hold before it spills to `scratch`.
    """

    def __init__(self, *, scratch: Path, threads: int = 2, memory_gib: float = 3.0) -> None:
        """Open the session."""
        scratch.mkdir(parents=True, exist_ok=True)
        self._backend = ibis.duckdb.connect(
            threads=threads,
            memory_limit=f"{memory_gib}GB",
            temp_directory=str(scratch),
            preserve_insertion_order=False,
            # Memory given back to the system is asked for again at once: a tenth of the time went into that, and the peak is the same.
            allocator_flush_threshold="16GB",
            allocator_bulk_deallocation_flush_threshold="16GB",
        )
        self._scratch, self._saved = scratch, 0

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """Close the session."""
        self.close()

    def close(self) -> None:
        """Let go of memory and of the scratch folder."""
        self._backend.disconnect()

    def beside(self) -> "Engine":
        """Return the session with the embedded engine: this one. For what only that engine can do."""
        return self

    def read(self, path: Path | Sequence[Path]) -> ir.Table:
        """Return the table of one Parquet file, or of several with the same schema."""
        paths = [str(path)] if isinstance(path, Path) else [str(p) for p in path]
        return self._backend.read_parquet(paths)

    def table(self, data: pa.Table) -> ir.Table:
        """Return an Arrow table as a table of the engine."""
        return self.save(ibis.memtable(data))

    def save(self, table: ir.Table) -> ir.Table:
        """Work the expression out once and return the result as a table: for what is used twice."""
        # Ibis's own create_table copies the whole statement twice, which costs small builds a tenth of their time.
        name = self._name()
        target = sge.table_(name, catalog="temp", db="main", quoted=True)
        columns = sge.Schema(this=target, expressions=table.schema().to_sqlglot_column_defs("duckdb"))
        self._backend.raw_sql(sge.Create(kind="TABLE", this=columns, properties=sge.Properties(expressions=[sge.TemporaryProperty()])))
        self._backend.raw_sql(f"INSERT INTO {target.sql('duckdb')} {self._statement(table)}").fetchall()
        # What was created is known: asking the database for it costs small builds a twentieth of their time.
        told = ops.Namespace(catalog="temp", database="main")
        return ops.DatabaseTable(name, schema=table.schema(), source=self._backend, namespace=told).to_expr()

    def keep(self, table: ir.Table) -> ir.Table:
        """Work the expression out into a file of the scratch folder and return that as a table: for what is too big to save."""
        path = self._scratch / f"{self._name()}.parquet"
        self._copy(table, path, options="COMPRESSION snappy")
        return self._backend.read_parquet(str(path))

    def named(self, name: str) -> ir.Table:
        """Return a table of this session by its name: what a library wrote into it."""
        return self._backend.table(name)

    def linker(
        self, tables: Sequence[ir.Table], settings: "SettingsCreator", frequencies: Mapping[str, ir.Table] | None = None
    ) -> "Linker":
        """Return the linkage library's linker over saved tables; `frequencies`: by column, how often each value occurs (`tf_<column>`)."""
        from splink import DuckDBAPI, Linker  # noqa: PLC0415 — a second to import, and most sessions link nothing

        logging.getLogger("splink").setLevel(logging.ERROR)  # it speaks English on the screen of every build
        api = DuckDBAPI(connection=self._backend.con)
        inputs = [api.register(self._backend.con.table(table.get_name())) for table in tables]
        linker = Linker(inputs, settings, log_level=None)
        for column, told in (frequencies or {}).items():
            linker.table_management.register_term_frequency_lookup(
                api.register(self._backend.con.table(self.save(told).get_name())), column
            )
        return linker

    def drop(self, table: ir.Table) -> None:
        """Let go of a table made by `table` or `save`."""
        # Ibis 12.0 names the table in an argument that SQLGlot 30 renamed, so the statement is built here.
        name = sge.table_(table.get_name(), quoted=True)
        self._backend.raw_sql(sge.Drop(kind="TABLE", tables=[name], exists=True).sql("duckdb"))

    def forget(self) -> None:
        """Let go of all that was saved or kept so far, and of what libraries wrote into the session; none of it may be used again."""
        for catalog, schema, name in self._backend.con.sql("SELECT database_name, schema_name, table_name FROM duckdb_tables()").fetchall():
            target = sge.table_(name, db=schema, catalog=catalog, quoted=True)
            self._backend.raw_sql(sge.Drop(kind="TABLE", tables=[target], exists=True).sql("duckdb"))
        for path in self._scratch.glob("saved_*.parquet"):
            path.unlink()

    def arrow(self, table: ir.Table) -> pa.Table:
        """Work the expression out and return it as an Arrow table."""
        return self._backend.to_pyarrow(table)

    def write(self, table: ir.Table, path: Path, *, order: Sequence[str]) -> int:
        """Write the table to one Parquet file, sorted by `order`, and return its number of rows.

        `order` must name a key of the table: then the bytes are the same whatever the order of the input rows and the
        number of threads.
        """
        partial = path.with_name(f"{path.name}.partial")
        rows = self._copy(table, partial, order=order, options=f"COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {_ROWS_PER_GROUP}")
        publish_file(partial, path)
        return rows

    def count(self, table: ir.Table) -> int:
        """Return the number of rows."""
        return int(self._backend.execute(table.count()))

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        """Work the expression out and return it as a stream of record batches; ask nothing else until it is read."""
        # Ibis 12.0 streams through a method that DuckDB 2 renamed, so the stream is opened here.
        yield from self._backend.con.sql(self._statement(table)).to_arrow_reader(_ROWS_PER_GROUP)

    def _copy(self, table: ir.Table, path: Path, *, options: str, order: Sequence[str] = ()) -> int:
        # Types are said once more: Ibis calls a sum of whole numbers int64, DuckDB makes 128 bits of it, which Parquet cannot hold.
        kinds = {one.this.sql("duckdb"): one.kind.sql("duckdb") for one in table.schema().to_sqlglot_column_defs("duckdb")}
        said = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in kinds.items())
        query = f"FROM ({self._statement(table)}) SELECT {said}"
        if order:
            # No row, but any column might be empty: otherwise the schema of the file would say what DuckDB happens to know about its values.
            empty = ", ".join(f"CAST(NULL AS {kind})" for kind in kinds.values())
            keys = ", ".join(f"{sge.to_identifier(name, quoted=True).sql('duckdb')} ASC NULLS FIRST" for name in order)
            query = f"{query} UNION ALL FROM range(0) SELECT {empty} ORDER BY {keys}"
        file = str(path).replace("'", "''")
        return int(self._backend.raw_sql(f"COPY ({query}) TO '{file}' (FORMAT parquet, {options})").fetchone()[0])

    def _statement(self, table: ir.Table) -> str:
        self._backend._run_pre_execute_hooks(table)  # noqa: SLF001 — the hook that makes in-memory tables known
        return str(self._backend.compile(table))

    def _name(self) -> str:
        self._saved += 1
        return f"saved_{self._saved}"
