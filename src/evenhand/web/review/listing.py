"""Decisions as a person reads them: whom each is about by name, what it says, who took it back, and what became of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from evenhand.decisions import ChosenValue, Decision, Decisions, ManualRecord, RepairVerdict, Withdrawal
from evenhand.pipeline.deciding import TITLES, about
from evenhand.publish import Release, Scope
from evenhand.standards import EXTRACTS, TABLES
from evenhand.web.registry.veil import Veil, veil_for

__all__ = ["listed", "named", "spoken", "whom"]

Row = dict[str, Any]
_VERDICTS: Final = {"accept": "采用", "reject": "不采用", "replace": "改用"}
_TITLES: Final = {column.name: column.title for column in TABLES["subject"].columns}
_NAMED: Final = """select n.reference, n.kind, s.* from (
    select record_id as reference, kind, subject_id from membership where record_id in (select unnest(?))
    union all select uscc, null, subject_id from subject where uscc in (select unnest(?))) n join subject s using (subject_id) where {where} order by n.reference, s.subject_id desc"""
"""The subjects that records and codes stand for; of several with one code the first."""


def named(release: Release, references: Iterable[str], scope: Scope) -> dict[str, Row]:
    """Return the subject of each record or code that lies inside the scope; `kind` is that of the record, None for a code."""
    asked = sorted(set(references))
    where, values = scope.where("s")
    return {row["reference"]: row for row in release.ask(_NAMED.format(where=where), [asked, asked, *values])} if asked else {}


def listed(
    shown: Sequence[Decision],
    told: Decisions,
    subjects: Mapping[str, Row],
    *,
    pending: AbstractSet[str],
    results: Mapping[str, Row],
    may_withdraw: Callable[[Decision], bool],
) -> list[Row]:
    """Return one line per decision.

    Args:
        shown: the decisions of the page.
        told: the whole file; says which stand, and who withdrew the others.
        subjects: what `named` gave.
        pending: ids of those that the release was not built with.
        results: what became of the others, by id.
        may_withdraw: whether the reader may take one back.
    """
    standing = {one.id for one in told.standing}
    taken_back = {one.decision: one for one in told.lines if isinstance(one, Withdrawal)}
    return [
        {
            "decision": one, "key": {"decision": one.id}, "kind": TITLES[type(one)], "told": spoken(one, subjects), "about": [_side(reference, subjects) for reference in about(one)],
            "withdrawn": None if one.id in standing else taken_back.get(one.id), "pending": one.id in pending, "result": results.get(one.id),
            "may": one.id in standing and may_withdraw(one),
        }
        for one in shown
    ]  # fmt: skip


def whom(decision: Decision, subjects: Mapping[str, Row]) -> str:
    """Return the names of those that a decision is about."""
    names = [str(_side(reference, subjects).get("name") or "（无名称）") for reference in about(decision)]
    return "、".join(dict.fromkeys(names))


def spoken(decision: Decision, subjects: Mapping[str, Row]) -> str:
    """Return what a decision says besides whom it is about; personal data stay hidden."""
    if isinstance(decision, RepairVerdict):
        return f"{_VERDICTS[decision.verdict]} {decision.code}"
    if isinstance(decision, ChosenValue):
        subject = subjects.get(decision.subject)
        veil = veil_for(subject) if subject else Veil(natural_person=True)
        return f"{_TITLES[decision.field]}：{veil.value(decision.field, decision.value)}"
    if isinstance(decision, ManualRecord):
        return EXTRACTS[decision.extract].title
    return str(getattr(decision, "office", ""))


def _side(reference: str, subjects: Mapping[str, Row]) -> Row:
    """One of those that a decision is about: name and code of the subject, and the kind of the record that names it; without `subject_id` when the release has none."""
    subject = subjects.get(reference)
    if subject is None:
        return {"reference": reference}
    veil = veil_for(subject)
    return {
        "reference": reference,
        "subject_id": subject["subject_id"],
        "name": veil.value("name", subject["name"]),
        "code": veil.value("uscc", subject["uscc"]),
        "record": EXTRACTS[subject["kind"]].title if subject["kind"] else "",
    }
