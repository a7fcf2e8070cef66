"""A build on a previous release takes over what has not changed, and gives what a build from scratch gives."""

import json
import shutil
from pathlib import Path

import pytest

from evenhand.pipeline import BuildReport
from evenhand.publish import RELEASE_TABLES
from evenhand.sources import read_catalogue
from tests.integration.pipeline.conftest import build_quietly, that_says_nothing

CHANGED = {"complaint", "small_registration"}


@pytest.fixture(scope="module")
def next_month(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province again, with some rows gone from two kinds of extract."""
    folder = tmp_path_factory.mktemp("next") / "province"
    shutil.copytree(province, folder)
    catalogue = read_catalogue(folder / "sources.toml")
    files = [path for kind in CHANGED for source in catalogue.of_kind(kind) for path in source.files if path.suffix == ".csv"]
    for path in files:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:4] + lines[8:]))
    assert files
    return folder / "sources.toml"


def test_what_has_not_changed_is_taken_over_and_the_release_is_that_of_a_build_from_scratch(
    built: BuildReport, next_month: Path, tmp_path: Path
):
    quick = build_quietly(next_month, tmp_path / "quick", previous=built.release)
    full = build_quietly(next_month, tmp_path / "full", previous=that_says_nothing(built.release, tmp_path))

    inode = {name: (built.release / f"{name}.parquet").stat().st_ino for name in RELEASE_TABLES}
    taken = {name for name in RELEASE_TABLES if (quick.release / f"{name}.parquet").stat().st_ino == inode[name]}
    assert {"registration", "inspection", "operation_licence"} <= taken
    assert not taken & CHANGED
    parts = ("release", "tables", "files", "sources")
    assert json.dumps([quick.manifest[part] for part in parts]) == json.dumps([full.manifest[part] for part in parts])
    assert (quick.release / "stages.json").read_bytes() == (full.release / "stages.json").read_bytes()
    assert quick.manifest["kinds"]["complaint"] != built.manifest["kinds"]["complaint"]
