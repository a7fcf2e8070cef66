"""What an authority agreed for its plans (`planning/plan.yaml`): coverage, windows, minutes, what events order, who is left out."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from evenhand.errors import Message
from evenhand.plan.shapes import KINDS, LEVELS, Policy
from evenhand.rulebook import Pack, Source

__all__ = ["Ordered", "PlanRules", "Screen", "read_plan_rules"]

_FILE: Final = "planning/plan.yaml"
PLAN_NO_RULES: Final = Message(
    "PLAN-01", zh="规则包 {pack} 没有 {file}。请补上，可照随产品发布的规则包。", en="pack {pack} has no {file}; add it."
)
PLAN_RULES_BAD: Final = Message("PLAN-02", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ordered(_Frozen):
    """What a trigger orders: kind of inspection, organiser, working days until it must be done."""

    kind: str
    level: str
    working_days: int = Field(ge=1)

    @field_validator("kind")
    @classmethod
    def _kind(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"没有检查种类“{value}”；可用 {'、'.join(KINDS)}")
        return value

    @field_validator("level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value not in LEVELS:
            raise ValueError(f"没有层级“{value}”；可用 {'、'.join(LEVELS)}")
        return value


class Screen(_Frozen):
    """One reason for which a subject is left out of the plan: it has one of these tags."""

    id: str
    term: str
    tags: tuple[str, ...] = Field(min_length=1)
    source: Source


class PlanRules(_Frozen):
    """All of the file."""

    term: str
    name: str
    meaning: str
    source: Source
    policy: Policy
    full_check_years: int = Field(ge=1)
    no_repeat_months: int = Field(ge=0)
    full_kinds: tuple[str, ...]
    overdue_days: int = Field(ge=1)
    week_capacity_pct: int = Field(ge=1, le=100)
    minutes: dict[str, int]
    system_tags: tuple[str, ...]
    system_level: str
    recent_days: int = Field(ge=1)
    dynamic: dict[str, Ordered]
    screening: tuple[Screen, ...]

    @field_validator("minutes")
    @classmethod
    def _all_kinds(cls, value: dict[str, int]) -> dict[str, int]:
        if lacking := [kind for kind in KINDS if kind not in value]:
            raise ValueError(f"缺 {'、'.join(lacking)} 的用时")
        return value


def read_plan_rules(pack: Pack) -> PlanRules:
    """Read the file; raises BadInput with every fault of it."""
    return pack.record(_FILE, PlanRules, missing=PLAN_NO_RULES, bad=PLAN_RULES_BAD)
