"""The batch engine, second part: one row per subject and model that is graded, with everything that does not change from day to day."""

import functools
import operator
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.columns import condition, empty_points, has_any, way_points
from evenhand.grade.ruleset import GradeRules, most
from evenhand.grade.shapes import Indicator, Model, Scheme

__all__ = ["build_units", "slug"]

_MODEL_BITS = 8


def slug(indicator: str) -> str:
    """Return the id of an indicator or trigger as a column's name."""
    return indicator.lower().replace("-", "_")


def build_units(trait: ir.Table, scheme: Scheme, rules: GradeRules, *, models: tuple[str, ...], engine: Engine) -> ir.Table:
    """Return the subjects that the models cover: `uid`, `subject_id`, `model`, `founded`, `open_f<trigger>`, points of what they are.

    Columns: for each part, `<part>_used`, `_low`, `_high`, and over all `most_known`, `most_all`; for each common indicator that must say
    what it counts while nothing is known, `<id>_used`, `_low`, `_high`, `_known`; for each floor of frequency `floor_<n>`.

    Args:
        trait: facts, one row per subject.
        scheme: the scheme that grades.
        rules: of the pack.
        models: which of the scheme's models are graded.
        engine: saves what is used twice.
    """
    parts = [_of_model(trait, rules.models[name], place, scheme, rules, engine) for place, name in enumerate(models)]
    return engine.save(ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0])


def _of_model(trait: ir.Table, model: Model, place: int, scheme: Scheme, rules: GradeRules, engine: Engine) -> ir.Table:
    rows = trait.filter(condition(trait, model.covers)) if model.covers else trait
    indicators = rules.indicators(model.name, scheme)
    own = [one for one in indicators if one.ways]
    rows = engine.save(_with_lists(rows, own, rules))
    for one in own:
        rows = way_points(rows, one, scheme)
    number = ibis.row_number().over(order_by="subject_id").cast("int64")
    always = {
        "uid": number * 2**_MODEL_BITS + place,
        "subject_id": rows.subject_id,
        "model": ibis.literal(model.name),
        "founded": rows.founded,
    }
    sums = {}
    for part in scheme.parts:
        mine = [slug(one.id) for one in own if one.part == part]
        for figure in ("used", "low", "high"):
            sums[f"{part}_{figure}"] = _sum([rows[f"{name}_{figure}"] for name in mine])
    known = _sum([rows[f"{slug(one.id)}_known"].ifelse(ibis.literal(most(one, scheme), "int64"), ibis.literal(0, "int64")) for one in own])
    total = ibis.literal(sum(most(one, scheme) for one in indicators), "int64")
    empties: dict[str, ir.Value] = {}
    for one in indicators:
        if one.empty and not one.ways:
            told = empty_points(rows, one.empty, most(one, scheme))
            empties |= {f"{slug(one.id)}_{figure}": value for figure, value in told.items()}
    open_to = {f"open_{slug(t.id)}": ~has_any(rows.tags, t.except_tags) for t in scheme.triggers if t.except_tags}
    floors = {f"floor_{n}": has_any(rows.tags, floor.tags) for n, floor in enumerate(scheme.floors)}
    return rows.select(**always, **sums, most_known=known, most_all=total, **empties, **open_to, **floors)


def _sum(columns: list[ir.Value]) -> ir.Value:
    return functools.reduce(operator.add, columns, ibis.literal(0, "int64"))


def _with_lists(rows: ir.Table, own: list[Indicator], rules: GradeRules) -> ir.Table:
    """Add, for each way with a code list, the points of the subject's highest code."""
    for one in own:
        for place, way in enumerate(one.ways):
            if way.listed:
                points = rules.lists[way.listed.codes, way.listed.points]
                prefixed = {way.listed.prefix + code: value for code, value in points.items()}
                column = f"{slug(one.id)}_{place}"
                rows = rows.left_join(_highest(rows, prefixed, column), "subject_id").drop("subject_id_right")
    return rows


def _highest(rows: ir.Table, points: Mapping[str, int], column: str) -> ir.Table:
    listed = ibis.memtable({"code": list(points), column: list(points.values())}, schema={"code": "string", column: "int64"})
    split = rows.select("subject_id", code=rows.tags.split(" ").unnest())
    scored = split.join(listed, "code")
    return scored.group_by("subject_id").agg(**{column: scored[column].max()})
