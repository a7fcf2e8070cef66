"""The likeness model, its weights estimated from the data alone, links public benchmarks that had no part in its making."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.febrl import agreement, link_febrl
from evenhand.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(scratch=tmp_path) as session:
        yield session


@pytest.mark.parametrize(("name", "recall"), [("febrl1", 0.98), ("febrl4", 0.99)])
def test_the_model_links_a_public_benchmark(engine, name, recall):
    told = agreement(*link_febrl(name, engine))

    assert told.precision >= 0.9995
    assert told.recall >= recall


def test_a_wrong_pair_and_a_missing_pair_are_counted():
    told = agreement(["rec-1-org", "rec-1-dup-0", "rec-2-org", "rec-2-dup-0"], {("rec-1-dup-0", "rec-1-org"), ("rec-1-org", "rec-2-org")})

    assert (told.true, told.found, told.right, told.precision, told.recall) == (2, 2, 1, 0.5, 0.5)
