"""The kinds of decision, each with who, when, why."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from evenhand.identifiers import uscc
from evenhand.standards import EXTRACTS, TABLES

__all__ = [
    "ANY", "RECORD_ID", "Apart", "ChosenOffice", "ChosenValue", "Decision", "ManualRecord", "Merge", "RecordId", "Reference", "RepairVerdict", "Split",
    "Withdrawal",
]  # fmt: skip

RECORD_ID = r"^[0-9a-f]{24}(-[0-9]+)?$"
"""A record id: content digest, and for equal rows their number."""
_CHOSEN = frozenset(TABLES["subject"].names) - {"subject_id"}


def _valid_code(text: str) -> str:
    if not uscc.is_valid(text):
        raise ValueError(f"{text} 不是有效的统一社会信用代码")
    return text


Code = Annotated[str, AfterValidator(_valid_code)]
RecordId = Annotated[str, Field(pattern=RECORD_ID)]
Reference = RecordId | Code
"""A subject, named by its valid code or by one of its records."""


class _Decision(BaseModel):
    """What every decision says. `at` carries its zone; `id` is free text, unique in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    at: datetime
    by: str = Field(min_length=1)
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _zoned(self) -> Self:
        if self.at.tzinfo is None:
            raise ValueError("at 缺少时区，请写成 2026-06-30T09:00:00+08:00 的样子")
        return self


class Merge(_Decision):
    """These are one subject (合并)."""

    kind: Literal["merge"] = "merge"
    subjects: tuple[Reference, ...] = Field(min_length=2)


class Split(_Decision):
    """These records are another subject than the one they were put to (拆分)."""

    kind: Literal["split"] = "split"
    records: tuple[RecordId, ...] = Field(min_length=1)


class Apart(_Decision):
    """Those on the left are not those on the right (不是同一主体). `seen`: the evidence that was judged; new evidence brings the pair back."""

    kind: Literal["apart"] = "apart"
    left: tuple[Reference, ...] = Field(min_length=1)
    right: tuple[Reference, ...] = Field(min_length=1)
    seen: tuple[str, ...] = ()


class RepairVerdict(_Decision):
    """Whether the code of a record is to be this one (代码修复的认定): accepted, rejected, or replaced by another."""

    kind: Literal["repair"] = "repair"
    record: RecordId
    verdict: Literal["accept", "reject", "replace"]
    code: Code


class ChosenValue(_Decision):
    """The value of one field of a subject (选定取值)."""

    kind: Literal["value"] = "value"
    subject: Reference
    field: str
    value: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.field not in _CHOSEN:
            raise ValueError(f"主体没有字段 {self.field}")
        return self


class ChosenOffice(_Decision):
    """The office responsible for a subject (选定监管机构)."""

    kind: Literal["office"] = "office"
    subject: Reference
    office: str = Field(min_length=1)


class ManualRecord(_Decision):
    """A record added by hand (人工补录): a kind of extract and its fields as text."""

    kind: Literal["record"] = "record"
    extract: str
    fields: dict[str, str]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.extract not in EXTRACTS:
            raise ValueError(f"没有数据种类 {self.extract}，可用：{'、'.join(EXTRACTS)}")
        unknown = sorted(set(self.fields) - set(EXTRACTS[self.extract].names))
        if unknown or not any(self.fields.values()):
            raise ValueError(f"{EXTRACTS[self.extract].title}没有字段 {'、'.join(unknown)}" if unknown else "没有填写任何字段")
        return self


class Withdrawal(_Decision):
    """An earlier decision no longer stands (撤回)."""

    kind: Literal["withdraw"] = "withdraw"
    decision: str


Decision = Merge | Split | Apart | RepairVerdict | ChosenValue | ChosenOffice | ManualRecord | Withdrawal
ANY: TypeAdapter[Any] = TypeAdapter(Annotated[Decision, Field(discriminator="kind")])
