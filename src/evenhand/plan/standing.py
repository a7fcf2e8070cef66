"""Who is planned for: grade, matters, visits done, how long two-year coverage lasts; and who is left out, by which rule (筛选)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.plan.matters import Matter
from evenhand.plan.period import Period
from evenhand.plan.rules import PlanRules, Screen

__all__ = ["NEEDED", "Standing", "held_tags", "standing_of"]

NEEDED: Final = ("subject", "tag", "grade", "inspection", "membership", "agency", "campaign", "ground")
"""Tables of a release that planning reads."""
_CREDIT: Final = "credit"
_SUPERIOR: Final = ("市局", "省局")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`live`: one row per subject that is planned for; `left_out`: one row per subject left out, with the first rule that says so.

    Who only reached the cap of its grade stands in both: no routine duty, but what events and approved campaigns order (`capped`).
    """

    live: ir.Table
    left_out: ir.Table


def standing_of(
    tables: Mapping[str, ir.Table],
    *,
    rules: PlanRules,
    matters: Sequence[Matter],
    period: Period,
    listed: Mapping[str, str],
    engine: Engine,
) -> Standing:
    """Return who stands where on the day before the period.

    Args:
        tables: those of `NEEDED`.
        rules: of the authority.
        matters: in force on the first day; a subject without any is left out.
        period: begins the day after the release.
        listed: subjects left out by a decision of their own (另案处理), with its reason.
        engine: saves what is used twice.
    """
    asof = period.begin - timedelta(days=1)
    graded = engine.save(_graded(tables, period.known))
    seen = engine.save(_seen(tables, rules, period))
    asked = engine.save(_matters_of(tables["tag"], matters, asof))
    left_out = engine.save(
        _left_out(held_tags(tables["tag"], asof), graded.left_join(seen, "subject").drop("subject_right"), asked, rules, listed)
    )
    caps = [one.id for one in rules.screening if one.test == "annual_cap"]
    over = left_out.filter(left_out.rule.isin(caps)) if caps else left_out.filter(ibis.literal(value=False))
    kept = graded.anti_join(left_out.anti_join(over, "subject"), "subject")
    marked = kept.left_join(over.select("subject", rule="rule"), "subject").drop("subject_right")
    live = engine.save(_live(tables["subject"], marked.mutate(capped=marked.rule.notnull()).drop("rule"), seen, asked, rules, period))
    return Standing(live=live, left_out=left_out)


def held_tags(tag: ir.Table, day: date) -> ir.Table:
    """Return the tags that hold on a day: `subject` and `code`."""
    at = ibis.literal(day)
    held = tag.filter((tag.effective_from.isnull() | (tag.effective_from <= at)) & (tag.effective_to.isnull() | (tag.effective_to >= at)))
    return held.select("code", subject="subject_id")


def _graded(tables: Mapping[str, ir.Table], known: date) -> ir.Table:
    """The strictest food model of each subject: its grade and visits in two years.

    The grade is that of the day of the release: one that will be worked out anew before the period begins is the last that is known.
    """
    grade, at = tables["grade"], ibis.literal(known)
    now = grade.filter(
        grade.known_to.isnull() & (grade.begins_on <= at) & (grade.ends_on.isnull() | (grade.ends_on > at)) & (grade.model != _CREDIT)
    )
    return now.group_by(subject=now.subject_id).agg(visits=now.visits_two_years.max(), grade=now.grade.max())


def _seen(tables: Mapping[str, ir.Table], rules: PlanRules, period: Period) -> ir.Table:
    """By subject the last full visit, the last system inspection, the last by a superior authority, and how many full visits this year; one trip counts once."""
    inspection, asof = tables["inspection"], ibis.literal(period.begin - timedelta(days=1))
    high = tables["agency"].filter(tables["agency"].agency_level.isin(_SUPERIOR)).select(office="agency").distinct()
    told = inspection.filter(inspection.inspected_on.notnull() & (inspection.inspected_on <= asof))
    rows = told.select(
        "record_id",
        "office",
        day="inspected_on",
        full=told.inspection_kind.isin(list(rules.full_kinds)),
        system=told.inspection_kind == "体系",
    )
    rows = rows.join(tables["membership"].select("record_id", subject="subject_id"), "record_id")
    rows = rows.mutate(by_high=rows.office.isin(high.office))
    return rows.group_by("subject").agg(
        last=rows.day.max(where=rows.full), done=rows.day.nunique(where=rows.full & (rows.day >= ibis.literal(period.year_begins))),
        superior=rows.day.max(where=rows.by_high), system=rows.day.max(where=rows.system),
    )  # fmt: skip


def _matters_of(tag: ir.Table, matters: Sequence[Matter], asof: date) -> ir.Table:
    """By subject its matters and lines, parted by spaces, and the minutes of one visit with the whole checklist: those of the longest matter.

    Who has no tag that still holds, because a licence ran out, is inspected for what it was licensed for.
    """
    pairs = ibis.memtable(
        [{"code": code, "matter": one.id, "line": one.line, "minutes": one.minutes} for one in matters for code in one.objects],
        schema={"code": "string", "matter": "string", "line": "string", "minutes": "int64"},
    )
    now = held_tags(tag, asof).join(pairs, "code")
    before = tag.select("code", subject="subject_id").join(pairs, "code").anti_join(now, "subject")
    each = ibis.union(*(rows.select("subject", "matter", "line", "minutes") for rows in (now, before)), distinct=True)
    lines = each.select("subject", "line").distinct().group_by("subject").agg(lines=ibis._.line.collect().sort().join(" "))
    return each.group_by("subject").agg(
        matters=each.matter.collect().sort().join(" "), minutes=each.minutes.max()
    ).join(lines, "subject")  # fmt: skip


def _left_out(tag: ir.Table, graded: ir.Table, asked: ir.Table, rules: PlanRules, listed: Mapping[str, str]) -> ir.Table:
    """The first rule, in the order of the file, by which a graded subject is left out; a cap is told only of whom nothing else leaves out."""
    order = sorted(rules.screening, key=lambda one: one.test == "annual_cap")
    parts = [_caught(one, tag, graded, asked, rules, listed).mutate(place=ibis.literal(n)) for n, one in enumerate(order)]
    told = ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
    return told.group_by("subject").agg(reason=told.reason.first(order_by=told.place), rule=told.rule.first(order_by=told.place))


def _caught(one: Screen, tag: ir.Table, graded: ir.Table, asked: ir.Table, rules: PlanRules, listed: Mapping[str, str]) -> ir.Table:
    name = ibis.literal(f"{one.id} {one.term}")
    match one.test:
        case "tags":
            rows = tag.filter(tag.code.isin(one.tags)).select("subject").distinct().semi_join(graded, "subject").mutate(reason=name)
        case "no_matter":
            rows = graded.anti_join(asked, "subject").select("subject", reason=name)
        case "annual_cap":
            cap = (
                ibis.cases(*((graded.grade == grade, count) for grade, count in rules.annual_cap.items()), else_=None)
                if rules.annual_cap
                else ibis.null("int64")
            )
            rows = graded.filter(graded.done >= cap).select("subject", reason=name)
        case "listed":
            held = ibis.memtable(
                [{"subject": key, "why": why} for key, why in listed.items()], schema={"subject": "string", "why": "string"}
            )
            caught = graded.join(held, "subject")
            rows = caught.select("subject", reason=name + "：" + caught.why)
    return rows.mutate(rule=ibis.literal(one.id))


def _live(subject: ir.Table, graded: ir.Table, seen: ir.Table, asked: ir.Table, rules: PlanRules, period: Period) -> ir.Table:
    """One row per live subject: where it is, what it is inspected for, visits still due this year, last day of coverage, first day without repetition, as plan days."""
    origin = ibis.literal(period.origin)
    place = subject.select(
        "town_code", "road", "house_no", subject="subject_id", name="name", office="office", county="county_code", founded="founded_on"
    )
    rows = graded.join(place, "subject").join(asked, "subject").left_join(seen, "subject").drop("subject_right")
    unknown = ibis.literal(period.begin - timedelta(days=1)) - ibis.interval(years=rules.full_check_years)
    begun = ibis.coalesce(rows.last, rows.founded, unknown).cast("date")  # who was never seen and has no day of entry counts as overdue
    until = (begun.cast("timestamp") + ibis.interval(years=rules.full_check_years)).cast("date")
    gap = ibis.interval(months=rules.no_repeat_months)
    again, barred = ((day.cast("timestamp") + gap).cast("date").delta(origin, unit="day") + 1 for day in (rows.last, rows.superior))
    yearly, done = rows.visits // 2, rows.done.fill_null(0)
    covered_by = until.delta(origin, unit="day")
    due_now = (covered_by <= period.last).cast("int64")
    has_system = ibis.coalesce(rows.system >= ibis.literal(period.year_begins), ibis.literal(value=False))
    owed = rows.capped.ifelse(0, ibis.greatest(yearly - done, 0))
    due = rows.capped.ifelse(0, ibis.greatest(yearly - done, due_now, 0))
    return rows.select(
        "subject", "name", "office", "county", "town_code", "road", "house_no", "grade", "last", "matters", "lines", "minutes", "capped", has_system=has_system, covered_by=covered_by.cast("int64"),
        free_from=ibis.coalesce(again, 0).cast("int64"), barred_to=ibis.coalesce(barred, 0).cast("int64"), done=done.cast("int64"), asked=rows.visits.cast("int64"),
        owed=owed.cast("int64"), due=due.cast("int64"),
    )  # fmt: skip
