"""What an authority agreed for its plans (`planning/plan.yaml`): coverage, windows, minutes, what events order, who is left out."""

from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from evenhand.errors import Message
from evenhand.plan.fields import Frozen, KindName, LevelName
from evenhand.plan.shapes import KINDS, Policy
from evenhand.rulebook import Pack, Source

__all__ = ["Ordered", "PlanRules", "Screen", "SystemCheck", "read_plan_rules"]

_FILE: Final = "planning/plan.yaml"
PLAN_NO_RULES: Final = Message(
    "PLAN-01", zh="规则包 {pack} 没有 {file}。请补上，可照随产品发布的规则包。", en="pack {pack} has no {file}; add it."
)
PLAN_RULES_BAD: Final = Message("PLAN-02", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")


class Ordered(Frozen):
    """What a trigger orders: kind of inspection, organiser, working days until it must be done.

    The days count from the event: a ground of this kind with one of `outcomes`, of samples only those taken by `sampled_by` where told.
    """

    kind: KindName
    level: LevelName
    working_days: int = Field(ge=1)
    ground: Literal["sampling", "inspection", "complaint"]
    outcomes: tuple[str, ...] = Field(min_length=1)
    sampled_by: tuple[str, ...] = ()


class Screen(Frozen):
    """One reason for which a subject is left out of the plan.

    `test`: it has one of `tags`; it has no matter; its visits of the year reached the cap of its grade; a decision names it.
    """

    id: str
    term: str
    test: Literal["tags", "no_matter", "annual_cap", "listed"] = "tags"
    tags: tuple[str, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _says_which(self) -> "Screen":
        if (self.test == "tags") != bool(self.tags):
            raise ValueError("test: tags 时须写 tags，其他时不写")
        return self


class SystemCheck(Frozen):
    """Who gets a system inspection each year: subjects with one of `tags` and, where told, also one of `also`."""

    term: str
    tags: tuple[str, ...] = Field(min_length=1)
    also: tuple[str, ...] = ()
    level: LevelName
    source: Source


class PlanRules(Frozen):
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
    minutes_per_day: int = Field(ge=1)
    field_share_pct: int = Field(ge=1, le=100)
    people_per_visit: int = Field(ge=2)
    bundle_max: int = Field(ge=1)
    frozen_weeks: int = Field(ge=0)
    week_cap_pct: int = Field(ge=100)
    annual_cap: dict[str, int]
    system: tuple[SystemCheck, ...] = Field(min_length=1)
    recent_days: int = Field(ge=1)
    dynamic: dict[str, Ordered]
    screening: tuple[Screen, ...] = Field(min_length=1)

    @field_validator("minutes")
    @classmethod
    def _all_kinds(cls, value: dict[str, int]) -> dict[str, int]:
        if lacking := [kind for kind in KINDS if kind not in value]:
            raise ValueError(f"缺 {'、'.join(lacking)} 的用时")
        return value


def read_plan_rules(pack: Pack) -> PlanRules:
    """Read the file; raises BadInput with every fault of it."""
    return pack.record(_FILE, PlanRules, missing=PLAN_NO_RULES, bad=PLAN_RULES_BAD)
