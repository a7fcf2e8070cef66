"""The rules of survivorship, status and form: read, checked, frozen."""

import re
from typing import Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from evenhand.errors import BadInput, Problem
from evenhand.golden.gathering import CHOSEN
from evenhand.golden.level_rules import LevelRules
from evenhand.golden.messages import GOLDEN_NO_RULES, GOLDEN_RULES_BAD
from evenhand.golden.rule_shapes import Frozen, RuleDocument, Worded
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS

__all__ = [
    "FieldRule", "FormRules", "GoldenRules", "LicenceRules", "Reasons", "StatusRules", "Step", "SubjectRules", "SurvivorRules", "read_golden_rules",
]  # fmt: skip

Step = Literal["validity", "source", "agreement", "recency"]


class FieldRule(Frozen):
    """How one field's value is chosen: steps in their order, and the order of sources."""

    id: str
    field: str
    steps: tuple[Step, ...]
    sources: tuple[str, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if unknown := sorted(set(self.sources) - set(EXTRACTS)):
            raise ValueError(f"{self.id}：没有数据种类 {'、'.join(unknown)}")
        if len(set(self.steps)) != len(self.steps):
            raise ValueError(f"{self.id}：steps 有重复")
        return self


class Reasons(Frozen):
    """Wording of the reason of each step."""

    validity: str
    source: str
    agreement: str
    recency: str


class SurvivorRules(RuleDocument):
    """`golden/subject.yaml`: one rule per field."""

    phone_pattern: str
    fields: tuple[FieldRule, ...] = Field(min_length=1)
    reasons: Reasons

    @field_validator("phone_pattern")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as fault:
            raise ValueError("不是正则式") from fault
        return pattern

    @field_validator("fields")
    @classmethod
    def _one_each(cls, rules: tuple[FieldRule, ...]) -> tuple[FieldRule, ...]:
        given = [rule.field for rule in rules]
        wanted = {*CHOSEN, "place", "status"}
        faults = [f"字段 {name} 有两条规则" for name in sorted(set(given)) if given.count(name) > 1]
        faults += [f"缺少字段 {name} 的规则" for name in sorted(wanted - set(given))]
        faults += [f"不认识字段 {name}" for name in sorted(set(given) - wanted)]
        if faults:
            raise ValueError("；".join(faults))
        return rules

    def __getitem__(self, field: str) -> FieldRule:
        """The rule of a field; KeyError when there is none."""
        return self.fields[self.place_of(field)]

    def place_of(self, field: str) -> int:
        """Where in `fields` the rule of a field stands: narrow tables name fields so; KeyError when there is none."""
        for n, rule in enumerate(self.fields):
            if rule.field == field:
                return n
        raise KeyError(field)


class LicenceReasons(Worded):
    """Wording of the reason of each status of a licence."""

    slots = frozenset({"asof", "days", "calendar_first", "calendar_last", "valid_to", "begins_on", "ended_on", "stated_on", "status"})

    future: str
    stated: str
    stated_since: str
    stated_later: str
    unbegun: str
    soon: str
    valid: str
    soon_unknown: str
    expired: str
    impossible: str
    doubtful: str
    open_ended: str
    stated_valid: str
    stated_expired: str
    expired_later: str
    unknown: str


class SubjectReasons(Worded):
    """Wording of the reason of each status of a subject."""

    slots = frozenset({"asof", "reason", "count", "founded_on", "later_on", "dormant_on", "years", "status"})

    registered: str
    dormant_over: str
    lost: str
    alive: str
    unfounded: str
    before_change: str
    licensed: str
    ended: str
    unregistered: str
    unknown: str


class LicenceRules(Frozen):
    """How the status of a licence on a day is derived."""

    stated: dict[str, str]
    replaced: tuple[str, ...]
    expired_code: str
    valid_code: str
    open_ended: tuple[str, ...]
    soon_working_days: int = Field(ge=0)
    far_days: int = Field(ge=0)
    names: dict[Literal["valid", "soon", "expired", "unknown", "future"], str] = Field(min_length=5)
    soon_answers: dict[Literal["near", "distant", "unknown"], str] = Field(min_length=3)
    reasons: LicenceReasons


class Dormant(Frozen):
    """How long a business may lie dormant (歇业)."""

    status: str
    years: int = Field(ge=1)


class SubjectRules(Frozen):
    """How the status of a subject on a day is derived."""

    registered: tuple[str, ...]
    alive: str
    lost: str
    unknown: str
    unfounded: str
    begins: dict[str, Literal["founded_on", "cancelled_on"]]
    dormant: Dormant
    lost_words: tuple[str, ...] = Field(min_length=1)
    alive_licences: tuple[str, ...]
    ended_licences: tuple[str, ...]
    reasons: SubjectReasons


class FormRules(Frozen):
    """Which form of business a licence shows."""

    ended: tuple[str, ...]
    order: tuple[str, ...]
    production: dict[str, str]
    operation: dict[str, str]
    filing: str


class StatusRules(RuleDocument):
    """`golden/status.yaml`."""

    licence: LicenceRules
    subject: SubjectRules
    forms: FormRules


class GoldenRules(Frozen):
    """The files of `golden/`."""

    survivors: SurvivorRules
    status: StatusRules
    levels: LevelRules


_FILES: Final = (
    ("survivors", "golden/subject.yaml", SurvivorRules),
    ("status", "golden/status.yaml", StatusRules),
    ("levels", "golden/levels.yaml", LevelRules),
)


def read_golden_rules(pack: Pack) -> GoldenRules:
    """Read the three files of `golden/`; raises BadInput with every fault of them."""
    documents = pack.documents("golden")
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for key, file, model in _FILES:
        if file not in documents:
            problems.append(Problem(GOLDEN_NO_RULES, {"pack": pack.name, "file": file}))
            continue
        read[key] = pack.shaped(file, documents[file], model, GOLDEN_RULES_BAD, problems)
    if problems:
        raise BadInput(problems)
    return GoldenRules(**read)
