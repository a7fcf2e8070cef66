"""Fields that the files of a plan share: a record that does not change, a kind of inspection, an organiser."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from evenhand.plan.shapes import KINDS, LEVELS

__all__ = ["Frozen", "KindName", "LevelName"]


class Frozen(BaseModel):
    """A record of a rule file: no key but its own, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"没有检查种类“{value}”；可用 {'、'.join(KINDS)}")
    return value


def _known_level(value: str) -> str:
    if value not in LEVELS:
        raise ValueError(f"没有层级“{value}”；可用 {'、'.join(LEVELS)}")
    return value


KindName = Annotated[str, AfterValidator(_known_kind)]
"""One of `KINDS`."""
LevelName = Annotated[str, AfterValidator(_known_level)]
"""One of `LEVELS`."""
