"""What is wrong with a rule document, told in Chinese with its line: pydantic's findings for the one who edits the file."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

__all__ = ["findings", "nearest", "worded"]

_DAY: Final = re.compile(r"datetime\.date\(([0-9]+), ([0-9]+), ([0-9]+)\)")
_WORDS: Final[Mapping[str, str]] = {
    "string_type": "应为文字",
    "string_too_short": "不能空着",
    "too_short": "至少要有 {min_length} 项",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "decimal_type": "应为数",
    "decimal_parsing": "应为数",
    "float_type": "应为数",
    "bool_type": "应为 true 或者 false",
    "bool_parsing": "应为 true 或者 false",
    "dict_type": "应为名称和值的表",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
    "model_type": "应为名称和值的表",
    "model_attributes_type": "应为名称和值的表",
    "date_type": "应为日期，写成 2026-01-31",
    "date_parsing": "应为日期，写成 2026-01-31",
    "date_from_datetime_parsing": "应为日期，写成 2026-01-31",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "literal_error": "只能写 {expected}",
    "string_pattern_mismatch": "写法不合规定：{pattern}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
}


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice most like a word, as 「；是不是 X」; nothing when none is like it.

    >>> nearest("nmae", ("name", "term"))
    '；是不是 name'
    """
    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"；是不是 {close[0]}" if close else ""


def worded(error: ErrorDetails, shape: type[BaseModel]) -> str:
    """Return one finding of pydantic in Chinese, with the remedy: which keys there are, what a value may be."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"缺“{error['loc'][-1]}”；请补上"
    if kind == "extra_forbidden":
        known = _keys(shape, error["loc"][:-1])
        return f"不认识“{error['loc'][-1]}”{nearest(str(error['loc'][-1]), known)}；可用 {'、'.join(known)}"
    if kind in _WORDS:
        found = error.get("input")
        shown = f"；现为“{found}”" if isinstance(found, str | int | float) else ""
        words = _WORDS[kind].format_map({key: str(value) for key, value in context.items()})
        return words.replace(" or ", " 或 ").replace(", ", "、") + shown
    return error["msg"].removeprefix("Value error, ")


def findings(fault: ValidationError, shape: type[BaseModel]) -> list[tuple[tuple[Any, ...], str]]:
    """Return all findings: place from the top, and words."""
    return [(tuple(map(_plain, error["loc"])), worded(error, shape)) for error in fault.errors()]


def _plain(part: int | str) -> int | str:
    """A day that is a key, as it is written in the file."""
    day = _DAY.fullmatch(part) if isinstance(part, str) else None
    return date(*map(int, day.groups())).isoformat() if day else part


def _keys(shape: type[BaseModel], place: Sequence[int | str]) -> tuple[str, ...]:
    """Keys of the record at a place below `shape`."""
    for part in place:
        if isinstance(part, int) or part not in shape.model_fields:
            continue
        inner = _record(shape.model_fields[str(part)].annotation)
        if inner is not None:
            shape = inner
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def _record(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_record, getattr(annotation, "__args__", ()))), None)
