"""One engine for all tests of this folder, and cleanings as functions from cells to cells."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standardise.dictionaries import Dictionaries, read_dictionaries
from evenhand.standardise.layers import apply_steps, plain

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

    def run(steps: Clean | Sequence[Clean], cells: list[str | None], *, source: str = "甲") -> list[Any]:
        row = [steps] if callable(steps) else steps
        table = ibis.memtable(
            pa.table({"at": list(range(len(cells))), "cell": pa.array(cells, pa.string()), "source": [source] * len(cells)})
        )
        done = apply_steps(table, {"cell": [step if step.__code__.co_argcount == 2 else plain(step) for step in row]})
        return engine.arrow(done.order_by("at"))["cell"].to_pylist()

    return run
