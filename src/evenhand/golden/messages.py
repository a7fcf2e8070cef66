"""What golden says when it refuses its rules."""

from collections.abc import Mapping
from typing import Any, Final

from evenhand.errors import Message

__all__ = ["GOLDEN_NO_RULES", "GOLDEN_RULES_BAD", "fault_in_chinese"]

GOLDEN_NO_RULES: Final = Message("GOLD-01", zh="规则包 {pack} 没有 {file}。请补上。", en="pack {pack} has no {file}; add it.")
GOLDEN_RULES_BAD: Final = Message(
    "GOLD-02", zh="{file} 的“{where}”：{why}。请照同目录说明改正。", en="{file}, `{where}`: {why_en}. Correct it."
)

_FAULTS: Final = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "literal_error": "只能写 {expected}",
    "too_short": "至少要有 {min_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
    "string_type": "应为文本",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "tuple_type": "应为列表",
    "dict_type": "应为名称和值的表",
    "model_type": "应为名称和值的表",
}
"""What pydantic finds wrong, by its type of error."""


def fault_in_chinese(fault: Mapping[str, Any]) -> str:
    """Return one of pydantic's faults in words that an officer reads; a rarer kind stays as pydantic words it."""
    words = _FAULTS.get(fault["type"])
    return words.format(**fault.get("ctx", {})).replace(" or ", " 或 ").replace(", ", "、") if words else str(fault["msg"])
