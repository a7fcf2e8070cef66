"""Anchors: what a subject's id is derived from, and how an id is made.

A subject with a valid code is anchored by that code; any other by the smallest record id among its records. The id is a fixed
function of the anchor, so it is the same in every build that holds the anchor.
"""

import ibis
import ibis.expr.types as ir

__all__ = ["VALID", "filled", "subject_id"]

VALID = ("valid", "warning")
"""States of a code that make it an anchor."""


def subject_id(anchor: ir.StringValue) -> ir.StringValue:
    """Return `S` and 16 hexadecimal digits: the first half of the MD5 of the anchor (an index, not a secret)."""
    return ibis.literal("S") + anchor.hexdigest("md5").substr(0, 16)


def filled(table: ir.Table, columns: tuple[str, ...]) -> list[ir.BooleanValue]:
    """Conditions that every column has a value."""
    return [table[c].notnull() & (table[c].cast("string") != "") for c in dict.fromkeys(columns)]
