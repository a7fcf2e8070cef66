"""Sites: one row per subject and place, and which place is the main one."""

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.choosing import Weighed
from evenhand.golden.gathering import Gathered
from evenhand.golden.rules import SurvivorRules
from evenhand.golden.survivors import standings, winners
from evenhand.standards import TABLES

__all__ = ["PLACE_PARTS", "main_places", "place_history", "site_id", "site_rows", "weigh_places"]

PLACE_PARTS = ("place", "city_code", "county_code", "town_code", "road", "house_no")


def site_id(subject_id: ir.StringValue, site_key: ir.StringValue) -> ir.StringValue:
    """Return `T` and 16 hexadecimal digits, a fixed function of subject and place."""
    return ibis.literal("T") + (subject_id + "|" + site_key).hexdigest("md5").substr(0, 16)


def weigh_places(gathered: Gathered, rules: SurvivorRules, *, engine: Engine) -> Weighed:
    """Weigh the places of every subject: the value is the matching key of the address, else its text."""
    rows = gathered.rows
    placed = rows.filter(rows.site_key.notnull()).select("sid", "record_id", "kind", "source", "observed_on", value="site_key", good=ibis.literal(True))  # noqa: FBT003 — a literal column
    found = engine.save(standings(placed, rules["place"], rules.reasons))
    return Weighed(rules["place"], found, engine.save(winners(found)))


def site_rows(weighed: Weighed, gathered: Gathered, record: ir.Table) -> ir.Table:
    """The table `site`, each with the address of the record that stands for it."""
    rows = weighed.found.join(weighed.best.select("sid", main="standing"), "sid").join(gathered.subjects, "sid")
    rows = rows.join(record.select("record_id", *PLACE_PARTS, "place_key", "office"), "record_id")
    named = rows.mutate(site_id=site_id(rows.subject_id, rows.value), is_main=rows.standing == rows.main)
    return named.select(*TABLES["site"].names).cast(TABLES["site"].schema)


def main_places(weighed: Weighed, record: ir.Table) -> ir.Table:
    """One row per subject with a place: sid and the address of its main site."""
    return weighed.best.select("sid", "record_id").join(record.select("record_id", *PLACE_PARTS), "record_id").drop("record_id")


def place_history(weighed: Weighed, record: ir.Table) -> Weighed:
    """The same with the address as written for value; two keys written alike become one."""
    found = weighed.found
    several = found.group_by("sid").agg(values=ibis._.count())
    written = found.semi_join(several.filter(several["values"] > 1), "sid").drop("value").join(record.select("record_id", value="place"), "record_id")
    by = written.standing
    alike = written.group_by("sid", "value").agg(
        standing=by.min(), record_id=written.record_id.argmin(by), reason=written.reason.argmin(by), record_count=written.record_count.sum(), source_count=written.source_count.max(),
        first_seen=written.first_seen.min(), last_seen=written.last_seen.max(),
    )  # fmt: skip
    return Weighed(weighed.rule, alike, weighed.best)
