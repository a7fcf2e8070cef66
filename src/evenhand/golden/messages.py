"""What golden says when it refuses its rules."""

from typing import Final

from evenhand.errors import Message

__all__ = ["GOLDEN_NO_RULES", "GOLDEN_RULES_BAD"]

GOLDEN_NO_RULES: Final = Message("GOLD-01", zh="规则包 {pack} 没有 {file}。请补上。", en="pack {pack} has no {file}; add it.")
GOLDEN_RULES_BAD: Final = Message("GOLD-02", zh="{file} {where}：{why}。请照同目录说明改正。", en="{file}, {where}: {why}. Correct it.")
