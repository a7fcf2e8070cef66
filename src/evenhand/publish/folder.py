"""The folder of releases: names, the pointer to the current one."""

import re
from pathlib import Path
from typing import Final

from evenhand.engine import publish_file
from evenhand.errors import BadInput, Problem
from evenhand.publish.messages import NO_RELEASE, NOT_A_RELEASE
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["MANIFEST", "RELEASE_TABLES", "checked_release", "current_name", "point_to", "release_folder", "release_names"]

RELEASE_TABLES: Final = (*EXTRACTS, *TABLES)
"""Every table of a release: one Parquet file each."""

MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}")


def release_names(releases: Path) -> list[str]:
    """Return the names of all whole releases, oldest as-of day first."""
    return sorted(p.name for p in releases.glob("*") if _NAME.fullmatch(p.name) and (p / MANIFEST).is_file())


def current_name(releases: Path) -> str:
    """Return the name that `CURRENT` holds; raises BadInput when there is none or it names no whole release."""
    pointer = releases / "CURRENT"
    name = pointer.read_text("utf-8").strip() if pointer.is_file() else ""
    if not _NAME.fullmatch(name):
        raise BadInput(Problem(NO_RELEASE, {"path": releases}))
    checked_release(releases / name)
    return name


def checked_release(path: Path) -> Path:
    """Return `path` when every table and the manifest are there; else raise BadInput naming what is missing."""
    missing = [name for name in (MANIFEST, *(f"{t}.parquet" for t in RELEASE_TABLES)) if not (path / name).is_file()]
    if missing:
        raise BadInput(Problem(NOT_A_RELEASE, {"path": path, "missing": "、".join(missing[:3])}))
    return path


def release_folder(path: Path) -> Path:
    """Return the release in `path`, or the current one of a folder of releases."""
    return path / current_name(path) if (path / "CURRENT").is_file() else path


def point_to(releases: Path, name: str) -> None:
    """Make `name` the current release, in one step."""
    partial = releases / "CURRENT.partial"
    partial.write_text(f"{name}\n", "utf-8")
    publish_file(partial, releases / "CURRENT")
