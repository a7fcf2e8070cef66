"""Gathering: every record with its number and the number of its subject, so that later steps compare and join whole numbers."""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.standards import EXTRACTS, standard_schema

__all__ = ["CHOSEN", "Gathered", "extract_of", "gather"]

CHOSEN: Final = ("uscc", "organisation_code", "registration_no", "name", "legal_person", "phone", "residence", "office")
"""Fields of a record whose values are chosen one by one; place follows the main site, status the registrations."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The tables golden works on."""

    subjects: ir.Table
    """One row per subject: sid (0, 1, 2 … in the order of ids), subject_id."""
    numbers: ir.Table
    """One row per record with a subject: record_id, rid (0, 1, 2 … in the order of record ids), sid."""
    rows: ir.Table
    """One row per record with a subject: rid, sid, kind, source, observed_on, the fields of `CHOSEN`, site_key."""
    spread: ir.Table
    """One row per subject: counts, first and last day, and `<field>_one` of each field: a value of it, any when it has several."""
    several: ir.Table
    """One row per subject with a field of several values: sid, and of each field of `CHOSEN` whether it is one."""
    registrations: ir.Table
    """One row per registration record: sid, rid, kind, source, delivery, observed_on and its fields."""


def extract_of(standard: Mapping[str, ir.Table], kind: str) -> ir.Table:
    """The extract table of a kind; an empty one when the build has none."""
    return standard[kind] if kind in standard else ibis.memtable(standard_schema(EXTRACTS[kind]).to_pyarrow().empty_table())


def gather(standard: Mapping[str, ir.Table], record: ir.Table, membership: ir.Table, *, engine: Engine) -> Gathered:
    """Number subjects and records, and give every record both numbers."""
    ids = membership.select("subject_id").distinct()
    subjects = engine.save(ids.mutate(sid=ibis.row_number().over(order_by="subject_id")))
    belongs = membership.select("record_id", "subject_id").join(subjects, "subject_id").select("record_id", "sid")
    numbers = engine.save(belongs.mutate(rid=ibis.row_number().over(order_by="record_id")))
    coded = (record.uscc + "|" + record.uscc_state.fill_null("")).name("uscc")
    kept = record.select(
        "record_id",
        "kind",
        "source",
        "observed_on",
        coded,
        *[c for c in CHOSEN if c != "uscc"],
        site_key=ibis.coalesce(record.place_key, record.place),
    )
    # Only what is passed over again and again: the rows of a million subjects stay in memory.
    rows = engine.save(kept.join(numbers, "record_id").drop("record_id"))
    spread = rows.group_by("sid").agg(
        record_count=rows.count(), first_seen=rows.observed_on.min(), last_seen=rows.observed_on.max(), **{f"{c}_one": rows[c].arbitrary() for c in CHOSEN},
    )  # fmt: skip
    spread = engine.save(spread)
    beside = rows.select("sid", *CHOSEN).join(spread.select("sid", *[f"{c}_one" for c in CHOSEN]), "sid")
    differs = beside.select("sid", **{c: beside[c] != beside[f"{c}_one"] for c in CHOSEN})
    differs = differs.filter(functools.reduce(operator.or_, [differs[c] for c in CHOSEN]))
    several = engine.save(differs.group_by("sid").agg(**{c: differs[c].max() for c in CHOSEN}))
    taken = extract_of(standard, "registration").select(
        "record_id", "subject_type", "industry", "scope", "capital", "founded_on", "cancelled_on", value="registration_status",
    )  # fmt: skip
    registered = record.filter(record.kind == "registration").select("record_id", "kind", "source", "delivery", "observed_on")
    registrations = taken.join(registered, "record_id").join(numbers, "record_id").drop("record_id")
    return Gathered(
        subjects=subjects, numbers=numbers, rows=rows, spread=spread, several=several, registrations=engine.save(registrations)
    )  # fmt: skip
