"""The reference engine, second half: the grade of one subject on one day, and its periods over time (评定等级)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from evenhand.grade.days import FOREVER, add_months, counts_from, trigger_cycle
from evenhand.grade.dossier import Dossier, Ground, passes
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.scoring import Point, Since, matching, points_on, still_points
from evenhand.grade.shapes import GRADES, Bands, Model, Scheme, Trigger, tenths

__all__ = ["Fired", "Period", "Standing", "firings", "grade_of", "periods", "standing_on"]


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A trigger at work: from which day, until which day (no longer on it; `FOREVER` while open), by which grounds."""

    trigger: Trigger
    begins: date
    ends: date
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the rules say of one day, before the guard against quick changes. Grades are places in `GRADES`; scores are tenths."""

    day: date
    points: tuple[Point, ...]
    score: int
    low: int
    high: int
    base: int
    due: int
    best: int
    worst: int
    lift: int
    fired: tuple[Fired, ...]
    serious: bool

    @property
    def known_percent(self) -> int:
        """How much of the score rests on something known, in whole percent, rounded down."""
        return 100 * sum(p.most for p in self.points if p.known) // max(1, sum(p.most for p in self.points))


@dataclass(frozen=True, kw_only=True)
class Period:
    """Grade of a subject under one model and scheme from a day until a day (no longer on it; None: nothing known will change it).

    `grade` is what counts; `held`: the guard keeps it from what is due.
    """

    begins: date
    ends: date | None
    scheme: str
    grade: int
    held: bool
    standing: Standing


def grade_of(score: int, bands: Bands) -> int:
    """Return the place in `GRADES` of a score in tenths: half-open bands, exactly one for every score.

    >>> from evenhand.grade.shapes import Source
    >>> bands = Bands(A=30, B=45, C=60, closed="upper", source=Source(title="x", read_on="2026-01-01", confidence="DESIGN"))
    >>> [GRADES[grade_of(score, bands)] for score in (0, 300, 305, 450, 455, 600, 605, 1000)]
    ['A', 'A', 'B', 'B', 'C', 'C', 'D', 'D']
    """
    borders = [tenths(border) for border in (bands.A, bands.B, bands.C)]
    return sum(score > border if bands.closed == "upper" else score >= border for border in borders)


def standing_on(
    dossier: Dossier, model: Model, scheme: Scheme, rules: GradeRules, *, day: date, since: Since, events: Sequence[Fired] | None = None,
    still: Mapping[str, Point] | None = None,
) -> Standing:  # fmt: skip
    """Return points, base grade, triggers at work and the grade due on a day.

    `events`, `still`: what `firings` and `still_points` gave, when it is asked for several days.
    """
    events = firings(dossier, scheme, since) if events is None else events
    still = still_points(dossier, model, scheme, rules) if still is None else still
    points = points_on(dossier, model, scheme, rules, day=day, since=since, still=still)
    used, low, high = (_total(points, scheme, name) for name in ("used", "low", "high"))
    inspected = any(p.indicator.ratio is not None and p.known for p in points)
    fired = tuple(one for one in events if one.begins <= day < one.ends and (inspected or not one.trigger.clean_months))
    base = grade_of(used, scheme.bands)
    due, best, worst = (_moved(grade_of(score, scheme.bands), fired, scheme) for score in (used, low, high))
    return Standing(
        day=day, points=points, score=used, low=low, high=high, base=base, due=due, best=best, worst=worst, lift=due - base, fired=fired,
        serious=any(one.trigger.serious for one in fired),
    )  # fmt: skip


def _total(points: Sequence[Point], scheme: Scheme, name: str) -> int:
    """Sum by part; a part never gives more than its points."""
    sums = dict.fromkeys(scheme.parts, 0)
    for point in points:
        sums[point.indicator.part] += getattr(point, name)
    return sum(min(tenths(top), sums[part]) for part, top in scheme.parts.items())


def _moved(base: int, fired: Sequence[Fired], scheme: Scheme) -> int:
    """Put triggers to work: the highest grade set by one, or the base raised by the strongest of each group, together at most `cap`; else lowered by one."""
    least = max((GRADES.index(one.trigger.effect.to) for one in fired if one.trigger.effect.to), default=0)
    lifts: dict[str, int] = {}
    for one in fired:
        lifts[one.trigger.group] = max(lifts.get(one.trigger.group, 0), one.trigger.effect.lift)
    lift = min(scheme.cap, sum(lifts.values()))
    if least or lift:
        return max(least, min(len(GRADES) - 1, base + lift))
    return max(0, base - max((one.trigger.effect.lower for one in fired), default=0))


def firings(dossier: Dossier, scheme: Scheme, since: Since) -> tuple[Fired, ...]:
    """Return every time a trigger fires, whenever it is."""
    tags = dossier.facts.get("tags")
    found: list[Fired] = []
    for trigger in scheme.triggers:
        if not isinstance(tags, frozenset) or tags.isdisjoint(trigger.except_tags):
            found += _clean(trigger, dossier, scheme, since) if trigger.clean_months else _by_grounds(trigger, dossier, scheme)
    return tuple(found)


def _by_grounds(trigger: Trigger, dossier: Dossier, scheme: Scheme) -> Iterator[Fired]:
    cycle = trigger_cycle(scheme.cycle)
    grounds = sorted(matching(dossier.grounds, trigger.ground, trigger.where), key=lambda g: g.day)
    for ground in grounds:
        together = tuple(g for g in grounds if g.day <= ground.day < _window_end(g.day, trigger)) if trigger.at_least > 1 else (ground,)
        if len(together) >= trigger.at_least:
            begins = counts_from(ground.day, cycle)
            yield Fired(trigger=trigger, begins=begins, ends=_end(trigger, ground, begins, scheme), grounds=together)


def _window_end(day: date, trigger: Trigger) -> date:
    return add_months(day, trigger.within_months) if trigger.within_months else day + timedelta(days=trigger.within_days or 1)


def _end(trigger: Trigger, ground: Ground, begins: date, scheme: Scheme) -> date:
    if trigger.lasts_months:
        return add_months(begins, trigger.lasts_months)
    if ground.until is None:
        return FOREVER
    ended = add_months(ground.until, trigger.after_closed) if trigger.after_closed else ground.until
    return max(begins, counts_from(ended, trigger_cycle(scheme.cycle)))


def _clean(trigger: Trigger, dossier: Dossier, scheme: Scheme, since: Since) -> Iterator[Fired]:
    """So long nothing bad happened: counted from the last bad day, or from the day since which the subject and every source can tell."""
    founded = dossier.facts.get("founded")
    if not isinstance(founded, date) or not set(trigger.grounds) <= set(since):
        return
    first = max(founded, *(since[kind] for kind in trigger.grounds))
    bad = sorted({g.day for kind, where in trigger.grounds.items() for g in matching(dossier.grounds, kind, where)})
    cycle, months = trigger_cycle(scheme.cycle), trigger.clean_months or 0
    # Only what happened since `first` can be told; a bad day before it does not start the count.
    for begun, broken in pairwise([first, *(day for day in bad if day > first), FOREVER]):
        begins, ends = counts_from(add_months(begun, months), cycle), counts_from(broken, cycle)
        if begins < ends:
            yield Fired(trigger=trigger, begins=begins, ends=ends)


def periods(dossier: Dossier, model: Model, rules: GradeRules, *, begin: date, end: date, since: Since) -> list[Period]:
    """Return the grades of a subject from `begin` until it last changes on or before `end`, day by day change by change.

    Args:
        dossier: the subject; grounds after `end` are not looked at.
        model: its model. Nothing is returned when the model does not cover it.
        rules: of the pack; the scheme in force on each day grades that day.
        begin: first day asked; a subject founded later begins then.
        end: last day asked.
        since: from when each kind of ground is delivered.
    """
    if not passes(dossier.facts, model.covers):
        return []
    founded = dossier.facts.get("founded")
    first = max(begin, founded) if isinstance(founded, date) else begin
    known = Dossier(subject_id=dossier.subject_id, facts=dossier.facts, grounds=tuple(g for g in dossier.grounds if g.day <= end))
    found: list[Period] = []
    dated = sorted(rules.choice.get(model.name, {}).items())
    for (day, name), (until, _) in pairwise([*dated, (FOREVER, "")]):
        if max(first, day) <= end and max(first, day) < until:
            found += _under(known, model, rules.schemes[name], rules, first=max(first, day), until=until, end=end, since=since)
    return found


def _under(
    dossier: Dossier, model: Model, scheme: Scheme, rules: GradeRules, *, first: date, until: date, end: date, since: Since
) -> list[Period]:
    """Periods under one scheme, which is in force from `first` until `until`."""
    events, still = firings(dossier, scheme, since), still_points(dossier, model, scheme, rules)
    days = sorted({first, *(day for day in _change_days(dossier, model, scheme, rules, events) if first < day < until)})
    standings = [standing_on(dossier, model, scheme, rules, day=day, since=since, events=events, still=still) for day in days]
    grades = _guarded(standings, scheme, until=until)
    days = sorted({*days, *grades})
    found: list[Period] = []
    grade = standings[0].due
    for day, following in pairwise([*days, until]):
        grade = grades.get(day, grade)
        standing = max((s for s in standings if s.day <= day), key=lambda s: s.day)
        ends = None if following == FOREVER else following
        found.append(Period(begins=day, ends=ends, scheme=scheme.name, grade=grade, held=grade != standing.due, standing=standing))
    return [period for period in _joined(found) if period.begins <= end]


def _change_days(dossier: Dossier, model: Model, scheme: Scheme, rules: GradeRules, events: Sequence[Fired]) -> Iterator[date]:
    """Give every day on which something may change: more than those on which it does."""
    founded = dossier.facts.get("founded")
    if isinstance(founded, date) and scheme.new_months:
        yield add_months(founded, scheme.new_months)
    for one in rules.indicators(model.name, scheme):
        told = one.ratio or one.active or one.latest
        for ground in dossier.grounds if told else ():
            if told and ground.kind == told.ground:
                begins = counts_from(ground.day, scheme.cycle)
                yield begins
                yield add_months(begins, told.months) if told.months else counts_from(ground.until or FOREVER, scheme.cycle)
    for fired in events:
        yield fired.begins
        yield fired.ends


def _guarded(standings: Sequence[Standing], scheme: Scheme, *, until: date) -> dict[date, int]:
    """Return the days on which the grade that counts changes, with the new grade: no second change within `guard_days`, unless a serious trigger raises it."""
    grade, changed = standings[0].due, None
    found = {standings[0].day: grade}
    for place, standing in enumerate(standings):
        segment_end = standings[place + 1].day if place + 1 < len(standings) else until
        if standing.due == grade:
            continue
        day = standing.day
        if changed is not None and not (standing.serious and standing.due > grade):
            day = max(day, changed + timedelta(days=scheme.guard_days))
        if day < segment_end:
            grade, changed = standing.due, day
            found[day] = grade
    return found


def _joined(found: list[Period]) -> list[Period]:
    """Put neighbours together that say the same."""
    joined: list[Period] = []
    for period in found:
        last = joined[-1] if joined else None
        if last and _says(last) == _says(period):
            joined[-1] = Period(
                begins=last.begins, ends=period.ends, scheme=last.scheme, grade=last.grade, held=last.held, standing=last.standing
            )
        else:
            joined.append(period)
    return joined


def _says(period: Period) -> tuple[object, ...]:
    told = period.standing
    return (
        period.grade, period.held, told.score, told.low, told.high, told.base, told.due, told.best, told.worst,
        tuple(sorted({one.trigger.id for one in told.fired})), tuple((p.used, p.low, p.high, p.known) for p in told.points),
    )  # fmt: skip
