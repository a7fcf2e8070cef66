"""What repair says when it refuses its rules."""

from typing import Final

from evenhand.errors import Message

__all__ = ["REPAIR_NO_RULES", "REPAIR_RULES_BAD"]

REPAIR_NO_RULES: Final = Message(
    "REPAIR-01",
    zh="规则包 {pack} 没有 repair/codes.yaml。请补上代码修复规则。",
    en="pack {pack} has no repair/codes.yaml; add the repair rules.",
)
REPAIR_RULES_BAD: Final = Message("REPAIR-02", zh="{file} {where}：{why}。请照同目录说明改正。", en="{file}, {where}: {why}. Correct it.")
