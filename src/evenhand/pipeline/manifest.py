"""The manifest: what a release was made of and what it holds. Nothing in it depends on when or where it was built."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import evenhand
from evenhand.decisions import Decisions
from evenhand.publish import RELEASE_TABLES
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue

__all__ = ["make_manifest", "release_name", "write_json"]


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that a person can read, keys in the order given, and flush it to disk."""
    with path.open("w", encoding="utf-8") as handle:
        json.dump(content, handle, ensure_ascii=False, indent=1, default=str)
        handle.flush()
        os.fsync(handle.fileno())


def release_name(said: Mapping[str, Any]) -> str:
    """Return the name of the release that says this of itself: its as-of day and a digest."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return f"{said['asof']}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def make_manifest(
    *,
    catalogue: Catalogue,
    pack: Pack,
    asof: date,
    given: tuple[Decisions, Path | None, Mapping[str, str]],
    tables: Mapping[str, Mapping[str, Any]],
    stages: str,
    facts: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the manifest of a release. It is named by its as-of day and a hash over everything it is a function of and everything it holds.

    Args:
        catalogue: the sources.
        pack: the rules.
        asof: the as-of day.
        given: the decisions, the release before, and by kind what its extract is a function of.
        tables: rows and SHA-256 by name.
        stages: SHA-256 of the file that says what each stage was a function of.
        facts: by stage, what it returned.
    """
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
        "tables": {name: dict(tables[name]) for name in RELEASE_TABLES},
        "stages": stages,
        "quality": facts["validate"]["quality"],
        "quality_rules": facts["validate"]["quality_rules"],
        "link_rules": facts["link"]["link_rules"],
        "repair_rules": facts["repair"]["repair_rules"],
        "grounds_since": facts["grade"]["grounds_since"],
    }
    return {"release": release_name(said)} | said
