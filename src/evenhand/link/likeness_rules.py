"""The likeness model of a pack: what is compared, how much each outcome weighs, from which weight on a link is made."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.errors import BadInput, Problem
from evenhand.link.messages import LINK_RULES_BAD
from evenhand.link.rules import Doubt
from evenhand.rulebook import Pack

__all__ = ["Level", "Likeness", "Part", "read_likeness"]

_FILE = "link/likeness.yaml"
_SOUNDS = "link/homophones.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Frozen):
    """One outcome of a comparison. `when`: condition in the words of the engine; `agree`, `chance`: shares among the same and among others."""

    title: str
    when: str
    empty: bool = False
    rare: str = ""
    agree: float | None = Field(default=None, gt=0, lt=1)
    chance: float | None = Field(default=None, gt=0, lt=1)

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if not self.empty and (self.agree is None or self.chance is None):
            raise ValueError(f"“{self.title}”缺少 agree 或 chance")
        return self


class Part(_Frozen):
    """One comparison and its levels, tried in their order."""

    column: str
    title: str
    levels: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _last_is_else(self) -> Self:
        if self.levels[-1].when != "ELSE":
            raise ValueError(f"“{self.title}”的最后一档应是 ELSE")
        return self


class Thresholds(_Frozen):
    """Weights in bits: joined from `auto` on when `margin` above the next best, shown to people from `review` on."""

    auto: float
    margin: float = Field(ge=0)
    review: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.review > self.auto:
            raise ValueError("review 应不高于 auto")
        return self


class Likeness(_Frozen):
    """`link/likeness.yaml`."""

    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str
    id: str
    title: str
    doubt: Doubt
    trained: dict[str, Any]
    thresholds: Thresholds
    prior: float = Field(gt=0, lt=1)
    blocks: tuple[tuple[str, ...], ...] = Field(min_length=1)
    parts: tuple[Part, ...] = Field(min_length=1)
    sounds: dict[str, str] = Field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """Titles by id, of the reason to join and of the doubt."""
        return {self.id: self.title, self.doubt.id: self.doubt.title}


def read_likeness(pack: Pack) -> Likeness | None:
    """Read the likeness model of the pack; None when it has none, BadInput with every fault of a bad one."""
    documents = pack.documents("link")
    if _FILE not in documents:
        return None
    sounds = documents.get(_SOUNDS, {}).get("sounds", {})
    problems: list[Problem] = []
    made = pack.shaped(_FILE, documents[_FILE] | {"sounds": sounds}, Likeness, LINK_RULES_BAD, problems)
    if problems:
        raise BadInput(problems)
    return made
