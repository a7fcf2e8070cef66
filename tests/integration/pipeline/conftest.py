"""One small practice province and its release, made once for all tests of the chain."""

from datetime import date
from pathlib import Path

import pytest

from evenhand.pipeline import Build, BuildReport, StageDone, build
from evenhand.practice import write_province
from evenhand.rulebook import shipped_pack

ASOF = date(2026, 6, 30)


class Quiet:
    """Progress that nobody watches."""

    def started(self, name: str, title: str) -> None:
        """Say nothing."""

    def advanced(self, done: int, total: int, text: str) -> None:
        """Say nothing."""

    def finished(self, stage: StageDone) -> None:
        """Say nothing."""


def build_quietly(
    sources: Path, out: Path, *, threads: int = 2, previous: Path | None = None, decisions: Path | None = None
) -> BuildReport:
    order = Build(
        sources=sources, out=out, asof=ASOF, pack=shipped_pack(), previous=previous, decisions=decisions, threads=threads, memory_gib=2
    )
    return build(order, progress=Quiet())


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts of 400 subjects, with faults and truth."""
    out = tmp_path_factory.mktemp("province")
    write_province(out, subjects=400, seed=11, asof=ASOF, pack=shipped_pack())
    return out


@pytest.fixture(scope="session")
def built(province: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """The release of that province."""
    return build_quietly(province / "sources.toml", tmp_path_factory.mktemp("releases"))
