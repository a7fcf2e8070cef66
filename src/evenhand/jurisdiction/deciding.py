"""Deciding: which office the votes of one place of business speak for, how clearly, and what that means for the office of the sources.

Stations stand against each other; the bureau of a county is taken only where no station is named, and bureaus above never. A rank is
written as one whole number: thousandths of weight first, then whether the place itself spoke, then the smaller number of the office.
"""

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.jurisdiction.areas import ABOVE, BUREAU, STATION, Areas
from evenhand.jurisdiction.rules import VoteRules
from evenhand.jurisdiction.votes import MILLI, NO, Cast, filled
from evenhand.standards import OfficeState

__all__ = ["decide", "vote_rows"]

_OFFICES: Final = 1_000_000
"""More than a province has offices: the size of the last place of a rank."""


def decide(cast: Cast, areas: Areas, rules: VoteRules, *, due: date | None, engine: Engine) -> ir.Table:
    """Decide every unit (判定).

    Args:
        cast: units and votes.
        areas: the offices.
        rules: thresholds and wording.
        due: day until which disputes are to be answered.
        engine: saves what is used twice.

    Returns:
        One row per unit: columns of `TABLES["jurisdiction"]`.
    """
    tallied = engine.save(_tallied(cast, areas, rules))
    best = engine.save(_best(tallied))
    second = _second(tallied, best)
    said = cast.votes.filter(cast.votes.said.notnull())
    said = said.mutate(key=said.voter * _OFFICES + said.num)  # the most exact place first
    told = said.group_by(told_uid="uid").agg(place_said=said.said.argmin(said.key), place_num=said.key.min() % _OFFICES)
    rows = cast.units.left_join(best, cast.units.uid == best.best_uid)
    rows = rows.left_join(second, rows.uid == second.second_uid)
    rows = rows.left_join(told, rows.uid == told.told_uid)
    elsewhere = engine.save(_elsewhere(cast, best))
    rows = rows.left_join(elsewhere, rows.uid == elsewhere.else_uid)
    rows = rows.mutate(
        share=rows.best_score.cast("float64") / (rows.total + round(rules.doubt * MILLI)), agreeing=rows.voters - rows.against.fill_null(0),
    )  # fmt: skip
    for name, number in (
        ("office", rows.best_num),
        ("second", rows.second_num),
        ("stated_known", rows.stated_num),
        ("place", rows.place_num),
    ):
        side = areas.offices.select(**{f"{name}_n": "num", f"{name}_name": "office", f"{name}_rank": "rank"})
        rows = rows.left_join(side, number == side[f"{name}_n"])
    rows = rows.mutate(state=_state(rows, rules))
    same = rows.stated_num == rows.best_num
    rival = ibis.cases(
        (rows.state != OfficeState.DISPUTED.value, ibis.null("string")),
        (same.fill_null(NO), rows.second_name),
        else_=ibis.coalesce(rows.stated_known_name, rows.second_name),
    )
    disputed = (rows.state == OfficeState.DISPUTED.value).ifelse(ibis.literal(due, "date"), ibis.null("date"))
    return rows.select(
        "subject_id", "site_id", "is_main", county_code="county", town_code="town", stated="stated", office="office_name", rival=rival, state="state",
        confidence=rows.share.fill_null(0.0).round(4), reason=_reason(rows, rules), due_on=disputed, vote_count=rows.voters.fill_null(0),
    )  # fmt: skip


def vote_rows(cast: Cast, areas: Areas, rules: VoteRules) -> ir.Table:
    """Columns of `TABLES["jurisdiction_vote"]`: one row per unit, voter and office."""
    votes, said, number = cast.votes, rules.evidence, rules.voters.index
    rows = votes.join(cast.units.select("uid", "subject_id", "site_id"), "uid").join(
        areas.offices.select("num", "office", "is_open"), "num"
    )
    count, day = rows["count"].cast("string"), rows["last"].cast("string").fill_null("?")
    before, _, after = said.source.partition("{day}")
    told = ibis.cases(
        (rows.said.notnull(), rows.said), (rows.voter == number("issuer"), filled(said.issuer, count=count)),
        else_=filled(before, count=count) + day + ibis.literal(after),
    )  # fmt: skip
    spoiled = ibis.cases(
        (~rows.is_open, said.closed), (rows.live < rows["count"], said.former), (rows.outside == 1, said.outside), else_="",
    )  # fmt: skip
    return rows.select(
        "subject_id", "site_id", "office", voter=ibis.cases(*[(rows.voter == n, ibis.literal(name)) for n, name in enumerate(rules.voters)], else_=""),
        weight=rows.weight.cast("float64") / MILLI, evidence=told + spoiled, record_count=rows["count"], last_seen=rows["last"],
    )  # fmt: skip


def _tallied(cast: Cast, areas: Areas, rules: VoteRules) -> ir.Table:
    """One row per unit and office with any weight: uid, num, rank, score, key, sources (kinds that name it)."""
    votes = cast.votes.filter(cast.votes.weight > 0)
    from_place = votes.voter < rules.voters.index("county")
    source = votes.voter > rules.voters.index("issuer")
    scores = votes.group_by("uid", "num").agg(
        score=votes.weight.sum(), by_place=from_place.cast("int64").max(), sources=source.cast("int64").sum()
    )
    scores = scores.join(areas.offices.select("num", "rank"), "num")
    return scores.mutate(key=(scores.score * 2 + scores.by_place) * _OFFICES + (_OFFICES - 1 - scores.num))


def _best(tallied: ir.Table) -> ir.Table:
    """The office of each unit: the first station, else the first bureau of a county; counts of all stations."""
    null = ibis.null("int64")
    station, bureau = tallied["rank"] == STATION, tallied["rank"] == BUREAU
    found = tallied.group_by(best_uid="uid").agg(
        station=station.ifelse(tallied.key, null).max(), bureau=bureau.ifelse(tallied.key, null).max(), stations=station.cast("int64").sum(),
        station_score=station.ifelse(tallied.score, 0).sum(), bureau_score=bureau.ifelse(tallied.score, 0).sum(), voters=tallied.sources.sum(),
    )  # fmt: skip
    key = ibis.coalesce(found.station, found.bureau)
    return found.filter(key.notnull()).select(
        "best_uid", "stations", "voters", best_key=key, best_num=_OFFICES - 1 - key % _OFFICES, best_score=key // _OFFICES // 2, by_place=key // _OFFICES % 2 == 1,
        total=found.station.isnull().ifelse(found.bureau_score, found.station_score),
    )  # fmt: skip


def _second(tallied: ir.Table, best: ir.Table) -> ir.Table:
    """The station that comes next, where several are named."""
    several = best.filter(best.stations > 1).select("best_uid", "best_key")
    others = tallied.filter(tallied["rank"] == STATION).join(several, tallied.uid == several.best_uid)
    others = others.filter(others.key != others.best_key).group_by(second_uid="uid").agg(key=ibis._.key.max(), against=ibis._.sources.sum())
    return others.select("second_uid", "against", second_num=_OFFICES - 1 - others.key % _OFFICES)


def _elsewhere(cast: Cast, best: ir.Table) -> ir.Table:
    """Units whose stated office answers for another site of the same subject: else_uid."""
    placed = cast.units.filter(~cast.units.alone).join(best.filter(best.by_place), [cast.units.uid == best.best_uid])
    sites = placed.select("subject_id", other_uid="uid", stated_num="best_num")
    asked = cast.units.filter(~cast.units.alone).select("uid", "subject_id", "stated_num")
    found = asked.join(sites, ["subject_id", "stated_num"])
    return found.filter(found.uid != found.other_uid).select(else_uid="uid").distinct()


def _state(rows: ir.Table, rules: VoteRules) -> ir.StringValue:
    least = rules.least
    is_station = rows.office_rank == STATION
    same = (rows.stated_num == rows.best_num).fill_null(NO)
    return ibis.cases(
        (rows.best_num.isnull(), OfficeState.UNKNOWN.value),
        (same & (rows.share >= least.agreed), OfficeState.AGREED.value),
        (same, OfficeState.DISPUTED.value),
        ((rows.stated_known_rank == ABOVE).fill_null(NO), OfficeState.DISPUTED.value),
        (~is_station, OfficeState.UNKNOWN.value),
        (rows.else_uid.notnull(), OfficeState.DISPUTED.value),
        (rows.by_place & (rows.share >= least.corrected) & (rows.agreeing >= least.agreeing), OfficeState.CORRECTED.value),
        # Nothing stands against it: the office that was stated is none, or none was stated.
        ((rows.stated_num.isnull() | ~rows.stated_open) & (rows.share >= least.corrected), OfficeState.CORRECTED.value),
        else_=OfficeState.DISPUTED.value,
    )


def _reason(rows: ir.Table, rules: VoteRules) -> ir.StringValue:
    said = rules.reasons
    same = (rows.stated_num == rows.best_num).fill_null(NO)
    first = ibis.cases(
        (rows.best_num.isnull(), ibis.literal(said.unknown)), (same, ibis.literal(said.same)), (rows.stated.isnull(), ibis.literal(said.empty)),
        (rows.stated_num.isnull(), ibis.literal(said.unlisted)), (~rows.stated_open, ibis.literal(said.closed)),
        (rows.stated_known_rank == ABOVE, ibis.literal(said.above)), (rows.else_uid.notnull(), filled(said.elsewhere, stated=rows.stated)), else_=filled(said.stated, stated=rows.stated),
    )  # fmt: skip
    place = ibis.cases(
        (rows.place_num == rows.best_num, filled(said.place, evidence=rows.place_said)),
        (rows.place_rank == STATION, filled(said.other_place, evidence=rows.place_said)), else_=ibis.literal(said.no_place),
    )  # fmt: skip
    against, agreeing = rows.against.fill_null(0), rows.agreeing
    parts = [
        rows.best_num.notnull().ifelse(ibis.literal("；") + place, ""),
        (agreeing > 0).ifelse(ibis.literal("；") + filled(said.for_, count=agreeing.cast("string")), ""),
        (against > 0).ifelse(ibis.literal("；") + filled(said.against, count=against.cast("string")), ""),
        (rows.office_rank == BUREAU).ifelse(ibis.literal("；" + said.bureau), ""),
    ]
    text = first
    for part in parts:
        text = text + part.fill_null("")
    return text
