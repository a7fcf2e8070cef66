"""Statuses: the status of a subject from its registration, the lists and its licences, and its forms of business."""

import functools
import operator
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from evenhand.golden.gathering import Gathered, extract_of
from evenhand.golden.rules import FormRules, SubjectRules

__all__ = ["forms_text", "licence_facts", "lost_subjects", "subject_status"]


def licence_facts(licence: ir.Table, rules: SubjectRules, forms: FormRules) -> ir.Table:
    """One row per subject with a licence: sid, licence_count, alive, `state_lo`, `state_hi`, forms."""
    counts = licence.status.notin(forms.ended)
    has = {f"f{n}": (counts & (licence.form == form)).cast("int64").max() for n, form in enumerate(forms.order)}
    facts = licence.group_by("sid").agg(
        licence_count=licence.count(), alive=licence.status.isin(rules.alive_licences).cast("int64").sum(), state_lo=licence.status.min(), state_hi=licence.status.max(), **has,
    )  # fmt: skip
    return facts.mutate(forms=forms_text(facts, forms)).drop(*has)


def forms_text(facts: ir.Table, forms: FormRules) -> ir.StringValue:
    """The forms in their order, separated by 、; NULL when there are none."""
    marked = [(facts[f"f{n}"] == 1).ifelse(ibis.literal("、" + form), ibis.literal("")) for n, form in enumerate(forms.order)]
    return functools.reduce(operator.add, marked).substr(1).nullif("")


def lost_subjects(standard: Mapping[str, ir.Table], gathered: Gathered, rules: SubjectRules) -> ir.Table:
    """Subjects on the list of abnormal operation because nobody is found: one row per sid, with the stated reason."""
    listed = extract_of(standard, "credit")
    words = "|".join(rules.lost_words)
    listed = listed.filter(listed.abnormal_on.notnull(), listed.abnormal_removed_on.isnull(), listed.abnormal_reason.re_search(words))
    rows = listed.select("record_id", "abnormal_reason").join(gathered.numbers.select("record_id", "sid"), "record_id")
    return rows.group_by("sid").agg(lost=rows.abnormal_reason.min())


def subject_status(rows: ir.Table, rules: SubjectRules) -> tuple[ir.StringValue, ir.StringValue]:
    """Status of a subject and its reason (主体状态).

    Args:
        rows: one row per subject: registered (chosen registration status), lost, alive, state_lo, state_hi, licence_count; NULL when not known.
        rules: `golden/status.yaml`, `subject`.
    """
    said = rules.reasons
    cases: list[tuple[ir.BooleanValue, str, ir.StringValue]] = [
        (rows.registered == name, name, ibis.literal(said["registered"].format(status=name))) for name in rules.registered
    ]
    before, _, after = said["lost"].partition("{reason}")
    cases.append((rows.lost.notnull(), rules.lost, ibis.literal(before) + rows.lost + ibis.literal(after)))
    cases.append((rows.registered == rules.alive, rules.alive, ibis.literal(said["alive"])))
    before, _, after = said["licensed"].partition("{count}")
    cases.append((rows.alive > 0, rules.alive, ibis.literal(before) + rows.alive.cast("string") + ibis.literal(after)))
    cases += [
        ((rows.state_lo == name) & (rows.state_hi == name), name, ibis.literal(said["ended"].format(status=name)))
        for name in rules.ended_licences
    ]
    status = ibis.cases(*[(test, ibis.literal(name)) for test, name, _ in cases], else_=ibis.literal(rules.unknown))
    reason = ibis.cases(*[(test, text) for test, _, text in cases], else_=ibis.literal(said["unknown"]))
    return status, reason
