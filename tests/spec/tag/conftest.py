"""Shared by the tests of tags: one engine, the shipped rules, and subjects made of a few cells."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.rulebook import shipped_pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.tag import TagRules, read_tag_rules, tag_subjects

Given = Callable[..., dict[str, set[str]]]


@pytest.fixture(scope="session")
def tag_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(scratch=tmp_path_factory.mktemp("scratch"), threads=2, memory_gib=1.0) as engine:
        yield engine


@pytest.fixture(scope="session")
def tag_rules() -> TagRules:
    return read_tag_rules(shipped_pack())


@pytest.fixture(scope="session")
def tags_of(tag_engine: Engine, tag_rules: TagRules) -> Given:
    """Return the tag codes of each subject: `tables` are rows by table name; rows of extracts name their `subject_id`."""

    def given(**tables: list[dict[str, Any]]) -> dict[str, set[str]]:
        members = [
            {"record_id": f"{kind}{n}", "subject_id": row["subject_id"]}
            for kind, rows in tables.items()
            if kind in EXTRACTS
            for n, row in enumerate(rows)
        ]
        made = {"membership": _table("membership", members)}
        for name, rows in tables.items():
            made[name] = _table(name, [row | {"record_id": f"{name}{n}"} for n, row in enumerate(rows)] if name in EXTRACTS else rows)
        found = tag_engine.arrow(
            tag_subjects({n: tag_engine.table(t) for n, t in made.items()}, rules=tag_rules, engine=tag_engine, asof=date(2026, 6, 30))
        )
        codes: dict[str, set[str]] = {}
        for row in found.to_pylist():
            codes.setdefault(row["subject_id"], set()).add(row["code"])
        return codes

    return given


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = (standard_schema(EXTRACTS[name]) if name in EXTRACTS else TABLES[name].schema).to_pyarrow()
    return pa.Table.from_pylist([{field.name: row.get(field.name) for field in schema} for row in rows], schema=schema)
