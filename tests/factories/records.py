"""Records for tests of link and golden: a test names what it speaks of, the factory fills in the rest."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from evenhand.standards import EXTRACTS, TABLES, standard_schema

__all__ = ["CODES", "make_extract", "make_record", "make_records"]

CODES = ("91350102MA2XTE0T4E", "92350105MA8UAB1268", "91350100MA31C0DE6H", "91350100M000100Y43")
"""Valid unified codes."""


def make_record(record_id: str, **given: Any) -> dict[str, Any]:
    """One row of `record`: without code, name or place unless given; state and matching forms follow from what is given."""
    row: dict[str, Any] = dict.fromkeys(TABLES["record"].names) | {
        "record_id": record_id, "kind": "operation_licence", "source": "经营许可", "delivery": date(2026, 6, 30), "file": "a.csv", "sheet": "",
        "row": 2, "fault": "", "observed_on": date(2026, 1, 1),
    } | given  # fmt: skip
    row["uscc_state"] = given.get("uscc_state", ("valid" if row["uscc"] in CODES else "wrong") if row["uscc"] else "empty")
    row["name_match"] = given.get("name_match", row["name"])
    row["name_core"] = given.get("name_core", row["name"])
    return row


def make_records(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """An Arrow table with the schema of `record`."""
    return pa.Table.from_pylist([dict(r) for r in rows], schema=TABLES["record"].schema.to_pyarrow())


def make_extract(kind: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """An Arrow table with the standard schema of one kind of extract; what a row does not give is null."""
    schema = standard_schema(EXTRACTS[kind])
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | {"kind": kind} | dict(r) for r in rows], schema=schema.to_pyarrow())
