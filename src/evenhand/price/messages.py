"""What the room says when it refuses a pack."""

from typing import Final

from evenhand.errors import Message

__all__ = ["PRICE_NO_RULES", "PRICE_RULES_BAD"]

PRICE_NO_RULES: Final = Message(
    "PRC-01",
    zh="规则包 {pack} 没有 price/weights.yaml（错误代价的权重）。请补上，可照随产品发布的规则包。",
    en="rule pack {pack} has no price/weights.yaml; add it, the shipped pack shows how.",
)
PRICE_RULES_BAD: Final = Message("PRC-02", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
