"""The difference of two rule packs, in words: what an officer will notice, and from which day (规则变更).

>>> from evenhand.rulebook import shipped_pack
>>> pack_changes(shipped_pack(), shipped_pack())
()
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from evenhand.rulebook.codes import CodeList
from evenhand.rulebook.pack import Pack
from evenhand.rulebook.parameters import Dated, Parameter, Value, cited

__all__ = ["Change", "pack_changes", "value_text"]

_NO_LABELS: Final[Mapping[str, str]] = {}
_CLOSED: Final = {"upper": "界限属于较低一级", "lower": "界限属于较高一级"}
_FOLDERS_APART: Final = frozenset({"codes", "parameters"})
_SHOWN: Final = 60
_ROWS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: the file, and the sentence that tells it."""

    file: str
    text: str


def value_text(value: Value, unit: str, labels: Mapping[str, str] = _NO_LABELS) -> str:
    """Return a value with its unit as it is said; a frequency as 每两年 1 次.

    >>> from decimal import Decimal
    >>> value_text({"visits": Decimal(1), "years": Decimal(2)}, "次/年")
    '每 2 年 1 次'
    >>> value_text((Decimal(21), Decimal(51)), "项")
    '21、51 项'
    """
    if value is None:
        return "废止"
    if isinstance(value, Mapping):
        if set(value) == {"visits", "years"}:
            years = "年" if value["years"] == 1 else f" {value['years']} 年"
            return f"每{years} {value['visits']} 次"
        return "、".join(
            _CLOSED[str(one)] if key == "closed" else f"{labels.get(key, key)} {value_text(one, unit)}" for key, one in value.items()
        )
    said = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    plain = unit in {"名称", "条件", "日期"} or not any(sign.isdigit() for sign in said)
    return said if plain else f"{said}{'%' if unit == '%' else f' {unit}'}"


def pack_changes(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Return every difference between two packs: dated values first, then the other rules, then code lists; nothing when they say the same."""
    return (*_parameter_changes(old, new), *_document_changes(old, new), *_list_changes(old, new))


def _parameter_changes(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = old.parameters, new.parameters
    for name, one in before.by_name.items():
        if name not in after.by_name:
            yield Change(file=before.files[name], text=f"删去参数“{one.term}”（{name}）")
    for name, one in after.by_name.items():
        if name not in before.by_name:
            told = "；".join(f"自 {day} 起 {value_text(dated.value, one.unit, one.labels)}" for day, dated in one.values.items())
            yield Change(file=after.files[name], text=f"新增参数“{one.term}”：{told}")
            continue
        yield from (Change(file=after.files[name], text=text) for text in _dated_changes(before.by_name[name], one))


def _dated_changes(old: Parameter, new: Parameter) -> Iterator[str]:
    if old.unit != new.unit:
        yield f"“{new.term}”的单位由“{old.unit}”改为“{new.unit}”"
    for day in sorted({*old.values, *new.values}):
        was, now = old.values.get(day), new.values.get(day)
        if now is None and was is not None:
            yield f"“{new.term}”删去自 {day} 起的规定（{value_text(was.value, old.unit, old.labels)}）"
        elif now is not None and was is None:
            yield from _began(new, day, now)
        elif was is not None and now is not None:
            if was.value != now.value:
                yield f"“{new.term}”自 {day} 起的值改写：{_moved(was.value, now.value, new)}"
            if was.source != now.source:
                yield f"“{new.term}”自 {day} 起的来源改为{_sourced(now)}"


def _began(new: Parameter, day: date, now: Dated) -> Iterator[str]:
    before = max((first for first in new.values if first < day), default=None)
    if before is None:
        yield f"“{new.term}”补上自 {day} 起的规定：{value_text(now.value, new.unit, new.labels)}（{_sourced(now)}）"
    else:
        yield f"自 {day} 起，“{new.term}”{_moved(new.values[before].value, now.value, new)}（{_sourced(now)}）"


def _moved(was: Value, now: Value, new: Parameter) -> str:
    """Word the step from one value to the next; of two tables only the entries that differ."""
    unit, labels = new.unit, new.labels
    if isinstance(was, Mapping) and isinstance(now, Mapping) and {"visits", "years"} != set(was):
        told = [
            f"{labels.get(key, key)} 由 {value_text(was[key], unit)} 改为 {value_text(now[key], unit)}"
            for key in now
            if key in was and was[key] != now[key]
        ]
        told += [f"增加 {labels.get(key, key)} {value_text(now[key], unit)}" for key in now if key not in was]
        told += [f"删去 {labels.get(key, key)}" for key in was if key not in now]
        return "；".join(told) or "不变"
    if now is None:
        return f"废止（此前 {value_text(was, unit, labels)}）"
    return f"由 {value_text(was, unit, labels)} 改为 {value_text(now, unit, labels)}" if was != now else "不变，依据变更"


def _sourced(dated: Dated) -> str:
    return f"依据 {cited(dated.source)}，{dated.source.confidence}"


def _document_changes(old: Pack, new: Pack) -> Iterator[Change]:
    for folder in sorted({path.name for pack in (old, new) for path in pack.root.iterdir() if path.is_dir()} - _FOLDERS_APART):
        before, after = old.plain_documents(folder), new.plain_documents(folder)
        for file in sorted({*before, *after}):
            if file not in after:
                yield Change(file=file, text="删去这个文件")
            elif file not in before:
                yield Change(file=file, text="新增这个文件")
            else:
                yield from (Change(file=file, text=text) for text in _steps(before[file], after[file], ()))


def _steps(was: Any, now: Any, place: tuple[str, ...]) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in [*was, *(key for key in now if key not in was)]:
            yield from _steps(was.get(key, _GONE), now.get(key, _GONE), (*place, str(key)))
    elif isinstance(was, list) and isinstance(now, list) and _keyed(was) and _keyed(now):
        yield from _steps(_keyed(was), _keyed(now), place)
    elif was != now:
        at = ".".join(place) or "全文"
        if was is _GONE:
            yield f"{at} 新增：{_short(now)}"
        elif now is _GONE:
            yield f"{at} 删去（原为 {_short(was)}）"
        else:
            yield f"{at} 由 {_short(was)} 改为 {_short(now)}"


_GONE: Final = object()


def _keyed(entries: list[Any]) -> dict[str, Any]:
    """Entries of a list by their `id` or `name`, so that a new one in the middle is one change; nothing when they have none."""
    for key in ("id", "name", "code"):
        if entries and all(isinstance(one, Mapping) and key in one for one in entries):
            return {str(one[key]): one for one in entries}
    return {}


def _short(value: Any) -> str:
    said = str(value) if not isinstance(value, Mapping) else "、".join(f"{key} {one}" for key, one in value.items())
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def _list_changes(old: Pack, new: Pack) -> Iterator[Change]:
    for name in sorted({*old.lists, *new.lists}):
        file = f"codes/{name}.csv"
        if name not in new.lists:
            yield Change(file=file, text="删去这个代码表")
        elif name not in old.lists:
            yield Change(file=file, text=f"新增这个代码表，{len(new.codes(name).rows)} 条")
        else:
            yield from (Change(file=file, text=text) for text in _row_changes(old.codes(name), new.codes(name)))


def _row_changes(old: CodeList, new: CodeList) -> Iterator[str]:
    if old.rows == new.rows and old.columns == new.columns:
        return
    if old.columns != new.columns:
        yield f"各列由 {'、'.join(old.columns)} 改为 {'、'.join(new.columns)}"
    before, after = {row[0]: row for row in old.rows}, {row[0]: row for row in new.rows}
    for word, keys in (
        ("增加", [key for key in after if key not in before]),
        ("删去", [key for key in before if key not in after]),
        ("改动", [key for key in after if key in before and before[key] != after[key]]),
    ):
        if keys:
            more = f" 等 {len(keys)} 条" if len(keys) > _ROWS else ""
            yield f"{word} {'、'.join(keys[:_ROWS])}{more}"
