"""One small practice province, its release, a plan of it and its inspectors, made once for all tests of the chain."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

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
    """Progress that nobody watches; it can break the build off after a stage."""

    def __init__(self, *, until: str = "") -> None:
        """Break off after the stage `until`."""
        self.until = until
        self.kept: dict[str, str] = {}

    def started(self, name: str, title: str) -> None:
        """Say nothing."""

    def advanced(self, done: int, total: int, text: str) -> None:
        """Say nothing."""

    def finished(self, stage: StageDone) -> None:
        """Note why the stage did not run, if it did not."""
        self.kept[stage.name] = stage.kept
        if stage.name == self.until:
            raise KeyboardInterrupt


def build_quietly(sources: Path, out: Path, *, progress: Quiet | None = None, **said: Any) -> BuildReport:
    order = Build(**{"sources": sources, "out": out, "asof": ASOF, "pack": shipped_pack(), "memory_gib": 2} | said)
    return build(order, progress=progress or Quiet())


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


def that_says_nothing(release: Path, into: Path) -> Path:
    """A copy of a release that does not say what it was made of: ids go on from it, but nothing can be taken over."""
    to = into / release.name
    shutil.copytree(release, to)
    manifest = json.loads((to / "manifest.json").read_text("utf-8"))
    (to / "manifest.json").write_text(json.dumps(manifest | {"kinds": {}}, ensure_ascii=False), "utf-8")
    (to / "stages.json").unlink()
    return to


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
