"""What jurisdiction says when it refuses its rules."""

from typing import Final

from evenhand.errors import Message

__all__ = ["JURISDICTION_NO_RULES", "JURISDICTION_RULES_BAD"]

JURISDICTION_NO_RULES: Final = Message(
    "JUR-01", zh="规则包 {pack} 没有 {file}。请补上管辖判定的规则。", en="pack {pack} has no {file}; add the rules of jurisdiction."
)
JURISDICTION_RULES_BAD: Final = Message(
    "JUR-02", zh="{file} {where}：{why}。请照同目录说明改正。", en="{file}, {where}: {why}. Correct it."
)
