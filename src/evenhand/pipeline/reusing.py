"""Reuse: kinds of extract whose sources, rules and program have not changed since the previous release are taken over from it.

A standardised extract is a function of its own sources, the rule pack and the program, never of other kinds; so the file of the previous
release is the file that would be written. What comes after (records, links, golden values) is worked out again from all kinds.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import evenhand
from evenhand.publish import MANIFEST
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue
from evenhand.standards import EXTRACTS

__all__ = ["kept_kinds", "kind_keys", "take_over", "with_kept", "without"]


def kind_keys(catalogue: Catalogue, pack: Pack) -> dict[str, str]:
    """Return by kind the digest of everything its standardised extract is a function of; "" where a database may have changed unseen."""
    keys = {}
    for kind in EXTRACTS:
        sources = catalogue.of_kind(kind)
        said = [
            asdict(replace(source, files=()))
            | {"files": [(catalogue.label(path), catalogue.sha256(path)) for path in source.files if path.is_file()]}
            for source in sources
        ]
        text = json.dumps([evenhand.__version__, pack.digest, kind, said], ensure_ascii=False, sort_keys=True, default=str)
        keys[kind] = "" if any(source.url for source in sources) else hashlib.sha256(text.encode()).hexdigest()
    return keys


def kept_kinds(keys: Mapping[str, str], previous: Path | None) -> dict[str, Path]:
    """Return by kind the file of the previous release that stands for it again."""
    if previous is None:
        return {}
    before = json.loads((previous / MANIFEST).read_text("utf-8")).get("kinds", {})
    return {kind: previous / f"{kind}.parquet" for kind, key in keys.items() if key and before.get(kind) == key}


def without(catalogue: Catalogue, kinds: Collection[str]) -> Catalogue:
    """Return the catalogue of the sources that are still to be read."""
    return replace(catalogue, sources=tuple(source for source in catalogue.sources if source.kind not in kinds))


def with_kept(collected: Mapping[str, Any], kept: Mapping[str, Path]) -> dict[str, Any]:
    """Return what was read (`Collected.to_json`) with what the previous release says of the kinds taken over, in the order of kinds."""
    if not kept:
        return dict(collected)
    before = json.loads((next(iter(kept.values())).parent / MANIFEST).read_text("utf-8"))
    whole: dict[str, Any] = {"catalogue": collected["catalogue"]}
    rows = collected["kinds"] | {kind: pq.read_metadata(path).num_rows for kind, path in kept.items()}
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
