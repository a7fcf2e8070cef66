"""Lay out an entity–relation diagram (实体关系图) from tables and their references: layers from left to right, the referenced before those that refer.

Long references pass the layers between through a free row, so that no line crosses a box. All measures in millimetres.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from evenhand.documents.model import Box, Diagram, Line
from evenhand.standards import Relation, Table

__all__ = ["entity_diagram"]

_WIDTH: Final = 160.0
_BOX: Final = 38.0
_HEAD, _ROW, _GAP, _LANE = 9.0, 3.9, 5.0, 2.5
_SHOWN: Final = 4
_ROUNDS: Final = 6


@dataclass
class _Node:
    """A table, or a place that a long line passes; `top` and `height` once laid out."""

    name: str
    layer: int
    lines: tuple[str, ...] = ()
    title: str = ""
    top: float = 0.0
    height: float = 0.0
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def entity_diagram(
    title: str, tables: Sequence[Table], relations: Sequence[Relation], *, mark: str = "", outside: Mapping[str, str] | None = None
) -> Diagram:
    """Return the diagram of some tables.

    Args:
        title: under the figure.
        tables: drawn with their keys and references.
        relations: between them, or to one of `outside`.
        mark: of the figure.
        outside: title by name of tables drawn as an empty box, because they are defined elsewhere.
    """
    nodes = _nodes(tables, relations, outside or {})
    edges = list(dict.fromkeys((r.other, r.table) for r in relations if r.table in nodes and r.other in nodes and r.table != r.other))
    paths = [_path(nodes, one, other) for one, other in edges]
    layers = _ordered(nodes)
    _placed(nodes, layers)
    count = len(layers)
    step = (_WIDTH - _BOX) / max(count - 1, 1)
    left = {n: n * step for n in range(count)}
    ports = _ports(nodes, paths)
    lines = tuple(line for path in paths for line in _lines(path, nodes, left, ports))
    boxes = tuple(
        Box(
            x=round(left[node.layer], 2),
            y=round(node.top, 2),
            width=_BOX,
            height=round(node.height, 2),
            title=node.title,
            name=node.name,
            lines=node.lines,
        )
        for node in nodes.values()
        if node.title
    )
    return Diagram(
        title=title,
        mark=mark,
        width=_WIDTH,
        height=round(max(node.top + node.height for node in nodes.values()), 2),
        boxes=boxes,
        lines=lines,
    )


def _nodes(tables: Sequence[Table], relations: Sequence[Relation], outside: Mapping[str, str]) -> dict[str, _Node]:
    names = {table.name for table in tables} | set(outside)
    refers: dict[str, list[Relation]] = defaultdict(list)
    for one in relations:
        if one.table in names and one.other in names:
            refers[one.table].append(one)

    def layer(name: str) -> int:
        return max((1 + layer(one.other) for one in refers[name] if one.other != name), default=0)

    found = {name: _Node(name=name, layer=layer(name), title=title, height=_HEAD) for name, title in outside.items()}
    for table in tables:
        keys = list(dict.fromkeys((*table.order, *(one.column for one in refers[table.name]))))[:_SHOWN]
        titles = {column.name: column.title for column in table.columns}
        lines = tuple(f"{'◆' if key in table.order else '→'} {titles[key]}" for key in keys)
        found[table.name] = _Node(
            name=table.name, layer=layer(table.name), title=table.title, lines=lines, height=_HEAD + _ROW * len(lines) + 1
        )
    return found


def _path(nodes: dict[str, _Node], start: str, end: str) -> list[str]:
    """Names along one reference, with a passing place in every layer between."""
    path = [start]
    for layer in range(nodes[start].layer + 1, nodes[end].layer):
        name = f"{start}>{end}@{layer}"
        nodes[name] = _Node(name=name, layer=layer)
        path.append(name)
    path.append(end)
    for one, other in pairwise(path):
        nodes[one].after.append(other)
        nodes[other].before.append(one)
    return path


def _ordered(nodes: dict[str, _Node]) -> list[list[str]]:
    """Layers, ordered so that neighbours lie near each other: mean place of the neighbours, to and fro."""
    layers: dict[int, list[str]] = defaultdict(list)
    for name, node in nodes.items():
        layers[node.layer].append(name)
    place = {name: float(n) for names in layers.values() for n, name in enumerate(names)}
    for turn in range(_ROUNDS):
        for number in sorted(layers, reverse=bool(turn % 2)):
            for name in layers[number]:
                near = nodes[name].after if turn % 2 else nodes[name].before
                place[name] = sum(place[one] for one in near) / len(near) if near else place[name]
            layers[number].sort(key=lambda name: (place[name], name))
            place |= {name: float(n) for n, name in enumerate(layers[number])}
    return [layers[number] for number in sorted(layers)]


def _placed(nodes: dict[str, _Node], layers: Sequence[Sequence[str]]) -> None:
    """Set every node below the one before; short layers stand in the middle of the tallest."""
    for names in layers:
        top = 0.0
        for name in names:
            nodes[name].top = top
            top += nodes[name].height + (_GAP if nodes[name].title else _LANE)
    tallest = max(nodes[names[-1]].top + nodes[names[-1]].height for names in layers)
    for names in layers:
        used = nodes[names[-1]].top + nodes[names[-1]].height
        spare = (tallest - used) / (len(names) + 1)
        for n, name in enumerate(names, 1):
            nodes[name].top += spare * n


def _ports(nodes: dict[str, _Node], paths: Sequence[Sequence[str]]) -> dict[tuple[str, str, str], float]:
    """Height at which each line leaves (`out`) and meets (`in`) a node: spread over its side in the order of the other ends."""
    found: dict[tuple[str, str, str], float] = {}
    sides: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        for one, other in pairwise(path):
            sides[one, "out"].append(other)
            sides[other, "in"].append(one)
    for (name, side), others in sides.items():
        node = nodes[name]
        others.sort(key=lambda other: (nodes[other].middle, other))
        for n, other in enumerate(others, 1):
            found[name, side, other] = node.top + node.height * n / (len(others) + 1)
    return found


def _lines(
    path: Sequence[str], nodes: dict[str, _Node], left: Mapping[int, float], ports: Mapping[tuple[str, str, str], float]
) -> list[Line]:
    lines = []
    for one, other in pairwise(path):
        start, end = nodes[one], nodes[other]
        x1, x2 = left[start.layer] + (_BOX if start.title else _BOX / 2), left[end.layer] + (0.0 if end.title else _BOX / 2)
        y1, y2 = ports[one, "out", other], ports[other, "in", one]
        if not start.title:
            y1 = start.middle
        if not end.title:
            y2 = end.middle
        gutter_left, gutter_right = left[start.layer] + _BOX, left[end.layer]
        rank = sorted(nodes[start.name].after, key=lambda name: nodes[name].middle).index(other)
        share = (start.middle * 7 % 31 / 31 + rank * 0.13) % 1
        turn = gutter_left + (gutter_right - gutter_left) * (0.25 + 0.5 * share)
        points = ((x1, y1), (turn, y1), (turn, y2), (x2, y2))
        lines.append(Line(points=tuple((round(x, 2), round(y, 2)) for x, y in points), one=bool(start.title), many=bool(end.title)))
    return lines
