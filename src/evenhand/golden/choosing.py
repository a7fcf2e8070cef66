"""Choosing: the value of every field of every subject, and the history of the fields that have more than one.

Most subjects have one value per field: one pass finds them by smallest and largest value. Only the others are weighed, all fields
in one pass. Places are weighed for everybody, because sites are made of them. Words are made last, for the rows of history alone.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.gathering import CHOSEN, Gathered
from evenhand.golden.rules import SurvivorRules
from evenhand.golden.survivors import deciding_rule, ranked, reasons_of, standings

__all__ = ["best_values", "decoded", "history_rows", "weigh"]

_STATES: Final = ("valid", "warning", "wrong", "empty")


def weigh(gathered: Gathered, rules: SurvivorRules, *, engine: Engine) -> ir.Table:
    """Weigh every field: `CHOSEN` and the status where a subject has several values, the place everywhere.

    Returns:
        One row per sid, field and value that was weighed, as `standings` gives them; `winner` is the smallest standing of the field,
        `value_count` how many values the field has.
    """
    rows, registrations = gathered.rows, gathered.registrations
    asked = [ranked(rows, rules, "place", rows.site_key)]
    status = registrations.group_by("sid").agg(lo=registrations.value.min(), hi=registrations.value.max())
    doubtful = registrations.semi_join(status.filter(status.lo != status.hi), "sid")
    asked.append(ranked(doubtful, rules, "status", doubtful.value))
    for name in CHOSEN:
        several = rows.semi_join(gathered.several.filter(gathered.several[name]), "sid")
        asked.append(ranked(several, rules, name, several[name], good=_good(several, name, rules)))
    found = standings(ibis.union(*asked, distinct=False), rules.fields)
    together = {"group_by": ("sid", "field")}
    return engine.save(found.mutate(winner=found.standing.min().over(**together), value_count=found.count().over(**together)))


def best_values(weighed: ir.Table, rules: SurvivorRules) -> ir.Table:
    """One row per sid with a field of several values: `<field>_best` for every field but the place; NULL where it has one value or none."""
    won = weighed.filter(weighed.standing == weighed.winner, weighed.field != rules.place_of("place"))
    nothing = ibis.null("string")
    return won.group_by("sid").agg(
        **{f"{name}_best": (won.field == rules.place_of(name)).ifelse(won.value, nothing).max() for name in (*CHOSEN, "status")}
    )


def history_rows(weighed: ir.Table, sites: ir.Table, rules: SurvivorRules) -> ir.Table:
    """Rows of `history`, with sid and rid: fields of subjects that have more than one value; places as they are written."""
    place = rules.place_of("place")
    found = weighed.filter(weighed.value_count > 1).drop("value_count")
    # Two matching keys may be written alike (one row had a county, the other none): in history they are one value.
    written = found.filter(found.field == place).drop("value").join(sites.select("sid", "rid", value="place"), ["sid", "rid"])
    first = {name: written[name].argmin(written.standing) for name in ("rank", "rid", "good")}
    counted = {"record_count": written.record_count.sum(), "source_count": written.source_count.max()}
    days = {"first_seen": written.first_seen.min(), "last_seen": written.last_seen.max()}
    said = {f"said_{name}": written[name].argmin(written.standing) for name in ("source_count", "last_seen")}
    places = written.group_by("sid", "field", "value").agg(
        standing=written.standing.min(), winner=written.winner.min(), **first, **counted, **days, **said
    )
    shown = (found.field == rules.place_of("uscc")).ifelse(decoded(found.value)[0], found.value)
    others = found.filter(found.field != place).mutate(value=shown, said_source_count=found.source_count, said_last_seen=found.last_seen)
    rows = ibis.union(others.select(*places.columns), places, distinct=False)
    chosen = rows.standing == rows.winner
    following = chosen.ifelse(ibis.null("int64"), rows.standing).min().over(group_by=("sid", "field"))
    rows = rows.mutate(chosen=chosen, rival=chosen.ifelse(following, rows.winner))
    rows = rows.filter(rows.rival.notnull())
    names = ibis.cases(*[(rows.field == n, ibis.literal(rule.field)) for n, rule in enumerate(rules.fields)], else_="")
    reason = reasons_of(rows, rules.fields, rules.reasons, agreeing=rows.said_source_count, latest=rows.said_last_seen)
    return rows.mutate(rule=deciding_rule(rows.field, rows.standing, rows.rival, rules.fields), reason=reason, field=names)


def decoded(coded: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
    """A code and its state, which travel together as `code|state`."""
    state = ibis.cases(*[(coded.endswith(f"|{name}"), ibis.literal(name)) for name in _STATES], else_="")
    return coded.left(coded.length() - state.length() - 1).nullif(""), state.nullif("")


def _good(rows: ir.Table, name: str, rules: SurvivorRules) -> ir.BooleanValue | None:
    if name == "uscc":
        return rows.uscc.endswith("|valid") | rows.uscc.endswith("|warning")
    if name == "phone":
        return rows.phone.re_search(rules.phone_pattern)
    return None
