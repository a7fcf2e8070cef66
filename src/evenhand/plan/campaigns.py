"""A campaign (专项检查): scope, term, organiser and approval, as a file of its own.

A campaign without approval number creates no duty (国办发〔2024〕54号): it is told, never planned.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from evenhand.errors import BadInput, Message, Problem
from evenhand.plan.fields import Frozen, LevelName
from evenhand.rulebook import findings

__all__ = ["Approval", "Campaign", "campaigns_of"]

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that are no blanks."""
_OWN: Final = re.compile(r"R|T[0-9]+")
"""Numbers that the plan's own duties bear: routine and system inspections."""

BAD_CAMPAIGN: Final = Message("PLAN-07", zh="{path} {where}：{why}。请改正。", en="{path}, {where}: {why}. Correct it.")


class Approval(Frozen):
    """Who approved it, when, under which number."""

    number: Words
    by: Words
    day: date


class Campaign(Frozen):
    """One campaign: its objects have one of `tags`, or stand in the release's lists under its number, or in `subjects`, and lie in one of `areas`.

    `groups`: of its checklist; `exempt`: on suspected violation or plain danger, so the three-month rule does not bind it (第四十二条).
    """

    id: str = Field(pattern=r"^[0-9A-Za-z-]{1,40}$")
    term: Words
    approval: Approval | None = None
    kind: Literal["专项", "飞行"] = "专项"
    level: LevelName = "省局"
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="to")
    tags: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    listed: bool = False
    areas: tuple[str, ...] = Field(default=("",), min_length=1)
    groups: tuple[str, ...] = ()
    minutes: int = Field(default=60, ge=1, le=2400)
    exempt: bool = False

    @field_validator("id")
    @classmethod
    def _not_ours(cls, value: str) -> str:
        if _OWN.fullmatch(value):
            raise ValueError(f"“{value}”是计划自己用的编号，请换一个，如 ZX2026-09")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Campaign":
        if self.last_day < self.first_day:
            raise ValueError("to 早于 from")
        if not self.tags and not self.subjects and not self.listed:
            raise ValueError("没有写对象：写 tags、subjects 或者 listed: true（名单在发布版里）")
        if self.approval and self.approval.day > self.last_day:
            raise ValueError("批准日期晚于专项结束")
        return self


def campaigns_of(documents: Mapping[str, Any]) -> tuple[Campaign, ...]:
    """Return campaigns from documents by the name of their file; raises BadInput with every fault of all of them, and when a number stands twice."""
    found: list[Campaign] = []
    problems: list[Problem] = []
    for name, document in documents.items():
        try:
            found.append(Campaign.model_validate(document))
        except ValidationError as fault:
            problems += [
                Problem(BAD_CAMPAIGN, {"path": name, "where": ".".join(map(str, at)) or "整个文件", "why": why})
                for at, why in findings(fault, Campaign)
            ]
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    problems += [Problem(BAD_CAMPAIGN, {"path": "专项", "where": one, "why": "编号出现两次"}) for one in twice]
    if problems:
        raise BadInput(problems)
    return tuple(found)
