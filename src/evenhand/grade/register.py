"""The tables of a build: facts, grounds, and the grade periods of every subject under every model, with both times (风险等级册)."""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.gathering import build_grounds, build_traits, delivered_since
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.scoring import Since
from evenhand.grade.sweep import grade_subjects
from evenhand.standards import TABLES

__all__ = ["CREDIT", "ESTIMATED", "Graded", "grade_register", "with_known"]

CREDIT: Final = "credit"
"""The model whose class stands in where the credit system gives none."""
ESTIMATED: Final = "推定"
_STATED: Final = ("subject_id", "model", "scheme", "begins_on", "grade", "due", "held", "base", "lift", "triggers", "score", "low", "high")
"""What a period states: a later release that states the same knew it already."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What the room gives: columns of `TABLES`; `since`: from when each kind of ground is delivered."""

    trait: ir.Table
    ground: ir.Table
    grade: ir.Table
    since: Since


def grade_register(
    tables: Mapping[str, ir.Table], *, rules: GradeRules, asof: date, engine: Engine, previous: ir.Table | None = None
) -> Graded:
    """Grade every subject of a build under every model (全量评定).

    Args:
        tables: those of `NEEDED`.
        rules: of the pack.
        asof: the day of the build.
        engine: saves what is used twice.
        previous: table `grade` of the release before: what it stated and this one does not, stays, with the day on which it was found wrong.
    """
    trait = engine.keep(build_traits(tables, moves_months=rules.words.moves_months, asof=asof, engine=engine))
    ground = engine.keep(build_grounds(tables, rules=rules, asof=asof, engine=engine))
    since = delivered_since(tables, engine=engine)
    span: dict[str, Any] = {"rules": rules, "begin": rules.history_from, "end": asof, "since": since, "engine": engine}
    found = []
    if CREDIT in rules.models:
        own = engine.keep(grade_subjects(trait, ground, models=(CREDIT,), **span))
        found.append(own)
        ground = engine.keep(ibis.union(ground, _estimated(own, ground, trait, asof=asof), distinct=False))
    food = tuple(name for name in rules.models if name != CREDIT)
    found.append(grade_subjects(trait, ground, models=food, **span))
    grade = _told(ibis.union(*found, distinct=False) if len(found) > 1 else found[0], rules)
    return Graded(trait=trait, ground=ground, grade=with_known(engine.keep(grade), previous, asof=asof, engine=engine), since=since)


def _estimated(own: ir.Table, ground: ir.Table, trait: ir.Table, *, asof: date) -> ir.Table:
    """Classes of the platform's own credit model, as grounds, for subjects that the credit system never classed (individual businesses excepted)."""
    classed = ground.filter(ground.kind == CREDIT).select("subject_id").distinct()
    firms = trait.filter(trait.subject_type.notnull() & (trait.subject_type != "个体工商户")).select("subject_id")
    rows = own.semi_join(firms, "subject_id").anti_join(classed, "subject_id")
    window = ibis.window(group_by=rows.subject_id, order_by=rows.begins_on)
    rows = rows.mutate(was=rows.grade.lag(1).over(window))
    rows = rows.filter(rows.was.isnull() | (rows.was != rows.grade))
    schema, nothing = TABLES["ground"].schema, {}
    for name in schema:
        nothing[name] = ibis.null(schema[name])
    told = {"subject_id": rows.subject_id, "kind": ibis.literal(CREDIT), "number": ibis.literal(ESTIMATED), "day": rows.begins_on, "known_on": ibis.literal(asof), "level": ibis.literal(ESTIMATED), "outcome": rows.grade, "text": ibis.literal("没有信用系统的类别，按平台通用信用风险模型推定"), "record_id": ibis.literal("")}  # fmt: skip
    return rows.select(**(nothing | told)).select(*schema.names)


def _told(rows: ir.Table, rules: GradeRules) -> ir.Table:
    """Add the tier of the static points, and the reason in one line."""
    tier: ir.Value = ibis.null("string")
    for model in rules.models.values():
        if model.tiers:
            banded: ir.Value = ibis.literal(model.tiers[-1].tier)
            for one in reversed(model.tiers[:-1]):
                banded = (rows.static_points <= ibis.literal(one.upto, "decimal(18, 2)")).ifelse(ibis.literal(one.tier), banded)
            tier = (rows.model == model.name).ifelse(banded, tier)
    text = ibis.literal
    raised = (rows.triggers == "").ifelse(text(""), text("；触发 ") + rows.triggers + text("，应评 ") + rows.due + text(" 级"))
    held = rows.held.ifelse(text("；稳定保护期内，暂不变动"), text(""))
    parts = [text("得分 "), _shown(rows.score), text("，"), rows.base, text(" 级"), raised, held]
    return rows.mutate(static_tier=tier, reason=functools.reduce(operator.add, parts))


def _shown(points: ir.Value) -> ir.StringValue:
    """A score with one place: points are whole tenths."""
    tenth = (points * 10).round().cast("int64")
    return (tenth // 10).cast("int64").cast("string") + ibis.literal(".") + (tenth % 10).cast("string")


def with_known(rows: ir.Table, previous: ir.Table | None, *, asof: date, engine: Engine) -> ir.Table:
    """Add `known_from` and `known_to`: what an earlier release stated keeps its day, and what is no longer stated keeps its place with the day it fell.

    Args:
        rows: periods as this build knows them.
        previous: table `grade` of the release before, or None.
        asof: the day of this build.
        engine: saves what is used twice.
    """
    names = TABLES["grade"].names
    today = ibis.literal(asof)
    if previous is None:
        return rows.mutate(known_from=today, known_to=ibis.null("date")).select(*names)
    standing = engine.save(previous.filter(previous.known_to.isnull()).select(*names))
    gone = previous.filter(previous.known_to.notnull()).select(*names)
    known = standing.select(*_STATED, since="known_from")
    told = rows.left_join(known, list(_STATED))
    told = told.mutate(known_from=ibis.coalesce(told.since, today), known_to=ibis.null("date")).select(*names)
    # What was stated and taken back on one day was never known on any.
    fallen = (
        standing.filter(standing.known_from < today)
        .anti_join(rows.select(*_STATED), list(_STATED))
        .drop("known_to")
        .mutate(known_to=today)
        .select(*names)
    )
    return ibis.union(told, fallen, gone, distinct=False)
