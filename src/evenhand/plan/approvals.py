"""Who proposes, checks and approves what, and what sets a task going (任务发起和审批矩阵)."""

from typing import Final

from pydantic import Field, field_validator, model_validator

from evenhand.errors import Message
from evenhand.plan.fields import Frozen, KindName
from evenhand.rulebook import Pack, Source

__all__ = ["Approvals", "Rule", "Trigger", "read_approvals"]

_FILE: Final = "planning/approval.yaml"
NO_APPROVALS: Final = Message(
    "PLAN-20", zh="规则包 {pack} 没有 {file}。没有写明谁批准的事不能发起，请补上。", en="pack {pack} has no {file}; add it."
)
BAD_APPROVALS: Final = Message("PLAN-21", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
ORIGINS: Final = ("随机抽取", "全覆盖", "有针对性", "专项")
"""What a visit may be called; what is targeted is never called random."""


class Trigger(Frozen):
    """One cause of a task: when it comes, the kind of inspection, what sets its term, what it may be called."""

    id: str
    term: str
    when: str
    kind: KindName
    window: str
    called: str
    source: Source

    @field_validator("called")
    @classmethod
    def _called(cls, value: str) -> str:
        if value not in ORIGINS:
            raise ValueError(f"不能称“{value}”；可用 {'、'.join(ORIGINS)}")
        return value


class Rule(Frozen):
    """Who proposes, checks and approves one thing, how many different people approve, and to whom it is filed."""

    id: str
    term: str
    proposed: str
    checked: str
    approved: str
    approvers: int = Field(ge=1, le=5)
    filed: str
    source: Source

    @model_validator(mode="after")
    def _not_alone(self) -> "Rule":
        who = (self.proposed, self.checked, self.approved)
        if len(set(who)) < len(who):
            raise ValueError("提出、审核、批准不能是同一个")
        return self


class Approvals(Frozen):
    """All of the file."""

    term: str
    name: str
    meaning: str
    source: Source
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    approvals: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "Approvals":
        ids = [one.id for one in self.triggers] + [one.id for one in self.approvals]
        for names in (ids, [one.term for one in self.approvals]):
            if twice := sorted({one for one in names if names.count(one) > 1}):
                raise ValueError(f"{'、'.join(twice)} 出现两次")
        return self

    def approvers(self, term: str) -> int:
        """Return how many different people approve one thing; KeyError when the matrix does not name it."""
        return {one.term: one.approvers for one in self.approvals}[term]


def read_approvals(pack: Pack) -> Approvals:
    """Read the file; raises BadInput with every fault of it."""
    return pack.record(_FILE, Approvals, missing=NO_APPROVALS, bad=BAD_APPROVALS)
