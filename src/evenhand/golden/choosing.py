"""Choosing: the value of every field of every subject, and the history of the fields that have more than one.

Most subjects have one value per field: one pass finds them by smallest and largest value. Only the others are weighed, all fields
in one pass. Places are weighed for everybody, because sites are made of them; so is the registered status.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.gathering import CHOSEN, Gathered
from evenhand.golden.rules import SurvivorRules
from evenhand.golden.survivors import ranked, standings

__all__ = ["Weighed", "best_values", "decoded", "history_rows", "weigh"]


@dataclass(frozen=True)
class Weighed:
    """What speaks for each value."""

    found: ir.Table
    """One row per sid, field and value that was weighed, as `standings` gives them; `winner` is the smallest standing of the field."""


def weigh(gathered: Gathered, rules: SurvivorRules, *, engine: Engine) -> Weighed:
    """Weigh every field: `CHOSEN` where a subject has several values, status and place everywhere."""
    rows, spread, registrations = gathered.rows, gathered.spread, gathered.registrations
    asked = [ranked(registrations, rules["status"], registrations.value), ranked(rows, rules["place"], rows.site_key)]
    for name in CHOSEN:
        several = rows.semi_join(spread.filter(spread[f"{name}_lo"] != spread[f"{name}_hi"]), "sid")
        asked.append(ranked(several, rules[name], several[name], good=_good(several, name, rules)))
    found = standings(ibis.union(*asked, distinct=False), rules.fields, rules.reasons)
    return Weighed(engine.save(found.mutate(winner=found.standing.min().over(group_by=("sid", "field")))))


def best_values(weighed: Weighed) -> ir.Table:
    """One row per sid that was weighed: `<field>_best` for every field; NULL where the field was not weighed."""
    won = weighed.found.filter(weighed.found.standing == weighed.found.winner)
    return won.group_by("sid").agg(
        **{f"{name}_best": (won.field == name).ifelse(won.value, ibis.null("string")).max() for name in (*CHOSEN, "status")}
    )


def history_rows(weighed: Weighed, record: ir.Table) -> ir.Table:
    """Rows of `history`, with sid: fields of subjects that have more than one value; places as they are written."""
    found = weighed.found
    # Two matching keys may be written alike (one row had a county, the other none): in history they are one value.
    written = found.filter(found.field == "place").drop("value").join(record.select("record_id", value="place"), "record_id")
    by = written.standing
    places = written.group_by("sid", "field", "value").agg(
        standing=by.min(), winner=written.winner.min(), rule=written.rule.min(), record_id=written.record_id.argmin(by), reason=written.reason.argmin(by),
        record_count=written.record_count.sum(), source_count=written.source_count.max(), first_seen=written.first_seen.min(), last_seen=written.last_seen.max(),
    )  # fmt: skip
    shown = (found.field == "uscc").ifelse(decoded(found.value)[0], found.value)
    others = found.filter(found.field != "place").mutate(value=shown)
    rows = ibis.union(others, places.select(*others.columns), distinct=False)
    rows = rows.mutate(values=rows.count().over(group_by=("sid", "field")), chosen=rows.standing == rows.winner)
    return rows.filter(rows["values"] > 1)


def decoded(coded: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
    """A code and its state, which travel together as `code|state`."""
    return coded.re_extract(r"^(.*)\|[a-z]*$", 1).nullif(""), coded.re_extract(r"\|([a-z]*)$", 1).nullif("")


def _good(rows: ir.Table, name: str, rules: SurvivorRules) -> ir.BooleanValue | None:
    if name == "uscc":
        return rows.uscc.endswith("|valid") | rows.uscc.endswith("|warning")
    if name == "phone":
        return rows.phone.re_search(rules.phone_pattern)
    return None
