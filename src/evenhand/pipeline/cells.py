"""The history of one cell: what each source wrote, what became of it, which value the register shows and why; and how to undo that alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow.parquet as pq

from evenhand.decisions import ChosenOffice, ChosenValue, Decision, Decisions, RepairVerdict
from evenhand.errors import BadInput, Message, Problem
from evenhand.identifiers import uscc
from evenhand.pipeline.reading import subject_card
from evenhand.publish import Release, Scope, SubjectCard
from evenhand.repair import STATES as REPAIR_STATES
from evenhand.rulebook import Pack
from evenhand.standards import TABLES

__all__ = ["Cell", "CellHistory", "Undo", "cell_history", "how_to_undo"]

Row = dict[str, Any]
_NAMES: Final = {"former_names": "former_name", "status": "registration_status"}
"""Fields of a subject that the extracts call otherwise."""

NO_FIELD: Final = Message("CELL-01", zh="主体没有字段 {field}。可以是：{known}。", en="a subject has no field {field}; known: {known}.")
NOTHING_TO_UNDO: Final = Message(
    "CELL-02",
    zh="“{field}”的取值就是来源所写，没有人工认定，也没有经过改写，没有可撤销的。要改用别的值：evenhand decide value。",
    en="{field} is as its source wrote it; there is nothing to undo. To take another value: evenhand decide value.",
)
BY_RECORD: Final = Message(
    "CELL-03",
    zh="统一社会信用代码按记录认定：用 evenhand decide repair 否定记录 {record} 的建议 {code}。",
    en="codes are judged by record: refuse the proposal {code} of record {record} by evenhand decide repair.",
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one source row says about the field.

    `standard`: after standardising. `identified`: as the record is recognised by it (numbers moved to their own column, offices by their full
    name); None where the record has no such column. `repair`: the first proposal, in words.
    """

    kind: str
    source: str
    delivery: str
    file: str
    sheet: str
    row: int
    record_id: str
    raw: str | None
    standard: str | None
    identified: str | None
    repair: str


@dataclass(frozen=True, kw_only=True)
class CellHistory:
    """One field of one subject: source rows, the value shown, the rule and the reason, and the decisions about the subject."""

    subject: Row
    field: str
    title: str
    value: str | None
    rule: str
    reason: str
    cells: tuple[Cell, ...]
    others: tuple[Row, ...]
    """Values that were not taken, as rows of `history`."""
    decisions: tuple[Row, ...]
    """Decisions that name the subject, as rows of `decision`."""

    @property
    def element(self) -> str:
        """The data element of the field, as the extracts call it."""
        return _NAMES.get(self.field, self.field)

    @property
    def references(self) -> frozenset[str]:
        """What a decision may call this subject: its code and its records."""
        return frozenset({cell.record_id for cell in self.cells} | {self.subject["uscc"] or ""} - {""})

    @property
    def reference(self) -> str:
        """How a decision names this subject: by its valid code, else by its first record."""
        code = self.subject["uscc"]
        return str(code) if code and uscc.is_valid(code) else self.cells[0].record_id


@dataclass(frozen=True, kw_only=True)
class Undo:
    """The one decision that undoes a cell: a withdrawal, or the value that the source wrote."""

    withdraws: str = ""
    value: str = ""


def cell_history(release: Release, subject_id: str, field: str, scope: Scope, *, pack: Pack) -> CellHistory | None:
    """Return the history of one field of one subject; None when the scope does not hold the subject.

    Raises:
        BadInput: a subject has no such field.
    """
    titles = {column.name: column.title for column in TABLES["subject"].columns}
    if field not in titles:
        raise BadInput(Problem(NO_FIELD, {"field": field, "known": "、".join(titles)}))
    card = subject_card(release, subject_id, scope, pack=pack)
    if card is None:
        return None
    choice: Mapping[str, Any] = next((one for one in card.choices if one["field"] == field), {})
    value = card.subject[field]
    return CellHistory(
        subject=card.subject,
        field=field,
        title=titles[field],
        value=None if value is None else str(value),
        rule=choice.get("rule", ""),
        reason=choice.get("reason", ""),
        cells=_cells(release, card, field),
        others=tuple(row for row in card.history if row["field"] == field and not row["chosen"]),
        decisions=_about(release, {row["record_id"] for row in card.rows} | {card.subject["uscc"]}),
    )


def how_to_undo(history: CellHistory, decisions: Decisions) -> Undo:
    """Return the decision that takes back what changed this cell, and nothing else: the last standing choice, else the source's own words.

    Raises:
        BadInput: nothing changed this cell, or it is a code, which is judged by record.
    """
    for decision in reversed(decisions.standing):
        if _changed(decision, history):
            return Undo(withdraws=decision.id)
    if history.field == "uscc":
        repaired = next((cell for cell in history.cells if cell.repair), None)
        if repaired:
            raise BadInput(Problem(BY_RECORD, {"record": repaired.record_id, "code": history.value}))
    taken = [cell for cell in history.cells if history.value in {cell.standard, cell.identified}]
    rewritten = next((cell.raw for cell in taken if cell.raw and cell.raw != history.value), None)
    if rewritten is None:
        raise BadInput(Problem(NOTHING_TO_UNDO, {"field": history.title}))
    return Undo(value=rewritten)


def _changed(decision: Decision, history: CellHistory) -> bool:
    """Whether this decision gave the cell its value."""
    if isinstance(decision, ChosenValue):
        return decision.field == history.field and decision.subject in history.references
    if isinstance(decision, ChosenOffice):
        return history.field == "office" and decision.subject in history.references
    if isinstance(decision, RepairVerdict):
        return history.field == "uscc" and decision.verdict != "reject" and decision.record in history.references
    return False


def _cells(release: Release, card: SubjectCard, field: str) -> tuple[Cell, ...]:
    name = _NAMES.get(field, field)
    first = {row["record_id"]: row for row in card.repairs if row["field"] == field and row["rank"] == 1}
    mine = [("record_id", "in", [row["record_id"] for row in card.rows])]
    held = TABLES["record"].names
    columns = ["record_id", *([name] if name in held else [])]
    known = {row["record_id"]: row for row in pq.read_table(release.folder / "record.parquet", columns=columns, filters=mine).to_pylist()}
    told = []
    for row in card.rows:
        said = next((cell for cell in row["cells"] if cell["field"] == name), None)
        identified = _text(known.get(row["record_id"], {}).get(name))
        if said is None and identified is None:
            continue
        one = first.get(row["record_id"])
        told.append(
            Cell(
                kind=row["kind_title"], source=row["source"], delivery=f"{row['delivery']}", file=row["file"], sheet=row["sheet"] or "", row=row["row"],
                record_id=row["record_id"], raw=_text(said["raw"]) if said else None, standard=_text(said["value"]) if said else None, identified=identified,
                repair=f"{one['after']}（{REPAIR_STATES.get(one['state'], one['state'])}，{one['title']}）" if one else "",
            )
        )  # fmt: skip
    return tuple(told)


def _about(release: Release, references: Collection[str | None]) -> tuple[Row, ...]:
    rows = pq.read_table(release.folder / "decision.parquet").to_pylist()
    return tuple(row for row in rows if set(row["about"].split("、")) & set(references))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
