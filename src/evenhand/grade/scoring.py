"""The reference engine, first half: the points of one subject on one day, straight from the rules, each with its reason (逐项计分)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evenhand.grade.days import FOREVER, add_months, counts_from
from evenhand.grade.dossier import Dossier, Ground, Value, passes
from evenhand.grade.ruleset import GradeRules, most
from evenhand.grade.shapes import TENTHS, Active, Indicator, Latest, Model, Ratio, Scheme, Way, band_points, tenths

__all__ = ["Point", "Since", "is_new", "latest_of", "matching", "points_on", "ratio_points", "score_text", "share", "still_points"]

Since = Mapping[str, date]
"""First day of each kind of ground that the sources deliver; a kind that they do not deliver is missing, and nothing is told of it."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One indicator's points, in tenths: `used` counts; it could be from `low` to `high`, of `most`. `why`: the sentence; `grounds`: what it rests on."""

    indicator: Indicator
    used: int
    low: int
    high: int
    most: int
    known: bool
    why: str
    grounds: tuple[Ground, ...] = ()


def share(most_tenths: int, numerator: int, denominator: int) -> int:
    """Return a share of points in tenths, half a tenth rounded up; never more than all.

    >>> share(240, 1, 3), share(240, 5, 3)
    (80, 240)
    """
    return min(most_tenths, (2 * most_tenths * numerator + denominator) // (2 * denominator))


def still_points(dossier: Dossier, model: Model, scheme: Scheme, rules: GradeRules) -> dict[str, Point]:
    """Return the points of what the subject is, by indicator: they are the same on every day."""
    return {one.id: _of_ways(one, dossier.facts, rules, most(one, scheme)) for one in rules.indicators(model.name, scheme) if one.ways}


def points_on(
    dossier: Dossier, model: Model, scheme: Scheme, rules: GradeRules, *, day: date, since: Since, still: Mapping[str, Point]
) -> tuple[Point, ...]:
    """Return the points of every indicator on a day, in the order of the scheme's parts. `still`: what `still_points` gave."""
    indicators = rules.indicators(model.name, scheme)
    return tuple(still[one.id] if one.ways else _point(one, dossier, model, scheme, day, since) for one in indicators)


def _point(one: Indicator, dossier: Dossier, model: Model, scheme: Scheme, day: date, since: Since) -> Point:
    top = most(one, scheme)
    if one.active:
        return _of_active(one, one.active, dossier, scheme, top, day, since)
    if one.latest:
        return _of_latest(one, one.latest, dossier, scheme, top, day)
    assert one.ratio  # noqa: S101 — the reader lets no indicator through that is none of the four
    return _of_ratio(one, one.ratio, dossier, model, scheme, top, day)


def _of_ways(one: Indicator, facts: Mapping[str, Value], rules: GradeRules, top: int) -> Point:
    if one.unknown and passes(facts, one.unknown):
        return _empty(one, facts, top)
    found = [told for way in one.ways if passes(facts, way.when) and (told := _of_way(way, facts, rules))]
    if not found:
        return Point(indicator=one, used=0, low=0, high=0, most=top, known=True, why="不涉及")
    if one.pick == "first":
        found = found[:1]
    used, _, _, known, why = max(found, key=lambda told: told[0])
    low, high = max(told[1] for told in found), max(told[2] for told in found)
    return Point(indicator=one, used=used, low=low, high=high, most=top, known=known and low == high, why=why)


def _of_way(way: Way, facts: Mapping[str, Value], rules: GradeRules) -> tuple[int, int, int, bool, str] | None:
    """Return (used, low, high, known, why) of one way; None when its code list says nothing of the subject."""
    if way.points is not None:
        points = tenths(way.points)
        return points, points, points, True, _held(way, facts)
    if way.listed:
        tags, listed = facts.get("tags"), rules.lists[way.listed.codes, way.listed.points]
        codes = [t.removeprefix(way.listed.prefix) for t in tags if t.startswith(way.listed.prefix)] if isinstance(tags, frozenset) else []
        scored = sorted(((listed[code], code) for code in codes if code in listed), reverse=True)
        return (scored[0][0], scored[0][0], scored[0][0], True, f"类别编号 {scored[0][1]}") if scored else None
    number = facts.get(way.fact)
    if isinstance(number, Decimal):
        points = tenths(band_points(way.bands, number))
        return points, points, points, True, f"{number.normalize():f}"
    given = [tenths(band.points) for band in way.bands]
    return tenths(way.empty or Decimal(0)), min(given), max(given), False, "未填写"


def _held(way: Way, facts: Mapping[str, Value]) -> str:
    tags = facts.get("tags")
    wanted = way.when["tags"].any if "tags" in way.when else ()
    held = [tag for tag in wanted if isinstance(tags, frozenset) and tag in tags]
    return "、".join(held) or "、".join(str(facts.get(name)) for name in way.when if name != "tags") or "默认"


def _empty(one: Indicator, facts: Mapping[str, Value], top: int, why: str = "") -> Point:
    told = next(empty for empty in one.empty if passes(facts, empty.when))
    used = share(top, told.percent, 100)
    low, high = (used, used) if told.sure else (0, top)
    return Point(indicator=one, used=used, low=low, high=high, most=top, known=told.sure, why=why or told.why)


def _interval(ground: Ground, months: int | None, scheme: Scheme) -> tuple[date, date]:
    """Return from which day, and up to which day (no longer on it), a ground counts in the score."""
    begins = counts_from(ground.day, scheme.cycle)
    return begins, add_months(begins, months) if months else counts_from(ground.until or FOREVER, scheme.cycle)


def _of_active(one: Indicator, active: Active, dossier: Dossier, scheme: Scheme, top: int, day: date, since: Since) -> Point:
    if active.ground not in since:
        return Point(indicator=one, used=0, low=0, high=top, most=top, known=False, why="没有这类来源数据，无法判断")
    counting = []
    for ground in matching(dossier.grounds, active.ground, active.where):
        begins, ends = _interval(ground, active.months, scheme)
        if begins <= day < ends:
            counting.append(ground)
    percent = max((step.percent for step in active.steps if step.least <= len(counting)), default=0)
    points = share(top, percent, 100)
    why = f"{len(counting)} 件" if counting else "无"
    return Point(indicator=one, used=points, low=points, high=points, most=top, known=True, why=why, grounds=tuple(counting))


def _of_latest(one: Indicator, latest: Latest, dossier: Dossier, scheme: Scheme, top: int, day: date) -> Point:
    usable = [g for g in matching(dossier.grounds, latest.ground, {}) if g.outcome in latest.percents]
    points = {g: share(top, latest.percents[g.outcome or ""], 100) for g in usable}
    ground = latest_of(points, months=latest.months, scheme=scheme, day=day)
    if ground is None:
        return _empty(one, dossier.facts, top)
    why = f"{ground.day} {ground.outcome}"
    return Point(
        indicator=one,
        used=points[ground],
        low=points[ground],
        high=points[ground],
        most=top,
        known=True,
        why=why,
        grounds=(ground,),
    )


def ratio_points(ground: Ground, ratio: Ratio, model: Model, top: int) -> int | None:
    """Return the points of one inspection in tenths, or None when it tells nothing (DESIGN: key items weigh more than general ones)."""
    key_items, items = ratio.tables[model.checklist]
    if ground.failed is None:
        return share(top, ratio.verdicts[ground.outcome], 100) if ground.outcome in ratio.verdicts else None
    applicable = ground.total or items
    extra = ratio.key_weight - 1
    failed = ground.failed + extra * min(ground.key_failed or 0, ground.failed)
    whole = applicable + extra * ((2 * applicable * key_items + items) // (2 * items))
    return share(top, failed, whole)


def _of_ratio(one: Indicator, ratio: Ratio, dossier: Dossier, model: Model, scheme: Scheme, top: int, day: date) -> Point:
    told = {g: ratio_points(g, ratio, model, top) for g in matching(dossier.grounds, ratio.ground, {})}
    points = {ground: worth for ground, worth in told.items() if worth is not None}
    ground = latest_of(points, months=ratio.months, scheme=scheme, day=day)
    if ground is None:
        if is_new(dossier, scheme, day=day):
            return Point(indicator=one, used=0, low=0, high=top, most=top, known=False, why="新开办，尚未检查，仅按其余各项评定")
        return _empty(one, dossier.facts, top)
    failed = (
        f"不符合 {ground.failed} 项，其中重点项 {ground.key_failed or 0} 项" if ground.failed is not None else f"结果为{ground.outcome}"
    )
    used = points[ground]
    return Point(indicator=one, used=used, low=used, high=used, most=top, known=True, why=f"{ground.day} 检查{failed}", grounds=(ground,))


def is_new(dossier: Dossier, scheme: Scheme, *, day: date) -> bool:
    """Return whether the subject opened less than the scheme's `new_months` before the day."""
    founded = dossier.facts.get("founded")
    return scheme.new_months is not None and isinstance(founded, date) and day < add_months(founded, scheme.new_months)


def latest_of(points: Mapping[Ground, int], *, months: int | None, scheme: Scheme, day: date) -> Ground | None:
    """Return the ground that counts on the day: the latest that has begun to count, of one day the worst; None when it no longer counts."""
    begun = [g for g in points if counts_from(g.day, scheme.cycle) <= day]
    if not begun:
        return None
    ground = max(begun, key=lambda g: (g.day, points[g]))
    return ground if months is None or day < add_months(counts_from(ground.day, scheme.cycle), months) else None


def matching(grounds: tuple[Ground, ...], kind: str, where: Mapping[str, tuple[str, ...]]) -> Iterator[Ground]:
    """Give the grounds of a kind whose cells are among those wanted."""
    for ground in grounds:
        if ground.kind == kind and all(getattr(ground, name) in wanted for name, wanted in where.items()):
            yield ground


def score_text(points_in_tenths: int) -> str:
    """Return points as people write them.

    >>> score_text(305), score_text(300)
    ('30.5', '30')
    """
    whole, tenth = divmod(points_in_tenths, TENTHS)
    return f"{whole}.{tenth}" if tenth else str(whole)
