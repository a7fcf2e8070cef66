"""Votes: what the place, the issuer and every source say about the office of one place of business.

Offices, voters and places are whole numbers here, and weights are whole thousandths, so that sums are the same on every engine. Most
records name an office by its full name; a name without its bureau (华大市场监督管理所) is looked up in the county of the place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.jurisdiction.areas import BUREAU, Areas
from evenhand.jurisdiction.rules import PLACE_VOTERS, VoteRules

__all__ = ["MILLI", "NO", "Cast", "cast_votes", "filled", "gather_units"]

MILLI: Final = 1000
"""Weights are counted in thousandths."""
NO: Final = ibis.literal(value=False)
_VOTE: Final = ("uid", "voter", "num", "weight", "count", "live", "last", "outside", "said")


@dataclass(frozen=True, kw_only=True)
class Cast:
    """All votes and the places they are about."""

    units: ir.Table
    """One row per site, and per subject without any: uid, subject_id, site_id, is_main, county, town, stated, stated_num."""
    votes: ir.Table
    """One row per unit, voter and office: uid, voter, num, weight (thousandths), count, live (records that count), last, outside, said."""


def gather_units(subject: ir.Table, site: ir.Table, areas: Areas, *, engine: Engine) -> ir.Table:
    """One row per site, and per subject without any.

    Returns:
        uid (in the order of subject and site), subject_id, site_id, is_main, alone (no other site of the subject), key (of the place; "" without), place, road, county
        (where the address tells none, that of the subject's credit code), town, stated: what golden chose for the subject, at its other sites what their record says.
    """
    theirs = subject.select(owner="subject_id", chosen="office", code=subject.uscc.substr(2, 6), alone=subject.site_count.fill_null(0) <= 1)
    placed = site.join(theirs, site.subject_id == theirs.owner)
    key = ibis.coalesce(placed.place_key, placed.place, ibis.literal(""))
    sites = placed.select(
        "subject_id", "site_id", "is_main", "alone", "place", "road", "code", key=key, county="county_code", town="town_code",
        stated=placed.is_main.ifelse(placed.chosen, placed.office),
    )  # fmt: skip
    nowhere = subject.anti_join(site, "subject_id")
    null = ibis.null("string")
    rest = nowhere.select(
        "subject_id", site_id=null, is_main=True, alone=True, place=null, road=null, code=nowhere.uscc.substr(2, 6), key=ibis.literal(""), county="county_code",
        town="town_code", stated="office",
    )  # fmt: skip
    every = ibis.union(sites, rest.select(*sites.columns), distinct=False)
    seats = areas.seats.select(seat_code="code", seat="county")
    every = every.left_join(seats, every.code == seats.seat_code)
    every = every.mutate(county=ibis.coalesce(every.county, every.seat)).drop("code", "seat_code", "seat")
    return engine.save(every.mutate(uid=ibis.row_number().over(order_by=("subject_id", ibis.asc("site_id", nulls_first=True)))))


def cast_votes(units: ir.Table, tables: Mapping[str, ir.Table], areas: Areas, rules: VoteRules, *, engine: Engine) -> Cast:
    """Let the place, the issuers and the sources vote (投票).

    Args:
        units: from `gather_units`.
        tables: record; membership; licence, with issuer and site.
        areas: who answers for what on the day.
        rules: weights.
        engine: saves what is used twice.
    """
    heard = engine.save(_heard(units, tables["record"], tables["membership"], areas, rules))
    units = engine.save(_with_town(units, heard, areas))
    sources, place = _source_votes(heard, rules), _place_votes(units, areas, rules, engine)
    votes = ibis.union(sources, place, _issuer_votes(units, tables["licence"], areas, rules), distinct=False)
    return Cast(units=units, votes=engine.save(votes))


def named(rows: ir.Table, column: str, areas: Areas) -> ir.Table:
    """Add `num`, `office_county`, `is_open` of the office in `column`: by its full name, else by its own name in the county `county` of the row."""
    known = areas.offices.select(full_="office", full_num_="num", full_county_="county", full_open_="is_open")
    own = areas.names.select(own_county_="county", own_="own", own_num_="num")
    rows = rows.left_join(known, rows[column] == known.full_)
    rows = rows.left_join(own, [rows.county == own.own_county_, rows[column] == own.own_])
    return rows.mutate(
        num=ibis.coalesce(rows.full_num_, rows.own_num_), office_county=rows.full_num_.isnull().ifelse(rows.own_county_, rows.full_county_),
        is_open=ibis.coalesce(rows.full_open_, rows.own_num_.notnull()),
    ).drop("full_", "full_num_", "full_county_", "full_open_", "own_county_", "own_", "own_num_")  # fmt: skip


def _heard(units: ir.Table, record: ir.Table, membership: ir.Table, areas: Areas, rules: VoteRules) -> ir.Table:
    """One row per record that can be told to a unit: uid, voter, num (null: no office named), day, live, outside, town."""
    voters = [(record.kind == kind, ibis.literal(len(PLACE_VOTERS) + 1 + n, "int64")) for n, kind in enumerate(rules.sources)]
    speaking = record.filter(record.kind.isin(list(rules.sources)), record.office.notnull() | record.town_code.notnull())
    rows = speaking.select(
        "record_id", "office", day="observed_on", rtown="town_code", voter=ibis.cases(*voters, else_=ibis.null("int64")),
        rkey=ibis.coalesce(record.place_key, record.place, ibis.literal("")),
    )  # fmt: skip
    rows = rows.join(membership.select("record_id", owner="subject_id"), "record_id").drop("record_id")
    placed = units.filter(units.key != "").select("uid", "county", "town", home=units.subject_id + units.key)
    alone = units.filter(units.alone).select("uid", "county", "town", home="subject_id")
    homes = ibis.union(placed, alone, distinct=False)
    # Subject and place are one text: of two conditions an engine may take the place alone first, and thousands share a place.
    rows = rows.mutate(at=rows.owner + rows.rkey)
    rows = rows.join(homes, rows.at == homes.home)
    rows = named(rows, "office", areas)
    former = areas.former.select(past_town="town", past_num="num", until="until")
    rows = rows.left_join(former, [rows.town == former.past_town, rows.num == former.past_num])
    live = rows.is_open & ~(rows.day <= rows.until).fill_null(NO)
    return rows.select(
        "uid",
        "voter",
        "num",
        "day",
        live=live.cast("int64"),
        outside=_outside(rows),
        town=rows.town.isnull().ifelse(rows.rtown, ibis.null("string")),
    )


def _outside(rows: ir.Table) -> ir.IntegerValue:
    return (rows.office_county != rows.county).fill_null(NO).cast("int64")


def _with_town(units: ir.Table, heard: ir.Table, areas: Areas) -> ir.Table:
    """Where the site's address names no town but other records of the same place do, and all the same, that is its town; the stated office numbered."""
    told = heard.filter(heard.town.notnull()).group_by(told_uid="uid").agg(lo=ibis._.town.min(), hi=ibis._.town.max())
    rows = units.left_join(told, units.uid == told.told_uid)
    rows = rows.mutate(town=ibis.coalesce(rows.town, (rows.lo == rows.hi).ifelse(rows.lo, ibis.null("string")))).drop(
        "told_uid", "lo", "hi"
    )
    return named(rows, "stated", areas).rename(stated_num="num", stated_county="office_county", stated_open="is_open")


def _source_votes(heard: ir.Table, rules: VoteRules) -> ir.Table:
    """A kind of source has one vote; where its records name several offices, it is parted by their number."""
    known = heard.filter(heard.num.notnull())
    votes = known.group_by("uid", "voter", "num").agg(
        count=known.count(), live=known.live.sum(), last=known.day.max(), outside=known.outside.max()
    )
    torn = votes.group_by(torn_uid="uid", torn_voter="voter").agg(total=votes["count"].sum(), offices=votes.count())
    torn = torn.filter(torn.offices > 1)
    votes = votes.left_join(torn, [votes.uid == torn.torn_uid, votes.voter == torn.torn_voter])
    base = ibis.cases(
        *[(votes.voter == rules.voters.index(kind), _milli(weight)) for kind, weight in rules.sources.items()], else_=_milli(0)
    )
    counted = (votes.outside == 1).ifelse((base * round(rules.outside * MILLI)) // MILLI, base)
    weight = counted * votes.live // ibis.coalesce(votes.total, votes["count"])
    return _vote(votes, weight=weight, said=ibis.null("string"))


def _place_votes(units: ir.Table, areas: Areas, rules: VoteRules, engine: Engine) -> ir.Table:
    said, number = rules.evidence, rules.voters.index
    here = units.select("uid", "county", "town", "road", "place")
    by_town = here.join(areas.towns.rename(t_town="town"), here.town == areas.towns.town)
    town = _vote(by_town, voter=number("town"), weight=_milli(rules.place.town), said=filled(said.town, town=by_town.area))
    words = here.filter(here.county.isin(list(areas.word_counties)))
    words = words.mutate(word=words.place.re_extract("|".join(areas.word_list) or "^$", 0))
    by_word = words.join(areas.words, ["county", "word"])
    zone = _vote(by_word, voter=number("zone"), weight=_milli(rules.place.zone), said=filled(said.zone, word=by_word.word))
    exact = engine.save(ibis.union(town, zone, distinct=False))
    open_ = engine.save(here.filter(here.county.notnull()).anti_join(exact, "uid"))
    roads = _station_roads(by_town, rules)
    by_road = open_.join(roads, ["county", "road"])
    road = engine.save(_vote(by_road, voter=number("road"), weight=_milli(rules.place.road), said=filled(said.road, road=by_road.road)))
    by_county = open_.anti_join(road, "uid").join(areas.bureaus, "county")
    county = _vote(by_county, voter=number("county"), weight=_milli(rules.place.county), said=ibis.literal(said.county))
    return ibis.union(exact, road, county, distinct=False)


def _station_roads(by_town: ir.Table, rules: VoteRules) -> ir.Table:
    """Roads of a county whose sites with a town lie almost all in one office's area: county, road, num."""
    seen = by_town.filter(by_town.road.notnull()).group_by("county", "road", "num").agg(sites=ibis._.count())
    roads = seen.group_by("county", "road").agg(sites=seen.sites.sum(), most=seen.sites.max())
    sure = roads.filter(roads.sites >= rules.road.least_sites, roads.most * MILLI >= roads.sites * round(rules.road.least_share * MILLI))
    # A share above a half belongs to one office alone.
    return (
        seen.join(sure.select("county", "road", "most"), ["county", "road"])
        .filter(ibis._.sites == ibis._.most)
        .select("county", "road", "num")
    )


def _issuer_votes(units: ir.Table, licence: ir.Table, areas: Areas, rules: VoteRules) -> ir.Table:
    bureaus = areas.offices.filter(areas.offices["rank"] == BUREAU).select("num", "county", issuer="office")
    issued = licence.select("site_id", "issuer", "issued_on").join(bureaus, "issuer")
    found = issued.group_by("site_id", "num").agg(count=issued.count(), last=issued.issued_on.max())
    found = found.join(units.select("uid", "site_id"), "site_id")
    votes = found.mutate(live=found["count"], outside=ibis.literal(0, "int64"))
    return _vote(votes, voter=rules.voters.index("issuer"), weight=_milli(rules.issuer), said=ibis.null("string"))


def _vote(rows: ir.Table, *, weight: ir.IntegerValue, said: ir.StringValue, voter: int | None = None) -> ir.Table:
    """Rows in the shape of a vote; a vote from the place counts nothing and has no day."""
    from_place = "count" not in rows.columns
    nought, never = ibis.literal(0, "int64"), ibis.null("date")
    counted = (
        {"count": nought, "live": nought, "last": never, "outside": nought}
        if from_place
        else {c: rows[c] for c in ("count", "live", "last", "outside")}
    )
    return rows.select(
        uid=rows.uid,
        voter=rows.voter if voter is None else ibis.literal(voter, "int64"),
        num=rows.num,
        weight=weight.cast("int64"),
        said=said,
        **counted,
    ).select(*_VOTE)


def filled(template: str, **values: ir.StringValue) -> ir.StringValue:
    """A sentence of the rules with its one `{slot}` filled."""
    [(slot, value)] = values.items()
    before, _, after = template.partition(f"{{{slot}}}")
    return ibis.literal(before) + value + ibis.literal(after)


def _milli(weight: float) -> ir.IntegerValue:
    return ibis.literal(round(weight * MILLI), "int64")
