"""Which decisions stand, and what they say, as small tables."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

import pyarrow as pa

from evenhand.decisions.model import (
    Apart,
    ChosenOffice,
    ChosenValue,
    Decision,
    ManualRecord,
    Merge,
    RepairVerdict,
    Split,
    Withdrawal,
)

__all__ = ["Decisions", "no_decisions"]

_D = TypeVar("_D", bound="Decision")
_NONE: Final = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Every line of a file, and its digest. The tables below hold the decisions that stand, in their order of time."""

    lines: tuple[Decision, ...]
    digest: str

    @cached_property
    def standing(self) -> tuple[Decision, ...]:
        """Decisions not withdrawn, by time and id; a withdrawal that is itself withdrawn does not count."""
        ordered = sorted(self.lines, key=lambda d: (d.at, d.id))
        taken_back: set[str] = set()
        for decision in reversed(ordered):
            if isinstance(decision, Withdrawal) and decision.id not in taken_back:
                taken_back.add(decision.decision)
        return tuple(d for d in ordered if d.id not in taken_back and not isinstance(d, Withdrawal))

    def only(self, *kinds: str) -> "Decisions":
        """Return those of some kinds that stand, with a digest of their own, which decisions of other kinds and what was withdrawn leave as it is."""
        lines = tuple(d for d in self.standing if d.kind in kinds)
        return Decisions(lines=lines, digest=hashlib.sha256("\n".join(d.model_dump_json() for d in lines).encode()).hexdigest())

    @property
    def codes(self) -> pa.Table:
        """One row per record whose code a person settled: record_id, code, decision. The last verdict on a record stands."""
        last = {d.record: d for d in self._of(RepairVerdict)}
        rows = [(d.record, d.code, d.id) for d in last.values() if d.verdict != "reject"]
        return _table(rows, ("record_id", "code", "decision"))

    @property
    def forbidden(self) -> pa.Table:
        """One row per record and code that must not meet: record_id, code, decision."""
        last = {(d.record, d.code): d for d in self._of(RepairVerdict)}
        rows = {(d.record, d.code): d.id for d in last.values() if d.verdict == "reject"}
        for d in self._of(Apart):
            for one, other in ((d.left, d.right), (d.right, d.left)):
                rows |= {(record, code): d.id for record in one if _is_record(record) for code in other if not _is_record(code)}
        return _table([(*pair, decision) for pair, decision in sorted(rows.items())], ("record_id", "code", "decision"))

    @property
    def units(self) -> pa.Table:
        """One row per record that is put to a unit of its own: record_id, unit (the decision). The last split of a record stands."""
        rows = {record: d.id for d in self._of(Split) for record in d.records}
        return _table(sorted(rows.items()), ("record_id", "unit"))

    @property
    def joins(self) -> pa.Table:
        """One row per subject named by a merge: decision, reference. A record that a later split takes out is not named any more."""
        split_at = {record: (d.at, d.id) for d in self._of(Split) for record in d.records}
        rows = [
            (d.id, reference) for d in self._of(Merge) for reference in d.subjects if split_at.get(reference, (d.at, "")) <= (d.at, d.id)
        ]
        return _table(rows, ("decision", "reference"))

    @property
    def aparts(self) -> pa.Table:
        """One row per two references that are not the same subject: decision, left, right, seen (evidence, one line each), judged (in words)."""
        rows = [(d.id, left, right, "\n".join(d.seen), _judged(d)) for d in self._of(Apart) for left in d.left for right in d.right]
        return _table(rows, ("decision", "left", "right", "seen", "judged"))

    @property
    def values(self) -> pa.Table:
        """One row per reference and field: turn, reference, field, value, told (in words). Of two about one subject the higher turn stands."""
        rows = {(d.subject, d.field): (turn, d.subject, d.field, d.value, _judged(d)) for turn, d in self._turns(ChosenValue)}
        return _table(list(rows.values()), ("turn", "reference", "field", "value", "told"))

    @property
    def offices(self) -> pa.Table:
        """One row per reference: turn, reference, office, told (in words). Of two about one subject the higher turn stands."""
        rows = {d.subject: (turn, d.subject, d.office, _judged(d)) for turn, d in self._turns(ChosenOffice)}
        return _table(list(rows.values()), ("turn", "reference", "office", "told"))

    @property
    def records(self) -> tuple[ManualRecord, ...]:
        """Records added by hand."""
        return tuple(self._of(ManualRecord))

    def _turns(self, kind: type[_D]) -> Iterator[tuple[str, _D]]:
        return ((f"{turn:09d}", d) for turn, d in enumerate(self._of(kind)))

    def _of(self, kind: type[_D]) -> Iterator[_D]:
        return (d for d in self.standing if isinstance(d, kind))


def no_decisions() -> Decisions:
    """Return the decisions of a bureau that has made none."""
    return Decisions(lines=(), digest=_NONE)


def _judged(decision: Decision) -> str:
    return f"{decision.at:%Y-%m-%d} {decision.by}：{decision.why}"


def _is_record(reference: str) -> bool:
    return len(reference) >= 24  # noqa: PLR2004 — a code has 18 signs, a record id 24 or more


def _table(rows: Iterable[tuple[str, ...]], names: tuple[str, ...]) -> pa.Table:
    kept = list(rows)
    return pa.table({name: pa.array([row[place] for row in kept], pa.string()) for place, name in enumerate(names)})
