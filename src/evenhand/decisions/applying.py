"""Applying choices: a value or an office that people chose stands over the one the rules chose, and says so.

Merges, splits, pairs that are not the same and verdicts on codes are applied by link, before its rules.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.decisions.standing import Decisions

__all__ = ["PEOPLE", "choose_offices", "choose_values", "named_subjects"]

PEOPLE = "人工选定"
"""Name of the rule in `history`, and the first words of every reason."""


def named_subjects(references: ir.Table, membership: ir.Table, subject: ir.Table) -> ir.Table:
    """Which subject each reference names: reference, subject_id. One that names none has no row.

    Args:
        references: column `reference`, record ids and codes.
        membership: one row per record.
        subject: one row per subject.
    """
    by_record = membership.join(references, [("record_id", "reference")]).select("subject_id", reference="record_id")
    by_code = subject.join(references, [("uscc", "reference")]).select("subject_id", reference="uscc")
    return ibis.union(by_record, by_code, distinct=True)


def choose_values(subject: ir.Table, history: ir.Table, membership: ir.Table, decisions: Decisions) -> tuple[ir.Table, ir.Table]:
    """Return subjects and history with the values that people chose.

    A value that does not fit the type of its field changes nothing. History keeps the values that gave way, and says to what.
    """
    told = decisions.values
    if not told.num_rows:
        return subject, history
    chosen = (
        _resolved(told, membership, subject)
        .group_by("subject_id", "field")
        .agg(value=ibis._.value.argmax(ibis._.turn), told=ibis._.told.argmax(ibis._.turn))
    )
    types = subject.schema()
    for field in sorted(set(told["field"].to_pylist())):
        one = chosen.filter(chosen.field == field).select(chosen_id="subject_id", wanted="value")
        joined = subject.left_join(one, subject.subject_id == one.chosen_id)
        subject = joined.mutate(**{field: joined.wanted.try_cast(types[field]).coalesce(joined[field])}).drop("chosen_id", "wanted")
    return subject, _retold(history, chosen)


def choose_offices(jurisdiction: ir.Table, membership: ir.Table, subject: ir.Table, decisions: Decisions) -> ir.Table:
    """Return the decisions on offices with those that people chose: the main site's office, no rival, no clock."""
    told = decisions.offices
    if not told.num_rows:
        return jurisdiction
    named = _resolved(told, membership, subject).rename(wanted="office")
    chosen = named.group_by("subject_id").agg(wanted=named.wanted.argmax(named.turn), told=named.told.argmax(named.turn))
    chosen = chosen.rename(chosen_id="subject_id")
    rows = jurisdiction.left_join(chosen, [jurisdiction.subject_id == chosen.chosen_id, jurisdiction.is_main])
    by_people = rows.wanted.notnull()
    same = rows.wanted == rows.stated.fill_null("")
    changed = rows.mutate(
        office=rows.wanted.coalesce(rows.office),
        rival=by_people.ifelse(ibis.null("string"), rows.rival),
        state=by_people.ifelse(same.ifelse(ibis.literal("一致"), ibis.literal("更正")), rows.state),
        confidence=by_people.ifelse(ibis.literal(1.0), rows.confidence),
        reason=by_people.ifelse(ibis.literal(f"{PEOPLE}：") + rows.told, rows.reason),
        due_on=by_people.ifelse(ibis.null("date"), rows.due_on),
    )
    return changed.drop("chosen_id", "wanted", "told")


def _resolved(told: pa.Table, membership: ir.Table, subject: ir.Table) -> ir.Table:
    """The choices with the subject each names."""
    rows = ibis.memtable(told)
    return rows.join(named_subjects(rows.select("reference").distinct(), membership, subject), "reference")


def _retold(history: ir.Table, chosen: ir.Table) -> ir.Table:
    """History in which the chosen value stands, added when no source has it."""
    wanted = chosen.rename(chosen_id="subject_id", chosen_field="field", wanted="value")
    rows = history.left_join(wanted, [history.subject_id == wanted.chosen_id, history.field == wanted.chosen_field])
    decided, won = rows.wanted.notnull(), (rows.wanted == rows.value).fill_null(ibis.literal(value=False))
    reason = won.ifelse(
        ibis.literal(f"{PEOPLE}：") + rows.told, ibis.literal(f"已{PEOPLE}“") + rows.wanted + ibis.literal("”；") + rows.reason
    )
    kept = rows.mutate(
        chosen=decided.ifelse(won, rows.chosen),
        rule=won.ifelse(ibis.literal(PEOPLE), rows.rule),
        reason=decided.ifelse(reason, rows.reason),
    ).select(*history.columns)
    new = chosen.anti_join(history, ["subject_id", "field", "value"])
    said = {
        "subject_id": new.subject_id, "field": new.field, "value": new.value, "chosen": ibis.literal(value=True), "rule": ibis.literal(PEOPLE),
        "reason": ibis.literal(f"{PEOPLE}：") + new.told, "record_count": ibis.literal(0), "source_count": ibis.literal(0),
    }  # fmt: skip
    schema = history.schema()
    added = new.select(**{name: (said[name] if name in said else ibis.null("string")).cast(schema[name]) for name in history.columns})
    return ibis.union(kept.cast(schema), added, distinct=False)
