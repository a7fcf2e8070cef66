"""Small worlds for tests of repair: records with their membership, and what repair proposes about them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from evenhand.decisions import Decisions
from evenhand.engine import Engine
from evenhand.repair import NEEDED, propose
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import make_extract, make_records

__all__ = ["make_membership", "proposals"]

Row = dict[str, Any]


def make_membership(rows: Sequence[Row], subjects: Mapping[str, tuple[str, str]] | None = None) -> pa.Table:
    """One membership per record: of its own code, else of `subjects` (record → code, rule), else alone."""
    given, members = subjects or {}, []
    for row in rows:
        own = row["uscc"] if row["uscc_state"] in {"valid", "warning"} else None
        code, rule = (own, "LK-01") if own else given.get(row["record_id"], (row["record_id"], "LK-90"))
        members.append(
            {"record_id": row["record_id"], "subject_id": f"S{code}", "own_id": f"S{code}", "rule": rule, "score": 1.0, "evidence": "一致"}
        )
    return pa.Table.from_pylist(members, schema=TABLES["membership"].schema.to_pyarrow())


def proposals(
    engine: Engine,
    rows: Sequence[Row],
    *,
    subjects: Mapping[str, tuple[str, str]] | None = None,
    cells: Mapping[str, Row] | None = None,
    decisions: Decisions | None = None,
    pack: Pack | None = None,
) -> dict[str, list[Row]]:
    """Proposals by record, by rank.

    Args:
        engine: session of the test.
        rows: rows of `record`.
        subjects: code and rule of the subject that a record without a valid code was put to.
        cells: raw cells of a record's row in its extract.
        decisions: what people decided.
        pack: another pack than the shipped one.
    """
    extracts = {}
    for kind in NEEDED:
        mine = [{"record_id": row["record_id"], **(cells or {}).get(row["record_id"], {})} for row in rows if row["kind"] == kind]
        extracts[kind] = engine.table(make_extract(kind, mine))
    table = propose(
        engine.table(make_records(rows)), engine.table(make_membership(rows, subjects)), extracts,
        pack=pack or shipped_pack(), engine=engine, decisions=decisions,
    )  # fmt: skip
    found: dict[str, list[Row]] = {}
    for row in engine.arrow(table.order_by("record_id", "rank", "after")).to_pylist():
        found.setdefault(row["record_id"], []).append(row)
    return found
