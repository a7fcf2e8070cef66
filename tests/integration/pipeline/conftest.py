"""One small practice province, its release, a plan of it and its inspectors, made once for all tests of the chain."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evenhand.pipeline import Build, BuildReport, StageDone, build
from evenhand.pipeline.inspectors import Library, library_of_release
from evenhand.pipeline.planning import PlanFolder, make_plan, open_plan, period_of, write_plan
from evenhand.pipeline.teaming import Surroundings, surroundings_of
from evenhand.practice import write_province
from evenhand.publish import Release, open_release
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


@pytest.fixture(scope="session")
def held(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


@pytest.fixture(scope="session")
def quarter(held: Release, tmp_path_factory: pytest.TempPathFactory) -> PlanFolder:
    """The plan of the third quarter, written."""
    out = tmp_path_factory.mktemp("plan")
    write_plan(make_plan(held, shipped_pack(), period=period_of("2026Q3", asof=ASOF)), out)
    return open_plan(out)


@pytest.fixture(scope="session")
def around(held: Release) -> Surroundings:
    """Last teams, phones and offices."""
    return surroundings_of(held)


@pytest.fixture(scope="session")
def able_people(held: Release) -> Library:
    """The library of inspectors; each is qualified for everything, so that the small province can fill its visits."""
    library = library_of_release(held)
    return replace(library, people=tuple(replace(one, lines=("生产", "销售", "餐饮", "特殊食品")) for one in library.people))
