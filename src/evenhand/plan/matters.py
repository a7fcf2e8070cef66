"""The list of matters (随机抽查事项清单): what may be inspected at whom, on which ground, how often, with which checklist and skill.

A matter without article, ratio, frequency and first day is refused: it cannot be drawn.
"""

from datetime import date
from typing import Final, Literal

from pydantic import Field, model_validator

from evenhand.errors import Message
from evenhand.plan.fields import Frozen
from evenhand.rulebook import Pack, Source

__all__ = ["LINES", "Matter", "Matters", "read_matters"]

_FILE: Final = "planning/matters.yaml"
LINES: Final = ("生产", "销售", "餐饮", "特殊食品")
"""Lines of work an inspector may be qualified for."""
NO_MATTERS: Final = Message(
    "PLAN-04", zh="规则包 {pack} 没有 {file}。没有公布的事项不得检查，请补上。", en="pack {pack} has no {file}; add it."
)
BAD_MATTERS: Final = Message("PLAN-05", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")


class Matter(Frozen):
    """One matter: `objects`: a subject with one of these tags is its object; `ratio_pct`: share of the objects that may be drawn in a year; `groups`: of its checklist; `minutes`: of one visit with the whole checklist."""

    id: str
    term: str
    rank: Literal["重点", "一般"]
    objects: tuple[str, ...] = Field(min_length=1)
    basis: Source
    first_day: date = Field(alias="from")
    ratio_pct: int = Field(ge=1, le=100)
    frequency: Literal["按等级", "每年一次"]
    groups: tuple[str, ...] = Field(min_length=1)
    line: Literal["生产", "销售", "餐饮", "特殊食品"]
    minutes: int = Field(ge=1)

    @model_validator(mode="after")
    def _has_article(self) -> "Matter":
        if not self.basis.article:
            raise ValueError("依据没有写明条款")
        return self


class Matters(Frozen):
    """All of the file."""

    term: str
    name: str
    meaning: str
    source: Source
    matters: tuple[Matter, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "Matters":
        ids = [one.id for one in self.matters]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"事项编号 {'、'.join(twice)} 出现两次")
        return self

    def in_force(self, day: date) -> tuple[Matter, ...]:
        """Return the matters that may be inspected on a day."""
        return tuple(one for one in self.matters if one.first_day <= day)


def read_matters(pack: Pack) -> Matters:
    """Read the list; raises BadInput with every fault of it."""
    return pack.record(_FILE, Matters, missing=NO_MATTERS, bad=BAD_MATTERS)
