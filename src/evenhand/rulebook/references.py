"""References to dated values: a rule that uses a number of the law names it instead of holding it twice.

`{parameter: name}` stands for the value in force on the day; `part: key` for one entry of a table; `also: source` adds its
source to a table; `only: source` is the source alone. Inside a text `${name}` or `${name.key}` stands for the value as it is
written.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from evenhand.errors import BadInput, Problem
from evenhand.rulebook.messages import PARAMETER_NO_PART
from evenhand.rulebook.parameters import Dated, Parameters

__all__ = ["days_of_change", "names_of", "resolve"]

_KEYS: Final = {"parameter", "part", "also", "only"}
_IN_TEXT: Final = re.compile(r"\$\{([a-z][a-z0-9_]*)(?:\.([^}]+))?\}")


def names_of(document: Any) -> Iterator[str]:
    """Walk the names of the dated values that a document refers to."""
    if isinstance(document, str):
        yield from (found[1] for found in _IN_TEXT.finditer(document))
    elif isinstance(document, Mapping):
        if "parameter" in document and set(document) <= _KEYS:
            yield str(document["parameter"])
        else:
            for value in document.values():
                yield from names_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from names_of(value)


def days_of_change(document: Any, parameters: Parameters) -> list[date]:
    """Return the days, ascending, on which a value that a document refers to begins."""
    return sorted({day for name in names_of(document) for day in parameters.get(name).values})


def resolve(document: Any, parameters: Parameters, *, on: date | None) -> Any:
    """Return a document with its references replaced by the values in force on a day.

    Args:
        document: as parsed; it is not changed.
        parameters: all dated values of the pack.
        on: the day; None takes the newest of each.

    Raises:
        BadInput: every reference that names no value, a part that is not there, or a value not in force.
    """
    problems: list[Problem] = []
    made = _resolved(document, parameters, on, problems)
    if problems:
        raise BadInput(problems)
    return made


def _resolved(node: Any, parameters: Parameters, on: date | None, problems: list[Problem]) -> Any:
    if isinstance(node, str):
        return _IN_TEXT.sub(lambda found: str(_asked(found[1], found[2], parameters, on, problems)), node) if "${" in node else node
    if isinstance(node, list):
        return [_resolved(one, parameters, on, problems) for one in node]
    if not isinstance(node, Mapping):
        return node
    if "parameter" not in node or not set(node) <= _KEYS:
        return {key: _resolved(value, parameters, on, problems) for key, value in node.items()}
    return _referred(node, parameters, on, problems)


def _referred(node: Mapping[str, Any], parameters: Parameters, on: date | None, problems: list[Problem]) -> Any:
    name = str(node["parameter"])
    if node.get("only") == "source":
        return _source(_dated(name, parameters, on, problems))
    value = _asked(name, node.get("part"), parameters, on, problems)
    if node.get("also") == "source" and isinstance(value, Mapping):
        return {**value, "source": _source(_dated(name, parameters, on, problems))}
    return value


def _dated(name: str, parameters: Parameters, on: date | None, problems: list[Problem]) -> Dated | None:
    try:
        return parameters.get(name).last if on is None else parameters.dated(name, on=on)
    except BadInput as refused:
        problems += refused.problems
        return None


def _source(dated: Dated | None) -> dict[str, object]:
    return dated.source.model_dump(exclude_defaults=True) if dated else {}


def _asked(name: str, part: object, parameters: Parameters, on: date | None, problems: list[Problem]) -> Any:
    dated = _dated(name, parameters, on, problems)
    if dated is None:
        return ""
    if part is None:
        return _plain(dated.value)
    if isinstance(dated.value, Mapping) and str(part) in dated.value:
        return _plain(dated.value[str(part)])
    known = "、".join(dated.value) if isinstance(dated.value, Mapping) else "（不是表）"
    problems.append(Problem(PARAMETER_NO_PART, {"name": name, "part": part, "known": known}))
    return ""


def _plain(value: Any) -> Any:
    """Return a value as YAML would have read it: whole numbers as int, tables and lists as such."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
