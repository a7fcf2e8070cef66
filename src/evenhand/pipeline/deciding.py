"""Decisions in a build: manual records become a source, and each decision is told whether it took effect."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa

from evenhand.decisions import (
    Apart,
    ChosenOffice,
    ChosenValue,
    Decision,
    Decisions,
    ManualRecord,
    Merge,
    RepairVerdict,
    Split,
    Withdrawal,
    named_subjects,
)
from evenhand.engine import Engine
from evenhand.sources import Catalogue, Source
from evenhand.standards import EXTRACTS

__all__ = ["TITLES", "UNFIT", "about", "decision_rows", "with_manual_records"]

TITLES: Final = {
    Merge: "合并", Split: "拆分", Apart: "不是同一主体", RepairVerdict: "代码修复", ChosenValue: "选定取值", ChosenOffice: "选定机构", ManualRecord: "人工补录", Withdrawal: "撤回",
}  # fmt: skip
DONE, WITHDRAWN, REPLACED, UNMATCHED, REFUSED = "已执行", "已撤回", "已被后来的认定取代", "没有对应", "不能执行"
UNFIT = (UNMATCHED, REFUSED)


def with_manual_records(catalogue: Catalogue, decisions: Decisions, folder: Path) -> Catalogue:
    """Return the catalogue with one more source per kind of record added by hand; their files are written into `folder`."""
    kinds: dict[str, list[ManualRecord]] = defaultdict(list)
    for record in decisions.records:
        kinds[record.extract].append(record)
    if not kinds:
        return catalogue
    folder.mkdir(parents=True, exist_ok=True)
    added = [_manual_source(kind, records, folder) for kind, records in sorted(kinds.items())]
    return replace(catalogue, sources=(*catalogue.sources, *added), written=folder.parent)


def _manual_source(kind: str, records: Sequence[ManualRecord], folder: Path) -> Source:
    names = EXTRACTS[kind].names
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        writer.writerows([record.fields.get(name, "") for name in names] for record in records)
    day: date = max(record.at for record in records).date()
    return Source(
        name=f"manual_{kind}", kind=kind, title=f"人工补录的{EXTRACTS[kind].title}", delivery=day, files=(path,), encoding="utf-8", delimiter=",", header_row=1,
        columns={name: name for name in names},
    )  # fmt: skip


def decision_rows(decisions: Decisions, *, membership: ir.Table, subject: ir.Table, jurisdiction: ir.Table, engine: Engine) -> pa.Table:
    """One row per decision, told by what the release holds: columns of `TABLES["decision"]`.

    Args:
        decisions: every line of the file.
        membership: one row per record.
        subject: one row per subject.
        jurisdiction: one row per subject and site.
        engine: looks the named records and codes up.
    """
    named = sorted({reference for decision in decisions.lines for reference in about(decision)})
    asked = engine.table(pa.table({"reference": pa.array(named, pa.string())}))
    ids = {row["reference"]: row["subject_id"] for row in engine.arrow(named_subjects(asked, membership, subject)).to_pylist()}
    held = engine.table(pa.table({"subject_id": pa.array(sorted(set(ids.values())), pa.string())}))
    subjects = {row["subject_id"]: row for row in engine.arrow(subject.semi_join(held, "subject_id")).to_pylist()}
    offices = {
        row["subject_id"]: row["office"]
        for row in engine.arrow(
            jurisdiction.filter(jurisdiction.is_main).semi_join(held, "subject_id").select("subject_id", "office")
        ).to_pylist()
    }
    standing = {decision.id for decision in decisions.standing}
    last = {_target(decision): decision.id for decision in decisions.standing}
    withdrawn_by = {d.decision: d.id for d in decisions.lines if isinstance(d, Withdrawal)}
    rows: list[dict[str, Any]] = []
    for decision in decisions.lines:
        if isinstance(decision, Withdrawal):
            state, note = DONE, f"撤回 {decision.decision}"
        elif decision.id not in standing:
            state, note = WITHDRAWN, f"由 {withdrawn_by.get(decision.id, '')} 撤回"
        elif last[_target(decision)] != decision.id:
            state, note = REPLACED, f"见 {last[_target(decision)]}"
        else:
            state, note = _outcome(decision, ids, subjects, offices)
        rows.append({
            "decision": decision.id, "kind": TITLES[type(decision)], "at": decision.at.isoformat(), "by": decision.by, "why": decision.why,
            "about": "、".join(about(decision)), "state": state, "note": note,
        })  # fmt: skip
    text = pa.string()
    return pa.Table.from_pylist(rows, pa.schema(dict.fromkeys(("decision", "kind", "at", "by", "why", "about", "state", "note"), text)))


def about(decision: Decision) -> tuple[str, ...]:
    """Return the records and codes that a decision names."""
    if isinstance(decision, Merge):
        return decision.subjects
    if isinstance(decision, Split):
        return decision.records
    if isinstance(decision, Apart):
        return decision.left + decision.right
    if isinstance(decision, RepairVerdict):
        return (decision.record,)
    return (decision.subject,) if isinstance(decision, ChosenValue | ChosenOffice) else ()


def _target(decision: Decision) -> tuple[str, ...]:
    """What two decisions must share for the later to replace the earlier; its own id when nothing can."""
    if isinstance(decision, RepairVerdict) and decision.verdict != "reject":
        return ("repair", decision.record)
    if isinstance(decision, ChosenValue):
        return ("value", decision.subject, decision.field)
    if isinstance(decision, ChosenOffice):
        return ("office", decision.subject)
    return (decision.id,)


def _outcome(
    decision: Decision, ids: Mapping[str, str], subjects: Mapping[str, Mapping[str, Any]], offices: Mapping[str, str]
) -> tuple[str, str]:
    """State and note of a decision that stands: what it named must be there, and what it wanted must be so."""
    missing = [reference for reference in about(decision) if reference not in ids]
    if missing:
        return UNMATCHED, f"本期数据中没有 {'、'.join(missing[:3])}"
    wrong = "；".join(_against(decision, ids, subjects, offices))
    return (REFUSED, wrong) if wrong else (DONE, "")


def _against(
    decision: Decision, ids: Mapping[str, str], subjects: Mapping[str, Mapping[str, Any]], offices: Mapping[str, str]
) -> Iterator[str]:
    if isinstance(decision, Merge) and len({ids[r] for r in decision.subjects}) > 1:
        yield "各方有不同的有效代码，不能合并；如其中一个代码有误，请先认定代码"
    elif isinstance(decision, Apart) and {ids[r] for r in decision.left} & {ids[r] for r in decision.right}:
        yield "两方同用一个有效代码；请先认定其中一条记录的代码"
    elif isinstance(decision, RepairVerdict):
        same = subjects.get(ids[decision.record], {}).get("uscc") == decision.code
        if same is (decision.verdict == "reject"):
            yield "归属未随代码认定改变，可能另有拆分或者合并"
    elif isinstance(decision, ChosenValue):
        now = subjects.get(ids[decision.subject], {}).get(decision.field)
        if str(now) != decision.value:
            yield f"现为“{now}”"
    elif isinstance(decision, ChosenOffice) and offices.get(ids[decision.subject]) != decision.office:
        yield f"现为“{offices.get(ids[decision.subject], '')}”"
