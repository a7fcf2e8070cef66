"""What the room says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = ["GRADE_CASE_FAILS", "GRADE_NO_MODEL", "GRADE_NO_RULES", "GRADE_NO_SCHEME", "GRADE_RULES_BAD"]

GRADE_NO_RULES: Final = Message(
    "GRD-01",
    zh="规则包 {pack} 没有风险分级规则（grading/models、grading/schemes、common.yaml、choice.yaml、grounds.yaml）：缺 {file}。请补上，可照随产品发布的规则包。",
    en="rule pack {pack} lacks the grading rules {file}; add it, the shipped pack shows how.",
)
GRADE_RULES_BAD: Final = Message("GRD-02", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
GRADE_NO_MODEL: Final = Message("GRD-03", zh="没有模型“{name}”。可用：{known}。", en="no model {name}; there are {known}.")
GRADE_NO_SCHEME: Final = Message("GRD-04", zh="没有方案“{name}”。可用：{known}。", en="no scheme {name}; there are {known}.")
GRADE_CASE_FAILS: Final = Message(
    "GRD-08",
    zh="{file} 的算例 {case}：{what}应为“{expected}”，按规则得“{found}”。请改正规则或者算例。",
    en="{file}, case {case}: {what} should be {expected}, the rules give {found}. Correct the rule or the case.",
)
