"""What the tag room says when it refuses rules or a query."""

from typing import Final

from evenhand.errors import Message

__all__ = ["QUERY_BAD", "TAG_CASE_FAILS", "TAG_NO_RULES", "TAG_RULES_BAD"]

TAG_NO_RULES: Final = Message(
    "TAG-01", zh="规则包 {pack} 没有标签规则。请补上 tags 目录。", en="pack {pack} has no tag rules; add the folder tags."
)
TAG_RULES_BAD: Final = Message("TAG-02", zh="{file} {where}：{why}。请照同目录说明改正。", en="{file}, {where}: {why}. Correct it.")
TAG_CASE_FAILS: Final = Message(
    "TAG-03",
    zh="{file} 的 {rule}：例“{case}”应为{expected}，规则得出{found}。请改正规则或者例。",
    en="{file}, {rule}: case {case} expects {expected}, the rule says {found}. Correct the rule or the case.",
)
QUERY_BAD: Final = Message(
    "TAG-04",
    zh="标签查询第 {place} 个字“{text}”处：{why}。写法如：业态=食堂 & 场所=学校 & !两年已覆盖。",
    en="tag query, character {place}, {text!r}: {why}. Write, for example: 业态=食堂 & 场所=学校 & !两年已覆盖.",
)
