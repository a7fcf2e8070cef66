"""The weights of a pack: read, checked, frozen."""

from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.price.messages import PRICE_NO_RULES, PRICE_RULES_BAD
from evenhand.rulebook import Pack
from evenhand.standards import REACHES

__all__ = ["PriceRules", "read_price_rules"]

_FILE: Final = "price/weights.yaml"


class PriceRules(BaseModel):
    """The whole file. `subject`: points of a subject itself; `weights`: points for each thing of a kind that hangs on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str
    subject: int = Field(ge=0)
    weights: dict[str, int]

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = {reach.name for reach in REACHES}
        faults = [f"没有影响项 {name}" for name in sorted(set(self.weights) - known)]
        faults += [f"缺影响项 {name} 的权重" for name in sorted(known - set(self.weights))]
        faults += [f"{name} 的权重小于 0" for name, weight in sorted(self.weights.items()) if weight < 0]
        if faults:
            raise ValueError("；".join(faults))
        return self


def read_price_rules(pack: Pack) -> PriceRules:
    """Read `price/weights.yaml` of the pack; raises BadInput with every fault of it."""
    return pack.record(_FILE, PriceRules, missing=PRICE_NO_RULES, bad=PRICE_RULES_BAD)
