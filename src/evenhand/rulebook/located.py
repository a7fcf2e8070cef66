r"""YAML of a rule pack with the line of everything in it, and the traps of YAML refused instead of sprung.

YAML reads `010` as eight, `12:30` as seven hundred and fifty, `on` as true, and lets the second of two equal keys win
without a word. In law that would change a number in silence, so each of these is a fault with its line.

>>> read_located("a: 010\nb: 1\nb: 2\n").traps
((1, 'a', '010 会被读成八进制数 8；编号请加引号，数请去掉前面的 0'), (3, 'b', '“b”写了两次，上一次在第2行；只留一个'))
>>> line_of("a:\n  - id: X-1\n    n: 3\n", ("a", 0, "n"))
3
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml

__all__ = ["Located", "line_of", "read_located"]

_OCTAL: Final = re.compile(r"[-+]?0[0-9]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Located:
    """A parsed document, and its traps: line, place, what is wrong and what to write instead."""

    document: Any
    traps: tuple[tuple[int, str, str], ...]


def read_located(text: str) -> Located:
    """Parse one YAML document; raises yaml.YAMLError when it is none. With traps the document may be None."""
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Located(None, ())
        traps = tuple(sorted(_traps(node, (), set())))
        return Located(None if traps else loader.construct_document(node), traps)
    finally:
        loader.dispose()


def line_of(text: str, place: Sequence[object]) -> int:
    """Return the line, from 1, of the place in a document: keys and positions from the top; of the deepest part there is.

    A part that is neither key nor position is looked for as the `id` or `name` of an entry.
    """
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if node is None:
        return 1
    line = node.start_mark.line
    for part in place:
        found = _below(node, str(part))
        if found is None:
            break
        node, line = found
    return int(line) + 1


def _below(node: yaml.Node, part: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line
        held = [child for _, child in node.value]
    elif isinstance(node, yaml.SequenceNode):
        if part.isdigit() and int(part) < len(node.value):
            child = node.value[int(part)]
            return child, child.start_mark.line
        held = list(node.value)
    else:
        return None
    for child in held:
        if isinstance(child, yaml.MappingNode) and any(k.value in {"id", "name"} and v.value == part for k, v in child.value):
            return child, child.start_mark.line
    deeper = (_below(child, part) for child in held if isinstance(child, yaml.SequenceNode))
    return next((found for found in deeper if found), None)


def _traps(node: yaml.Node, place: tuple[str, ...], seen: set[int]) -> Iterator[tuple[int, str, str]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        if why := _scalar_trap(node):
            yield node.start_mark.line + 1, ".".join(place), why
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value):
            yield from _traps(child, (*place, str(number)), seen)
    elif isinstance(node, yaml.MappingNode):
        yield from _key_traps(node, place)
        for key, child in node.value:
            yield from _traps(child, (*place, str(key.value)), seen)


def _key_traps(node: yaml.MappingNode, place: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if key.tag in {f"{_TAG}bool", f"{_TAG}null"}:
            yield line, ".".join(place), f"键“{name}”会被读成真假值或者空值；请加引号"
        if why := _scalar_trap(key):
            yield line, ".".join((*place, name)), why
        if name in lines and name != "<<":
            yield line, ".".join((*place, name)), f"“{name}”写了两次，上一次在第{lines[name]}行；只留一个"
        lines[name] = line


def _scalar_trap(node: yaml.Node) -> str:
    value = str(node.value)
    if node.tag == f"{_TAG}int" and ":" in value:
        return f"{value} 会被读成六十进制数；时刻请加引号"
    if node.tag == f"{_TAG}int" and _OCTAL.fullmatch(value):
        return f"{value} 会被读成八进制数 {int(value, 8)}；编号请加引号，数请去掉前面的 0"
    if node.tag == f"{_TAG}float" and not math.isfinite(float(value.replace(".nan", "nan").replace(".inf", "inf"))):
        return f"{value} 不是数"
    if node.tag == f"{_TAG}timestamp" and _DAY.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return f"没有 {value} 这一天；日期写成 2026-01-31"
    return ""
