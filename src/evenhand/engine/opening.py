"""Which engine a build asks for, and what is said when it is not here."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from evenhand.engine.session import Engine
from evenhand.errors import BadInput, Message, Problem

__all__ = ["NO_SPARK", "EngineName", "has_spark", "open_engine"]

EngineName = Literal["duckdb", "spark"]
"""Engines a build may ask for."""

NO_SPARK: Final = Message(
    "ENGINE-01",
    zh="没有安装 Spark。请运行 ./run setup（含 Spark 和 Java），或者不写 --engine，用本机的 DuckDB，结果相同。",
    en="Spark is not installed. Run ./run setup (it brings Spark and Java), or leave --engine out: DuckDB gives the same tables.",
)


def has_spark() -> bool:
    """Whether the extra `spark` is installed."""
    return find_spec("pyspark") is not None


def open_engine(name: EngineName, *, scratch: Path, threads: int = 2, memory_gib: float = 3.0, master: str | None = None) -> Engine:
    """Open a session with the engine of that name.

    Args:
        name: `duckdb` or `spark`.
        scratch: folder for what does not fit into memory, or (Spark) for saved tables.
        threads: how many threads may run on this machine.
        memory_gib: memory the engine may hold on this machine.
        master: Spark only: where it runs; None for this machine.

    Raises:
        BadInput: Spark is asked for and not installed.
    """
    if name == "duckdb":
        return Engine(scratch=scratch, threads=threads, memory_gib=memory_gib)
    if not has_spark():
        raise BadInput(Problem(NO_SPARK))
    from evenhand.engine.spark import SparkEngine  # noqa: PLC0415 — an extra, and slow to import

    return SparkEngine(scratch=scratch, threads=threads, memory_gib=memory_gib, master=master)
