"""Sites: one row per subject and place, and which place is the main one."""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.gathering import Gathered
from evenhand.golden.rules import SurvivorRules
from evenhand.standards import TABLES

__all__ = ["PLACE_PARTS", "main_places", "placed_sites", "site_id", "site_rows"]

PLACE_PARTS: Final = ("place", "city_code", "county_code", "town_code", "road", "house_no")


def site_id(subject_id: ir.StringValue, site_key: ir.StringValue) -> ir.StringValue:
    """Return `T` and 16 hexadecimal digits, a fixed function of subject and place."""
    return ibis.literal("T") + (subject_id + "|" + site_key).hexdigest("md5").substr(0, 16)


def placed_sites(weighed: ir.Table, gathered: Gathered, record: ir.Table, rules: SurvivorRules, *, engine: Engine) -> ir.Table:
    """One row per sid and place: site_key, is_main, site_count of the subject, what `weigh` counted, and the address of the record that stands for it."""
    found = weighed.filter(weighed.field == rules.place_of("place"))
    counted = found.select(
        "sid", "rid", "record_count", "first_seen", "last_seen", site_key="value", site_count="value_count", is_main=found.standing == found.winner,
    )  # fmt: skip
    named = counted.join(gathered.numbers.select("rid", "record_id"), "rid")
    return engine.save(named.join(record.select("record_id", *PLACE_PARTS, "place_key", "office"), "record_id").drop("record_id"))


def site_rows(sites: ir.Table, gathered: Gathered) -> ir.Table:
    """The table `site`."""
    rows = sites.join(gathered.subjects, "sid")
    return rows.mutate(site_id=site_id(rows.subject_id, rows.site_key)).select(*TABLES["site"].names).cast(TABLES["site"].schema)


def main_places(sites: ir.Table) -> ir.Table:
    """One row per subject with a place: sid, site_count, and the address of its main site."""
    return sites.filter(sites.is_main).select("sid", "site_count", *PLACE_PARTS)
