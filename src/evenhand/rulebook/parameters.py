"""Dated values of the law (参数): what a number, list or table is on a day, in which unit, from which source, how sure.

One file of `parameters/<topic>/` per value. A change adds a day, it never overwrites; a repealed value is null, with the
source that repealed it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from evenhand.errors import BadInput, Problem
from evenhand.rulebook.messages import PARAMETER_LATER, PARAMETER_REPEALED, PARAMETER_UNKNOWN
from evenhand.rulebook.refusing import nearest

__all__ = ["CONFIDENCE", "UNITS", "Dated", "Parameter", "Parameters", "Source", "Value", "cited"]

Value: TypeAlias = Decimal | str | tuple["Value", ...] | Mapping[str, "Value"] | None
"""A number, a text, a list, or a table by key; null once repealed."""

UNITS: Final = (
    "工作日", "自然日", "个月", "年", "次", "次/年", "年/次", "人", "户", "家", "项", "分", "%", "元", "级", "平方米", "座", "名称", "条件", "日期",
)  # fmt: skip
"""Units a value may have. 名称: words; 条件: a condition in words."""
CONFIDENCE: Final = r"^(VERIFIED|VERIFIED†|RECALLED [1-9][0-9]|DESIGN)$"
_OWN_NAMES: Final = frozenset({"A", "B", "C", "D", "closed", "visits", "years"})
_CHINESE: Final = re.compile(r"[一-鿿]")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(_Frozen):
    """Where a value comes from, and how sure that is.

    `confidence`: VERIFIED by the text of the law; VERIFIED† by a reproduction, to be compared before it is printed as law; RECALLED nn, right with nn per
    cent; DESIGN, the platform's own choice.
    """

    title: str = Field(min_length=1)
    number: str = ""
    article: str = ""
    url: str = ""
    read_on: date
    confidence: str
    note: str = ""

    @field_validator("confidence")
    @classmethod
    def _known(cls, value: str) -> str:
        if not re.fullmatch(CONFIDENCE, value):
            raise ValueError(f"核实程度“{value}”不合规定；可写 VERIFIED、VERIFIED†、RECALLED 10 至 99、DESIGN")
        return value

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError(f"网址“{value}”应以 https:// 开头")
        return value


class Dated(_Frozen):
    """The value from one day on. `note`: how it is read."""

    value: Any
    source: Source
    note: str = ""

    @field_validator("value")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        return _frozen(value)


class Parameter(_Frozen):
    """One dated value of the law (参数). `keys`: all keys of a table; `labels`: what its keys are called, where they are not letters of grades."""

    term: str
    name: str
    meaning: str = Field(min_length=1)
    unit: str
    keys: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    values: dict[date, Dated] = Field(min_length=1)

    @field_validator("term")
    @classmethod
    def _chinese(cls, value: str) -> str:
        if not _CHINESE.search(value):
            raise ValueError(f"名称“{value}”没有汉字；请写规定中的用语")
        return value

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise ValueError(f"“{value}”只能用小写字母、数字和下划线，以字母开头")
        return value

    @field_validator("unit")
    @classmethod
    def _unit(cls, value: str) -> str:
        if value not in UNITS:
            raise ValueError(f"没有单位“{value}”{nearest(value, UNITS)}；可用 {'、'.join(UNITS)}")
        return value

    @field_validator("values")
    @classmethod
    def _lawful(cls, values: dict[date, Dated], info: ValidationInfo) -> dict[date, Dated]:
        unit, keys, labels = (info.data.get(name, ()) for name in ("unit", "keys", "labels"))
        if faults := [*_order_faults(values), *_value_faults(values, unit, keys), *_label_faults(values, labels)]:
            raise ValueError("；".join(faults))
        return values

    @model_validator(mode="after")
    def _told(self) -> "Parameter":
        for day, dated in self.values.items():
            if dated.source.confidence == "VERIFIED" and not dated.source.article:
                raise ValueError(f"{day} 的来源标为 VERIFIED，须写明条款 article；不能核对原文的，标 VERIFIED†")
        return self

    def on(self, day: date) -> Dated | None:
        """Return what is in force on a day; None before the first day."""
        begun = [first for first in self.values if first <= day]
        return self.values[max(begun)] if begun else None

    @property
    def last(self) -> Dated:
        """What the newest day says."""
        return self.values[max(self.values)]


def _frozen(value: Any) -> Value:
    """Turn what YAML read into exact values: numbers are Decimal; a truth value is none of them."""
    if isinstance(value, bool):
        raise ValueError(f"值“{str(value).lower()}”是真假值；请写文字或者数")  # noqa: TRY004 — pydantic tells ValueErrors
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, Mapping):
        return {str(key): _frozen(one) for key, one in value.items()}
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"值“{value}”不是数、文字、列表或者表")


def _order_faults(values: Mapping[date, Dated]) -> Iterator[str]:
    days = list(values)
    if days != sorted(days):
        yield "日期须由早到晚：新的规定加在后面"
    if days and values[days[0]].value is None:
        yield f"{days[0]} 还没有值就废止；请先写废止前的值"
    for earlier, later in pairwise(days):
        if values[earlier].value is None and values[later].value is None:
            yield f"{later} 再次废止；上一次已经废止"
        if values[earlier] == values[later]:
            yield f"{later} 与 {earlier} 完全相同；没有变化的不写"


def _value_faults(values: Mapping[date, Dated], unit: str, keys: tuple[str, ...]) -> Iterator[str]:
    held = {day: dated.value for day, dated in values.items() if dated.value is not None}
    kinds = {type(value) for value in held.values()}
    if len(kinds) > 1:
        yield "各日的值不是同一种：数、文字、列表、表只能选一种"
    for day, value in held.items():
        yield from (f"{day} {why}" for why in (*_shape_faults(value, keys), *_number_faults(list(_numbers(value)), unit)))


def _label_faults(values: Mapping[date, Dated], labels: Mapping[str, str]) -> Iterator[str]:
    """A table's keys must be told in Chinese, letters of grades and the parts of a frequency aside."""
    used = {key for dated in values.values() if isinstance(dated.value, Mapping) for key in dated.value}
    if unnamed := sorted(used - set(labels) - _OWN_NAMES):
        yield f"表的 {'、'.join(unnamed)} 没有中文名；请在 labels 中写明"
    if idle := sorted(set(labels) - used):
        yield f"labels 中的 {'、'.join(idle)} 不在任何一日的表里"


def _shape_faults(value: Value, keys: tuple[str, ...]) -> Iterator[str]:
    if not (value.strip() if isinstance(value, str) else isinstance(value, Decimal) or value):
        yield "的值空着；废止的写 null"
    if isinstance(value, tuple) and len(set(map(str, value))) != len(value):
        yield "的列表有重复的项"
    if not keys:
        return
    if not isinstance(value, Mapping):
        yield f"的值应是按 {'、'.join(keys)} 列出的表"
        return
    if lacking := [key for key in keys if key not in value]:
        yield f"缺 {'、'.join(lacking)}"
    if unknown := [key for key in value if key not in keys]:
        yield f"多出 {'、'.join(unknown)}；可用 {'、'.join(keys)}"


def _number_faults(numbers: Sequence[Decimal], unit: str) -> Iterator[str]:
    if any(number < 0 for number in numbers):
        yield "的值小于 0"
    if unit == "%" and any(number > 100 for number in numbers):  # noqa: PLR2004 — per cent
        yield "的百分比超过 100"
    if unit in {"名称", "条件"} and numbers:
        yield f"的单位是“{unit}”，值却有数"


def _numbers(value: Value) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _numbers(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _numbers(one)


@dataclass(frozen=True)
class Parameters:
    """All dated values of a pack, by name; `files`: where each stands."""

    by_name: Mapping[str, Parameter]
    files: Mapping[str, str]

    def __iter__(self) -> Iterator[Parameter]:
        """Walk them in the order of their files."""
        return iter(self.by_name.values())

    def get(self, name: str) -> Parameter:
        """Return the parameter of that name; raises BadInput naming the nearest."""
        if name not in self.by_name:
            raise BadInput(Problem(PARAMETER_UNKNOWN, {"name": name, "nearest": nearest(name, self.by_name)}))
        return self.by_name[name]

    def dated(self, name: str, *, on: date) -> Dated:
        """Return value and source in force on a day; raises BadInput before the first day."""
        found = self.get(name).on(on)
        if found is None:
            first = min(self.get(name).values)
            raise BadInput(Problem(PARAMETER_LATER, {"term": self.get(name).term, "name": name, "day": on, "first": first}))
        return found

    def value(self, name: str, *, on: date) -> Any:
        """Return the value in force on a day; raises BadInput before its first day and once it is repealed.

        Args:
            name: of the parameter.
            on: the day the law is asked for.
        """
        found = self.dated(name, on=on)
        if found.value is None:
            raise BadInput(
                Problem(PARAMETER_REPEALED, {"term": self.get(name).term, "name": name, "day": on, "source": cited(found.source)})
            )
        return found.value


def cited(source: Source) -> str:
    """Return a source as it is cited.

    >>> cited(Source(title="某办法", number="总局令第49号", article="第五条", read_on=date(2026, 1, 1), confidence="VERIFIED"))
    '《某办法》（总局令第49号）第五条'
    """
    plain = source.title.startswith("《") or "号）" in source.title or source.confidence == "DESIGN"
    number = f"（{source.number}）" if source.number else ""
    return (source.title if plain else f"《{source.title}》") + number + source.article
