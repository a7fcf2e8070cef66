"""What link says when it refuses its rules."""

from typing import Final

from evenhand.errors import Message

__all__ = ["LINK_NO_RULES", "LINK_RULES_BAD"]

LINK_NO_RULES: Final = Message(
    "LINK-01", zh="规则包 {pack} 没有 link/keys.yaml。请补上归属依据。", en="pack {pack} has no link/keys.yaml; add the linking keys."
)
LINK_RULES_BAD: Final = Message("LINK-02", zh="{file} {where}：{why}。请照同目录说明改正。", en="{file}, {where}: {why}. Correct it.")
