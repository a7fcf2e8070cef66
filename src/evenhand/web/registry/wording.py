"""Words for codes that a release holds; an unknown code is shown as it is."""

from typing import Final, NamedTuple

from evenhand.standards import OfficeState

__all__ = ["DIMENSIONS", "LICENCE_KINDS", "OFFICE_STATES", "OUTCOMES", "REPAIR_STATES", "SEVERITIES", "USCC_STATES", "Word"]


class Word(NamedTuple):
    """What a person reads, and the colour of its badge."""

    title: str
    colour: str


USCC_STATES: Final = {
    "valid": Word("有效", "green"),
    "warning": Word("有疑点", "yellow"),
    "wrong": Word("错误", "red"),
    "empty": Word("空缺", "secondary"),
}
REPAIR_STATES: Final = {
    "auto": Word("自动采用", "green"),
    "review": Word("待复核", "yellow"),
    "hint": Word("仅供参考", "secondary"),
    "decided": Word("已由人认定", "blue"),
    "rejected": Word("已由人否定", "secondary"),
}
SEVERITIES: Final = {"block": Word("阻断", "red"), "error": Word("错误", "orange"), "warn": Word("提示", "yellow")}
OFFICE_STATES: Final = {
    OfficeState.AGREED: Word("一致", "green"),
    OfficeState.CORRECTED: Word("更正", "blue"),
    OfficeState.DISPUTED: Word("存疑", "orange"),
    OfficeState.UNKNOWN: Word("不明", "secondary"),
}
OUTCOMES: Final = {"fail": Word("未通过", "red"), "unknown": Word("无法判断", "secondary")}

LICENCE_KINDS: Final = {
    "SC": "食品生产许可", "JY": "食品经营许可", "YB": "仅销售预包装食品备案", "三小": "三小登记", "特食": "特殊食品注册备案", "旧证": "旧式许可证",
}  # fmt: skip
"""Kinds of licences in words; the numbers begin with the letters."""

DIMENSIONS: Final = ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性")
"""The six dimensions of GB/T 36344, in the order of the standard."""
