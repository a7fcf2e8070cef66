"""Quotas on two margins (office × kind), rounded by chance so that every cell, row and column is off by less than one (两维名额).

>>> cells = {"A/x": 250, "A/y": 130, "A/z": 70, "B/x": 40, "B/y": 360, "B/z": 55, "C/x": 115, "C/y": 20, "C/z": 305}
>>> found = rounded(cells, 100, "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564")
>>> [found[key] for key in cells]
[3, 1, 0, 0, 4, 1, 1, 0, 3]
"""

from collections.abc import Mapping, Sequence
from typing import Final

from evenhand.draw.tickets import ranked, t256, ticket

__all__ = ["rounded"]

_ALL: Final = 1 << 256
_Edge = tuple[str, str]


def rounded(cells: Mapping[str, int], denominator: int, seed: str, *, algorithm: str = "sha256") -> dict[str, int]:
    """Return whole quotas by `row/column` from numerators over one denominator; the expectation of each is exact.

    Args:
        cells: numerators by `row/column`.
        denominator: D, the same for all.
        seed: of this draw.
        algorithm: hash of the tickets.
    """
    parts = _with_margins(cells, denominator)
    order = [
        (name.split("/")[0], name.split("/")[1])
        for _, name in ranked(seed, "edge", ["/".join(edge) for edge in parts], algorithm=algorithm)
    ]
    step = 0
    while open_edges := [edge for edge in order if 0 < parts[edge] < denominator]:
        cycle = _cycle(open_edges)
        up = min(denominator - parts[edge] if sign > 0 else parts[edge] for edge, sign in cycle)
        down = min(parts[edge] if sign > 0 else denominator - parts[edge] for edge, sign in cycle)
        random = t256(ticket(seed, "round", str(step), algorithm=algorithm))
        push = up if random * (up + down) < down * _ALL else -down
        for edge, sign in cycle:
            parts[edge] += sign * push
        step += 1
    return {name: count // denominator + parts[name.split("/")[0], name.split("/")[1]] // denominator for name, count in cells.items()}


def _with_margins(cells: Mapping[str, int], denominator: int) -> dict[_Edge, int]:
    """Fractional parts, with a dummy row, column and corner that make every sum whole."""
    parts: dict[_Edge, int] = {}
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for name, count in cells.items():
        row, column = name.split("/")
        part = count % denominator
        parts[row, column] = part
        rows[row], columns[column] = rows.get(row, 0) + part, columns.get(column, 0) + part
    parts |= {(row, ""): -total % denominator for row, total in rows.items()}
    parts |= {("", column): -total % denominator for column, total in columns.items()}
    parts["", ""] = -sum(parts["", column] for column in columns) % denominator
    return parts


def _cycle(edges: Sequence[_Edge]) -> list[tuple[_Edge, int]]:
    """Walk from the row of the first open edge, leaving each node by its first open edge but the one just used, until a node comes again."""
    at: dict[tuple[str, str], list[_Edge]] = {}
    for edge in edges:
        at.setdefault(("row", edge[0]), []).append(edge)
        at.setdefault(("column", edge[1]), []).append(edge)
    node = ("row", edges[0][0])
    seen: dict[tuple[str, str], int] = {}
    walked: list[tuple[_Edge, int]] = []
    used: _Edge | None = None
    while node not in seen:
        seen[node] = len(walked)
        used = next(edge for edge in at[node] if edge != used)
        from_row = node[0] == "row"
        walked.append((used, 1 if from_row else -1))
        node = ("column", used[1]) if from_row else ("row", used[0])
    return walked[seen[node] :]
