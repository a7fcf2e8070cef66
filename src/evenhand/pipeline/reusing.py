"""Reuse: what has not changed since the previous release is taken over from it, extracts kind by kind, later stages as wholes.

A standardised extract is a function of its own sources, the rule pack and the program, never of other kinds; so the file of the previous
release is the file that would be written, and when every kind is kept, so is the table of records. What a later stage is a function of, the
release says in `stages.json` (tracing.py).

Only a release that is what its name says is taken over from, and of it only files that have the digest it states.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

import evenhand
from evenhand.engine import file_sha256
from evenhand.errors import BadInput, Problem
from evenhand.pipeline.manifest import release_name
from evenhand.pipeline.messages import PREVIOUS_DAMAGED
from evenhand.publish import MANIFEST
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["STAGES_FILE", "Before", "kept_tables", "kind_keys", "take_over", "with_kept", "without"]

STAGES_FILE: Final = "stages.json"


class Before:
    """The previous release. What it says counts only as far as its name vouches for it; its tables are what their bytes are."""

    def __init__(self, folder: Path) -> None:
        """Look at a whole release."""
        self.folder = folder
        self._digests: dict[str, str] = {}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Its manifest; empty when that is not the one it was named by."""
        try:
            said = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        except ValueError:
            return {}
        if not isinstance(said, dict) or not {"release", "asof", "kinds", "tables", "stages"} <= said.keys():
            return {}
        return said if said.pop("release") == release_name(said) else {}

    @cached_property
    def stages(self) -> dict[str, Any]:
        """By stage, what it was a function of, as `stages.json` says; empty when another program wrote it or the manifest names another file."""
        path = self.folder / STAGES_FILE
        same = self.manifest.get("version") == evenhand.__version__ and path.is_file() and file_sha256(path) == self.manifest["stages"]
        if not same:
            return {}
        return dict(json.loads(path.read_text("utf-8")))

    def table(self, name: str) -> Path:
        """File of a table."""
        return self.folder / f"{name}.parquet"

    def sha256(self, name: str) -> str:
        """SHA-256 of a table's file, hashed once."""
        if name not in self._digests:
            self._digests[name] = file_sha256(self.table(name))
        return self._digests[name]

    def is_sound(self, name: str) -> bool:
        """Whether a table is the one its manifest names."""
        return bool(self.sha256(name) == self.manifest["tables"].get(name, {}).get("sha256"))

    def read(self, name: str) -> Path:
        """File of a table that a stage goes on from; unlike one that would be taken over, it has no substitute.

        Raises:
            BadInput: it is not the one the manifest names, or no table of that name at all.
        """
        path = self.table(name)
        try:
            names = pq.read_schema(path).names
        except (pa.ArrowInvalid, OSError):
            names = []
        if names != list(TABLES[name].names) or (self.manifest and not self.is_sound(name)):
            raise BadInput(Problem(PREVIOUS_DAMAGED, {"path": path}))
        return path


def kind_keys(catalogue: Catalogue, pack: Pack) -> dict[str, str]:
    """Return by kind the digest of all that its standardised extract is a function of; "" where a database may have changed unseen."""
    keys = {}
    for kind in EXTRACTS:
        sources = catalogue.of_kind(kind)
        said = [
            asdict(replace(source, files=(), links={}))
            | {"files": [(catalogue.label(path), catalogue.sha256(path)) for path in source.files if path.is_file()]}
            for source in sources
        ]
        text = json.dumps([evenhand.__version__, pack.law, kind, said], ensure_ascii=False, sort_keys=True, default=str)
        keys[kind] = "" if any(source.url for source in sources) else hashlib.sha256(text.encode()).hexdigest()
    return keys


def kept_tables(keys: Mapping[str, str], before: Before | None) -> dict[str, Path]:
    """Return by name the files of the previous release that stand again: those of unchanged kinds, and when no kind changed, the table of records."""
    if before is None or not before.manifest:
        return {}
    said = before.manifest["kinds"]
    kept = {kind: before.table(kind) for kind, key in keys.items() if key and said.get(kind) == key and before.is_sound(kind)}
    whole = len(kept) == len(EXTRACTS) and before.is_sound("record")
    return kept | ({"record": before.table("record")} if whole else {})


def without(catalogue: Catalogue, kinds: Collection[str]) -> Catalogue:
    """Return the catalogue of the sources that are still to be read."""
    return replace(catalogue, sources=tuple(source for source in catalogue.sources if source.kind not in kinds))


def with_kept(collected: Mapping[str, Any], kept: Mapping[str, Path]) -> dict[str, Any]:
    """Return what was read (`Collected.to_json`) with what the previous release says of the kinds taken over, in the order of kinds."""
    if not kept:
        return dict(collected)
    before = json.loads((next(iter(kept.values())).parent / MANIFEST).read_text("utf-8"))
    kinds = [kind for kind in EXTRACTS if kind in kept]
    whole: dict[str, Any] = {"catalogue": collected["catalogue"]}
    rows = collected["kinds"] | {kind: before["tables"][kind]["rows"] for kind in kinds}
    whole["kinds"] = dict(sorted(rows.items()))
    place = {kind: n for n, kind in enumerate(EXTRACTS)}
    for part in ("sources", "files"):
        told = [*collected[part], *(one for one in before[part] if one["kind"] in kept)]
        whole[part] = sorted(told, key=lambda one: place[one["kind"]])
    return whole


def take_over(path: Path, to: Path) -> int:
    """Put the file of the previous release where this build wants it, and return its number of rows."""
    try:
        os.link(path, to)
    except OSError:  # another disk
        shutil.copyfile(path, to)
    return pq.read_metadata(to).num_rows
