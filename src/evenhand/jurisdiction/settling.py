"""Settling: the office that stands in the register, once the votes are counted (名录中的监管机构).

What is clear is taken: the office that the votes confirm or correct. While two offices are asked, the one the sources name goes on answering;
a name that is no office of the list (有效, 20251013: rows whose columns slipped) is not taken over from them.
"""

import ibis
import ibis.expr.types as ir

from evenhand.standards import TABLES, OfficeState

__all__ = ["settled"]


def settled(rows: ir.Table, jurisdiction: ir.Table, agencies: ir.Table | None, *, key: str) -> ir.Table:
    """Return subjects or sites with the office that answers for them.

    Args:
        rows: the table `subject` or `site`.
        jurisdiction: the decisions, with those of people.
        agencies: names of the offices in the list, column `agency`, once each; None when the authority gave no list.
        key: `subject_id` takes the main place of each subject, `site_id` each place.
    """
    told = jurisdiction.filter(jurisdiction.is_main if key == "subject_id" else jurisdiction.site_id.notnull())
    found = told.select(told_key=told[key], decided="office", open=told.state == OfficeState.DISPUTED.value)
    rows = rows.left_join(found, rows[key] == found.told_key)
    stated = rows.office
    if agencies is not None:
        known = agencies.select(listed="agency")
        rows = rows.left_join(known, rows.office == known.listed)
        stated = rows.listed
    stands = rows.open.fill_null(ibis.literal(value=False)).ifelse(ibis.coalesce(stated, rows.decided), ibis.coalesce(rows.decided, stated))
    table = TABLES[key.removesuffix("_id")]
    return rows.mutate(office=stands).select(*table.names).cast(table.schema)
