"""One engine for all tests of this folder, and cleanings as functions from cells to cells."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standardise.dictionaries import Dictionaries, read_dictionaries

Clean = Callable[[ir.StringColumn], ir.Column]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(scratch=tmp_path_factory.mktemp("scratch"), threads=1, memory_gib=0.5) as session:
        yield session


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped_pack()


@pytest.fixture(scope="session")
def dictionaries(pack: Pack) -> Dictionaries:
    return read_dictionaries(pack)


@pytest.fixture(scope="session")
def apply(engine: Engine) -> Callable[[Clean, list[str | None]], list[Any]]:
    """Return each cell cleaned, in the order given."""

    def run(clean: Clean, cells: list[str | None]) -> list[Any]:
        table = ibis.memtable(pa.table({"at": list(range(len(cells))), "cell": pa.array(cells, pa.string())}))
        return engine.arrow(table.select("at", out=clean(table.cell)).order_by("at"))["out"].to_pylist()

    return run
