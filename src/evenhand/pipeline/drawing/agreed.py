"""What an authority agreed for its draws (`planning/draw.yaml`)."""

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from evenhand.draw import canonical_source
from evenhand.errors import Message
from evenhand.rulebook import Pack, Source

__all__ = ["Agreed", "named_sources", "read_agreed"]

AGREED_MISSING: Final = Message(
    "DRAW-20", zh="规则包 {pack} 没有 {file}。请补上，可照随产品发布的规则包。", en="pack {pack} has no {file}; add it."
)
AGREED_BAD: Final = Message("DRAW-21", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")


class Agreed(BaseModel):
    """What an authority agreed for its draws (`planning/draw.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    name: str
    meaning: str
    source: Source
    beacon_delay_s: int = Field(ge=60)
    entropy_bits_min: int = Field(ge=64)
    reserve_pct: int = Field(ge=0, le=100)
    random_label_min: int = Field(ge=2)
    pool_multiple: int = Field(ge=1)
    sealed_stratum_min: int = Field(ge=2)
    void_approvers: int = Field(ge=2)
    exchange_share_pct: int = Field(ge=0, le=100)
    exchange_most_per_person: int = Field(ge=1)
    audit_alert_p: float = Field(gt=0, lt=0.1)


def read_agreed(pack: Pack) -> Agreed:
    """Read what was agreed; raises BadInput with every fault of the file."""
    return pack.record("planning/draw.yaml", Agreed, missing=AGREED_MISSING, bad=AGREED_BAD)


def named_sources(agreed: Agreed, given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the public values of a draw as its rules name them; when none are given, twenty dice and the beacon."""
    return tuple(map(canonical_source, given or ("dice:20", f"drand:quicknet:{agreed.beacon_delay_s}")))
