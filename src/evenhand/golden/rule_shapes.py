"""Shapes that the rule files of golden share."""

from string import Formatter
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, field_validator

__all__ = ["Frozen", "RuleDocument", "Worded"]


class Frozen(BaseModel):
    """A part of a rule file: never changed, nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleDocument(Frozen):
    """A whole rule file: its head."""

    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str


class Worded(Frozen):
    """Sentences with slots in braces; a slot that nothing fills is refused when the file is read."""

    slots: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*")
    @classmethod
    def _filled(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                named = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
            except ValueError as fault:
                raise ValueError("花括号不成对") from fault
            if unknown := sorted(named - cls.slots):
                raise ValueError(
                    f"不认识 {'、'.join('{' + name + '}' for name in unknown)}，可以用 {'、'.join(sorted(cls.slots)) or '（无）'}"
                )
        return value
