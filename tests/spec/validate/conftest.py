"""Shared by the tests of quality rules: one engine, the shipped pack and its rules."""

from collections.abc import Iterator

import pytest

from evenhand.engine import Engine
from evenhand.rulebook import Pack, shipped_pack
from evenhand.validate import QualityRule, read_rules


@pytest.fixture(scope="session")
def quality_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(scratch=tmp_path_factory.mktemp("scratch"), threads=2, memory_gib=1.0) as engine:
        yield engine


@pytest.fixture(scope="session")
def quality_pack() -> Pack:
    return shipped_pack()


@pytest.fixture(scope="session")
def quality_rules(quality_pack: Pack) -> tuple[QualityRule, ...]:
    return read_rules(quality_pack)
