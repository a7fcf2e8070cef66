"""Statuses: the status of a subject from its registration, the lists and its licences, and its forms of business."""

import functools
import operator
from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from evenhand.golden.gathering import Gathered, extract_of
from evenhand.golden.rules import FormRules, SubjectRules
from evenhand.golden.wording import filled

__all__ = ["dormant_since", "forms_text", "licence_facts", "lost_subjects", "not_yet", "subject_status", "years_before"]


def licence_facts(licence: ir.Table, rules: SubjectRules, forms: FormRules, *, future: str) -> ir.Table:
    """One row per subject with a licence: sid, licence_count, alive, `state_lo`, `state_hi`, forms.

    Licences that begin later (status `future`) are counted and tell nothing else.
    """
    begun = licence.status != future
    counts = licence.status.notin(forms.ended)
    has = {f"f{n}": (counts & (licence.form == form)).cast("int64").max() for n, form in enumerate(forms.order)}
    facts = licence.group_by("sid").agg(
        licence_count=licence.count(), alive=licence.status.isin(rules.alive_licences).cast("int64").sum(),
        state_lo=licence.status.min(where=begun), state_hi=licence.status.max(where=begun), **has,
    )  # fmt: skip
    return facts.mutate(forms=forms_text(facts, forms)).drop(*has)


def forms_text(facts: ir.Table, forms: FormRules) -> ir.StringValue:
    """The forms in their order, separated by 、; NULL when there are none."""
    marked = [(facts[f"f{n}"] == 1).ifelse(ibis.literal("、" + form), ibis.literal("")) for n, form in enumerate(forms.order)]
    return functools.reduce(operator.add, marked).substr(1).nullif("")


def lost_subjects(standard: Mapping[str, ir.Table], gathered: Gathered, rules: SubjectRules, *, asof: date) -> ir.Table:
    """Subjects that are on the list of abnormal operation on the day because nobody is found: one row per sid, with the stated reason."""
    listed = extract_of(standard, "credit")
    words = "|".join(rules.lost_words)
    day = ibis.literal(asof)
    since = ibis.least(listed.abnormal_on, ibis.coalesce(listed.delivery, listed.abnormal_on))
    still = listed.abnormal_removed_on.isnull() | (listed.abnormal_removed_on > day)
    listed = listed.filter(listed.abnormal_on.notnull(), since <= day, still, listed.abnormal_reason.re_search(words))
    rows = listed.select("record_id", "abnormal_reason").join(gathered.numbers.select("record_id", "sid"), "record_id")
    return rows.group_by("sid").agg(lost=rows.abnormal_reason.min())


def not_yet(gathered: Gathered, winners: ir.Table, rules: SubjectRules, *, asof: date) -> ir.Table:
    """What was registered on the day, of subjects whose registered status began only later: one row per sid of these.

    Args:
        gathered: registrations of all subjects.
        winners: one row per sid: `registered`, the status that the order of sources chose.
        rules: `golden/status.yaml`, `subject`: from which day on each status counts.
        asof: the day.

    Returns:
        sid, `later` (the chosen status), `later_on` (its first day), `on_day` (the latest other status that had begun; NULL when none had).
    """
    rows, day = gathered.registrations, ibis.literal(asof)
    begins = _begins(rows, rules)
    rows = rows.filter(rows.value.notnull()).mutate(begins=begins)
    late = rows.filter(rows.begins > day).select("sid").distinct()
    told = rows.semi_join(late, "sid").group_by("sid", "value").agg(begins=ibis._.begins.min(), always=ibis._.begins.isnull().max())
    told = told.mutate(begins=told.always.ifelse(ibis.null("date"), told.begins), begun=told.always | (told.begins <= day))
    told = told.join(winners, "sid")
    chosen = told.filter(told.value == told.registered, ~told.begun).select("sid", later="value", later_on="begins")
    others = told.filter(told.begun).join(chosen.select("sid"), "sid")
    order = ibis.window(group_by="sid", order_by=[ibis.desc("begins", nulls_first=False), ibis.asc("value")])
    latest = others.mutate(turn=ibis.row_number().over(order)).filter(ibis._.turn == 0).select(other="sid", on_day="value")
    return chosen.left_join(latest, chosen.sid == latest.other).drop("other")


def dormant_since(gathered: Gathered, rules: SubjectRules) -> ir.Table:
    """One row per subject that is registered as dormant: sid, `dormant_on`, its first day."""
    rows = gathered.registrations.filter(gathered.registrations.value == rules.dormant.status)
    return rows.group_by("sid").agg(dormant_on=_begins(rows, rules).min())


def _begins(rows: ir.Table, rules: SubjectRules) -> ir.DateValue:
    """First day of the registered status; never after the delivery that states it."""
    stated = [(rows.value == name, rows[column]) for name, column in rules.begins.items()]
    first = ibis.coalesce(ibis.cases(*stated, else_=ibis.null("date")) if stated else ibis.null("date"), rows.observed_on)
    return ibis.coalesce(ibis.least(first, rows.delivery), first)


def years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; of 29 February the next day, so that a period that ends on 28 February is over.

    >>> years_before(date(2028, 2, 29), 3)
    datetime.date(2025, 3, 1)
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def subject_status(rows: ir.Table, rules: SubjectRules, *, asof: date) -> tuple[ir.StringValue, ir.StringValue]:
    """Status of a subject on a day and its reason (主体状态).

    Args:
        rows: one row per subject: registered (status registered on the day), later, later_on, founded_on, dormant_on, lost, alive, state_lo,
            state_hi; NULL when not known.
        rules: `golden/status.yaml`, `subject`.
        asof: the day.
    """
    said, day, limit = rules.reasons, ibis.literal(asof), ibis.literal(years_before(asof, rules.dormant.years))
    told = {
        "asof": asof.isoformat(), "reason": rows.lost, "count": rows.alive, "founded_on": rows.founded_on, "later_on": rows.later_on, "dormant_on": rows.dormant_on,
        "years": rules.dormant.years,
    }  # fmt: skip
    over = (rows.registered == rules.dormant.status) & (rows.dormant_on < limit)
    cases: list[tuple[ir.BooleanValue, str, ir.StringValue]] = [(over, rules.dormant.status, filled(said.dormant_over, **told))]
    cases += [(rows.registered == name, name, ibis.literal(said.registered.format(status=name))) for name in rules.registered]
    later = rows.later.notnull() & rows.registered.isnull()
    cases += [
        (rows.lost.notnull(), rules.lost, filled(said.lost, **told)),
        (rows.registered == rules.alive, rules.alive, ibis.literal(said.alive)),
        (later & (rows.founded_on > day), rules.unfounded, filled(said.unfounded, **told)),
        (later & (rows.founded_on <= day), rules.alive, filled(said.before_change, **told, status=rows.later)),
        (rows.alive > 0, rules.alive, filled(said.licensed, **told)),
    ]
    cases += [
        ((rows.state_lo == name) & (rows.state_hi == name), name, ibis.literal(said.ended.format(status=name)))
        for name in rules.ended_licences
    ]
    cases.append((later, rules.unknown, filled(said.unregistered, **told, status=rows.later)))
    status = ibis.cases(*[(test, ibis.literal(name)) for test, name, _ in cases], else_=ibis.literal(rules.unknown))
    reason = ibis.cases(*[(test, text) for test, _, text in cases], else_=ibis.literal(said.unknown))
    return status, reason
