"""The repair rules of a pack: read, checked, frozen."""

from datetime import date
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.identifiers.check_digits import ALPHABET_31
from evenhand.repair.messages import REPAIR_NO_RULES, REPAIR_RULES_BAD
from evenhand.rulebook import Pack
from evenhand.standards import TABLES

__all__ = ["METHODS", "STATES", "Measurement", "Prefix", "RepairRule", "RepairRules", "read_repair_rules"]

_FILE = "repair/codes.yaml"

Method = Literal[
    "confusable", "substitution", "transposition", "missing", "doubled", "embedded", "elsewhere", "truncated", "namesake", "parts"
]
METHODS: Final[tuple[Method, ...]] = (
    "confusable", "transposition", "substitution", "missing", "doubled", "embedded", "elsewhere", "truncated", "namesake", "parts",
)  # fmt: skip
"""Ways to a code, the plainest first: of several that give the same code the first is told."""

STATES: Final = {"auto": "自动采用", "review": "待复核", "hint": "仅供参考", "decided": "已由人认定", "rejected": "已由人否定"}
"""States of a proposal, with their titles."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RepairRule(_Frozen):
    """One kind of proposal (修复规则).

    `ways`: found by one of them. `link`: the record was put to the subject for one of these reasons; `any` of them when True. `agreeing`: least
    number of columns that agree. `told`, `right`: how many first proposals the measurement counted, how many of them were right.
    """

    id: str
    title: str
    ways: tuple[Method, ...] = ()
    link: tuple[str, ...] | Literal[True] = ()
    agreeing: int = Field(default=0, ge=0)
    prior: float = Field(gt=0, le=1)
    told: int = Field(default=0, ge=0)
    right: int = Field(default=0, ge=0)

    @property
    def precision(self) -> float | None:
        """Measured share of right proposals; None when none was counted."""
        return self.right / self.told if self.told else None

    @property
    def confidence(self) -> float:
        """Measured precision (as if one more proposal had been right and one wrong) to six places, else what was agreed on."""
        return round((self.right + 1) / (self.told + 2), 6) if self.told else self.prior

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not self.ways and not self.link:
            raise ValueError(f"{self.id}：ways 与 link 至少写一项")
        if self.right > self.told:
            raise ValueError(f"{self.id}：right 大于 told")
        return self


class Measurement(_Frozen):
    """On what `told` and `right` were counted: day, seed and size of the practice province."""

    day: date
    seed: int
    subjects: int = Field(ge=1)


class Threshold(_Frozen):
    """When a rule may act without a person: measured precision, and on how many proposals at least."""

    precision: float = Field(ge=0.999, le=1)
    told: int = Field(ge=1)


class Prefix(_Frozen):
    """Department and category (places 1 and 2) of a subject whose name matches; the first that does."""

    like: str
    signs: str = Field(min_length=2, max_length=2)


class Named(_Frozen):
    """An id and a title."""

    id: str
    title: str


class RepairRules(_Frozen):
    """The whole file."""

    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str
    threshold: Threshold
    measured: Measurement
    rules: tuple[RepairRule, ...] = Field(min_length=1)
    decided: Named
    confusable: dict[str, str]
    agree: dict[str, str] = Field(min_length=1)
    most_namesakes: int = Field(ge=1)
    prefixes: tuple[Prefix, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"编号重复：{'、'.join(twice)}")
        if unknown := sorted(set(self.agree) - set(TABLES["record"].names)):
            raise ValueError(f"来源记录没有列 {'、'.join(unknown)}")
        if bad := sorted(s for signs in self.confusable.values() for s in signs if s not in ALPHABET_31):
            raise ValueError(f"confusable 改成了代码不用的字符 {'、'.join(bad)}")
        return self

    def automatic(self, rule: RepairRule) -> bool:
        """Whether a rule may act alone: measured often enough, precisely enough, and on something that a source states."""
        stated = "parts" not in rule.ways
        return stated and rule.told >= self.threshold.told and (rule.precision or 0) >= self.threshold.precision

    @property
    def titles(self) -> dict[str, str]:
        """Titles by id."""
        return {rule.id: rule.title for rule in self.rules} | {self.decided.id: self.decided.title}


def read_repair_rules(pack: Pack) -> RepairRules:
    """Read `repair/codes.yaml` of the pack; raises BadInput with every fault of it."""
    return pack.record(_FILE, RepairRules, missing=REPAIR_NO_RULES, bad=REPAIR_RULES_BAD)
