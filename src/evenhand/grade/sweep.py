"""The batch engine, last part: every subject's grades over time, by sums over its marks (批量评定).

The same answers as `periods` gives for one subject, for a million at once; both are compared on generated subjects and on the practice province.
"""

import functools
import operator
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.days import FOREVER
from evenhand.grade.guard import guarded
from evenhand.grade.marks import CODE_DAY, CODE_POINTS, day_number, later, marks, slots
from evenhand.grade.ruleset import GradeRules, most
from evenhand.grade.scoring import Since, share
from evenhand.grade.shapes import GRADES, TENTHS, Indicator, Scheme, tenths
from evenhand.grade.units import build_units, slug

__all__ = ["grade_subjects"]

_ZERO: Final = ibis.literal(0, "int64")
_TOP: Final = len(GRADES) - 1


def grade_subjects(
    trait: ir.Table, ground: ir.Table, *, rules: GradeRules, models: tuple[str, ...], begin: date, end: date, since: Since, engine: Engine
) -> ir.Table:
    """Return the grade periods of every subject under every model: one row per subject, model and period.

    Args:
        trait: facts, one row per subject (`subject_id` and `FACTS`).
        ground: what happened, one row per ground; nothing after `end`.
        rules: of the pack; the scheme in force on each day grades that day.
        models: names of the models to grade.
        begin: first day asked.
        end: last day asked.
        since: from when each kind of ground is delivered.
        engine: saves what is used twice.
    """
    found = []
    for scheme_name, first, until, together in _spans(rules, models, begin=begin, end=end):
        span = _Span(rules.schemes[scheme_name], rules, first=first, until=until)
        found.append(engine.save(span.periods(trait, ground, together, end=end, since=since, engine=engine)))
    return ibis.union(*found, distinct=False) if len(found) > 1 else found[0]


def _spans(rules: GradeRules, models: tuple[str, ...], *, begin: date, end: date) -> list[tuple[str, date, date, tuple[str, ...]]]:
    """Return (scheme, first day, day it ends, models): models that go by one scheme over the same days are graded together."""
    spans: dict[tuple[str, date, date], list[str]] = {}
    for name in models:
        dated = sorted(rules.choice.get(name, {}).items())
        for (day, scheme), (until, _) in pairwise([*dated, (FOREVER, "")]):
            if max(begin, day) <= end and until > begin:
                spans.setdefault((scheme, max(begin, day), until), []).append(name)
    return [(*span, tuple(names)) for span, names in spans.items()]


class _Span:
    """One scheme over the days on which it is in force."""

    def __init__(self, scheme: Scheme, rules: GradeRules, *, first: date, until: date) -> None:
        self.scheme, self.rules, self.first, self.until = scheme, rules, first, until
        happened: dict[str, Indicator] = {}
        for name in scheme.models:
            happened |= {one.id: one for one in rules.indicators(name, scheme) if not one.ways}
        self.happened = tuple(happened.values())

    def periods(self, trait: ir.Table, ground: ir.Table, models: tuple[str, ...], *, end: date, since: Since, engine: Engine) -> ir.Table:
        """Return the periods: `PERIOD` columns."""
        units = build_units(trait, self.scheme, self.rules, models=models, engine=engine)
        marked = marks(units, ground, self.scheme, self.rules, first=self.first, since=since, engine=engine)
        rows = self._counted(engine.keep(marked), units)
        rows = self._pointed(rows, since)
        rows = self._moved(self._scored(rows))
        rows = engine.keep(self._changes(rows))
        rows = guarded(rows, self.scheme.guard_days, until=self.until, engine=engine)
        return self._named(rows.filter(rows.day <= ibis.literal(end)))

    def _counted(self, marked: ir.Table, units: ir.Table) -> ir.Table:
        """Sum the marks up to each day, and keep the days on which the scheme grades."""
        window = ibis.window(group_by=marked.uid, order_by=marked.day, preceding=None, following=0)
        counts = {name: marked[name].sum().over(window) for name in slots(self.scheme, self.rules)}
        codes = {name: marked[name].max().over(window) for name in marked.columns if name.startswith("code_")}
        rows = marked.select("uid", "day", **counts, **codes)
        rows = rows.filter((rows.day >= ibis.literal(self.first)) & (rows.day < ibis.literal(self.until)))
        rows = rows.join(units, "uid")
        return rows.filter(rows.founded.isnull() | (rows.day >= rows.founded))

    def _pointed(self, rows: ir.Table, since: Since) -> ir.Table:
        """Add used, low, high and known of every indicator of what happened."""
        figures: dict[str, ir.Value] = {}
        today = day_number(rows.day)
        for one in self.happened:
            name, top = slug(one.id), most(one, self.scheme)
            if one.active:
                points: ir.Value = _ZERO
                for step in one.active.steps:
                    points = (rows[name] >= step.least).ifelse(ibis.literal(share(top, step.percent, 100), "int64"), points)
                told = one.active.ground in since
                figures |= {
                    f"{name}_used": points if told else _ZERO,
                    f"{name}_low": points if told else _ZERO,
                    f"{name}_high": points if told else ibis.literal(top, "int64"),
                    f"{name}_known": ibis.literal(told),
                }
                continue
            code = rows[f"code_{name}"]
            here = code.notnull() & ((code % CODE_POINTS) > today)
            points = ((code % CODE_DAY) // CODE_POINTS).cast("int64")
            used = rows[f"{name}_used"]
            if one.ratio and self.scheme.new_months:
                young = rows.founded.notnull() & (rows.day < later(rows.founded, self.scheme.new_months))
                used = young.fill_null(ibis.literal(value=False)).ifelse(_ZERO, used)
            here = here.fill_null(ibis.literal(value=False))
            figures |= {
                f"{name}_used": here.ifelse(points, used),
                f"{name}_low": here.ifelse(points, rows[f"{name}_low"]),
                f"{name}_high": here.ifelse(points, rows[f"{name}_high"]),
                f"{name}_known": here | rows[f"{name}_known"],
            }
            if one.ratio:
                figures["inspected"] = here
        if "inspected" not in figures:
            figures["inspected"] = ibis.literal(value=False)
        return rows.mutate(**figures)

    def _scored(self, rows: ir.Table) -> ir.Table:
        """Add the parts, the score, what it could be at best and worst, and how much of it is known."""
        sums: dict[str, ir.Value] = {}
        for part, top in self.scheme.parts.items():
            mine = [slug(one.id) for one in self.happened if one.part == part]
            for figure in ("used", "low", "high"):
                every = _sum([rows[f"{part}_{figure}"], *(rows[f"{name}_{figure}"] for name in mine)])
                sums[f"{part}_{figure}"] = ibis.least(every, ibis.literal(tenths(top), "int64"))
        rows = rows.mutate(**sums)
        totals = {figure: _sum([rows[f"{part}_{figure}"] for part in self.scheme.parts]) for figure in ("used", "low", "high")}
        known = _sum(
            [
                rows.most_known,
                *(rows[f"{slug(one.id)}_known"].ifelse(ibis.literal(most(one, self.scheme), "int64"), _ZERO) for one in self.happened),
            ]
        )
        return rows.mutate(
            score=totals["used"], low=totals["low"], high=totals["high"], known_percent=(100 * known // rows.most_all).cast("int64")
        )

    def _moved(self, rows: ir.Table) -> ir.Table:
        """Add the grades, and what triggers make of them, as `_moved` of the reference does."""
        active = {
            f"on_{slug(t.id)}": (rows[slug(t.id)] > 0) & (rows.inspected if t.clean_months else ibis.literal(value=True))
            for t in self.scheme.triggers
        }
        bases = {name: self._band(rows[score]) for name, score in (("base", "score"), ("base_low", "low"), ("base_high", "high"))}
        rows = rows.mutate(**active, **bases)
        on = {t.id: rows[f"on_{slug(t.id)}"] for t in self.scheme.triggers}
        least = _greatest(
            [on[t.id].ifelse(ibis.literal(GRADES.index(t.effect.to), "int64"), _ZERO) for t in self.scheme.triggers if t.effect.to]
        )
        groups: dict[str, list[ir.Value]] = {}
        for t in self.scheme.triggers:
            if t.effect.lift:
                groups.setdefault(t.group, []).append(on[t.id].ifelse(ibis.literal(t.effect.lift, "int64"), _ZERO))
        lift = ibis.least(_sum([_greatest(each) for each in groups.values()]), ibis.literal(self.scheme.cap, "int64"))
        lower = _greatest([on[t.id].ifelse(ibis.literal(t.effect.lower, "int64"), _ZERO) for t in self.scheme.triggers if t.effect.lower])
        serious = functools.reduce(operator.or_, [on[t.id] for t in self.scheme.triggers if t.serious], ibis.literal(value=False))
        mask = _sum([on[t.id].ifelse(ibis.literal(2**n, "int64"), _ZERO) for n, t in enumerate(self.scheme.triggers)])
        rows = rows.mutate(least=least, lifts=lift, lower=lower, serious=serious, mask=mask)
        raised = (rows.least > 0) | (rows.lifts > 0)
        due = {
            name: raised.ifelse(
                ibis.greatest(rows.least, ibis.least(rows[base] + rows.lifts, ibis.literal(_TOP, "int64"))),
                ibis.greatest(rows[base] - rows.lower, _ZERO),
            )
            for name, base in (("due", "base"), ("best", "base_low"), ("worst", "base_high"))
        }
        return rows.mutate(**due)

    def _band(self, score: ir.Value) -> ir.Value:
        bands = self.scheme.bands
        borders = [tenths(border) for border in (bands.A, bands.B, bands.C)]
        passed = [(score > border if bands.closed == "upper" else score >= border).cast("int64") for border in borders]
        return _sum(passed)

    def _changes(self, rows: ir.Table) -> ir.Table:
        """Keep the days on which something that is told changes."""
        told = ["score", "low", "high", "base", "due", "best", "worst", "mask"]
        told += [f"{slug(one.id)}_{figure}" for one in self.happened for figure in ("used", "low", "high", "known")]
        window = ibis.window(group_by=rows.uid, order_by=rows.day)
        seen = rows.mutate(**{f"was_{name}": rows[name].lag(1).over(window) for name in told}, place=ibis.row_number().over(window))
        changed = functools.reduce(operator.or_, [seen[name] != seen[f"was_{name}"] for name in told])
        kept = seen.filter((seen.place == 0) | changed.fill_null(ibis.literal(value=False)))
        parts = [f"{part}_used" for part in self.scheme.parts]
        floors = [name for name in kept.columns if name.startswith("floor_")]
        return kept.select(
            "uid",
            "subject_id",
            "model",
            "day",
            "score",
            "low",
            "high",
            "known_percent",
            "base",
            "due",
            "best",
            "worst",
            "mask",
            "serious",
            *parts,
            *floors,
        )

    def _named(self, rows: ir.Table) -> ir.Table:
        """Put words in the place of numbers."""
        letter = {name: _letter(rows[name]) for name in ("grade", "base", "due", "best", "worst")}
        points = {name: _points(rows[name]) for name in ("score", "low", "high")}
        shown = {
            f"{part}_points": _points(rows[f"{part}_used"]) if part in self.scheme.parts else ibis.null("decimal(18, 2)")
            for part in ("static", "dynamic", "credit")
        }
        ids = [
            ((rows["mask"] // 2**n) % 2 == 1).ifelse(ibis.literal(f"{t.id} "), ibis.literal("")) for n, t in enumerate(self.scheme.triggers)
        ]
        triggers = functools.reduce(operator.add, ids, ibis.literal("")).rstrip()
        visits: ir.Value = ibis.null("int64")
        if self.scheme.frequency:
            rates: Mapping[Any, int] = {
                GRADES.index(grade): _per_two_years(f.visits, f.years) for grade, f in self.scheme.frequency.items()
            }
            visits = rows.grade.cases(*rates.items(), else_=None).cast("int64")
            for n, floor in enumerate(self.scheme.floors):
                least = ibis.literal(_per_two_years(floor.visits, floor.years), "int64")
                visits = rows[f"floor_{n}"].ifelse(ibis.greatest(visits, least), visits)
        return rows.select(
            "subject_id", "model", scheme=ibis.literal(self.scheme.name), begins_on="day", ends_on="ends", **letter,
            lift=rows.due - rows.base, triggers=triggers, held=rows.grade != rows.due, **points, **shown, known_percent="known_percent",
            visits_two_years=visits,
        )  # fmt: skip


def _per_two_years(visits: int, years: int) -> int:
    return -(-2 * visits // years)


def _points(tenth: ir.Value) -> ir.Value:
    return (tenth.cast("decimal(18, 2)") / TENTHS).cast("decimal(18, 2)")


def _letter(place: ir.Value) -> ir.Value:
    return place.cases(*enumerate(GRADES), else_=None)


def _sum(columns: list[ir.Value]) -> ir.Value:
    return functools.reduce(operator.add, columns, _ZERO)


def _greatest(columns: list[ir.Value]) -> ir.Value:
    return ibis.greatest(*columns) if len(columns) > 1 else columns[0] if columns else _ZERO
