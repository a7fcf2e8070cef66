"""Sites: one row per subject and place, and which place is the main one."""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.golden.choosing import Weighed
from evenhand.golden.gathering import Gathered
from evenhand.standards import TABLES

__all__ = ["PLACE_PARTS", "main_places", "site_id", "site_rows"]

PLACE_PARTS: Final = ("place", "city_code", "county_code", "town_code", "road", "house_no")


def site_id(subject_id: ir.StringValue, site_key: ir.StringValue) -> ir.StringValue:
    """Return `T` and 16 hexadecimal digits, a fixed function of subject and place."""
    return ibis.literal("T") + (subject_id + "|" + site_key).hexdigest("md5").substr(0, 16)


def site_rows(weighed: Weighed, gathered: Gathered, record: ir.Table) -> ir.Table:
    """The table `site`, each with the address of the record that stands for it."""
    rows = weighed.found.filter(weighed.found.field == "place").join(gathered.subjects, "sid")
    rows = rows.join(record.select("record_id", *PLACE_PARTS, "place_key", "office"), "record_id")
    named = rows.mutate(site_id=site_id(rows.subject_id, rows.value), is_main=rows.standing == rows.winner)
    return named.select(*TABLES["site"].names).cast(TABLES["site"].schema)


def main_places(weighed: Weighed, record: ir.Table) -> ir.Table:
    """One row per subject with a place: sid, site_count, and the address of its main site."""
    found = weighed.found
    placed = found.filter(found.field == "place")
    placed = placed.select("sid", "record_id", main=placed.standing == placed.winner, site_count=placed.count().over(group_by="sid"))
    return placed.filter(placed.main).join(record.select("record_id", *PLACE_PARTS), "record_id").drop("record_id", "main")
