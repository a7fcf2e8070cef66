"""The manifest: what a release was made of and what it holds. Nothing in it depends on when or where it was built."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import evenhand
from evenhand.decisions import Decisions
from evenhand.engine import file_sha256
from evenhand.publish import RELEASE_TABLES
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue

__all__ = ["make_manifest", "write_json"]


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that a person can read, keys in the order given, and flush it to disk."""
    with path.open("w", encoding="utf-8") as handle:
        json.dump(content, handle, ensure_ascii=False, indent=1, default=str)
        handle.flush()
        os.fsync(handle.fileno())


def make_manifest(
    folder: Path,
    *,
    catalogue: Catalogue,
    pack: Pack,
    asof: date,
    given: tuple[Decisions, Path | None, Mapping[str, str]],
    facts: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the manifest of the release whose tables lie in `folder`; `given` are the decisions, the release before, and by kind what its extract is a function of.

    The release is named by its as-of day and a hash over everything it is a function of and everything it holds.
    """
    tables = {
        name: {"rows": pq.read_metadata(folder / f"{name}.parquet").num_rows, "sha256": file_sha256(folder / f"{name}.parquet")}
        for name in RELEASE_TABLES
    }
    collected = facts["sources"]["collected"]
    decisions, previous, keys = given
    said: dict[str, Any] = {
        "version": evenhand.__version__,
        "asof": asof.isoformat(),
        "practice": catalogue.practice,
        "pack": {"name": pack.name, "digest": pack.digest},
        "decisions": {"digest": decisions.digest, "lines": len(decisions.lines), "standing": len(decisions.standing)},
        "previous": previous.name if previous else None,
        "catalogue": catalogue.digest,
        "sources": collected["sources"],
        "files": collected["files"],
        "kinds": dict(keys),
        "tables": tables,
        "quality": facts["validate"]["quality"],
        "quality_rules": facts["validate"]["quality_rules"],
        "link_rules": facts["link"]["link_rules"],
        "grounds_since": facts["grade"]["grounds_since"],
    }
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
    return {"release": f"{asof.isoformat()}-{digest[:12]}"} | said
