r"""Cells of delimited text, as a spreadsheet would show them: a total function, for rows that are not plain.

>>> take_record(['a,"b', 'c",d', 'e,f,g'], 0, delimiter=",", width=3, whole=True)
Taken(cells=('a', 'b\nc', 'd'), next=2, broken=False)
>>> take_record(['a,"b,c', 'd,e,f'], 0, delimiter=",", width=3, whole=True)
Taken(cells=('a', '"b', 'c'), next=1, broken=True)
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

__all__ = ["LINES_PER_RECORD", "Taken", "take_record"]

LINES_PER_RECORD: Final = 100
"""A quote that is still open after so many lines is taken for a stray one."""
_SURE_WIDTH: Final = 5
"""From this width on, a line that is itself a whole row is never believed to be part of a cell; below it, when all cells fit."""

_INSIDE: Final = re.compile(r'(?:[^"]|"")*+')


class Taken(NamedTuple):
    """One record: its cells, the index of the line after it, and whether a quote in it is unbalanced."""

    cells: tuple[str, ...]
    next: int
    broken: bool


def take_record(lines: Sequence[str], start: int, *, delimiter: str, width: int, whole: bool) -> Taken | None:
    """Take the record that starts at line `start`.

    A cell that opens with a quote may go over the ends of lines, up to a limit, when it closes properly, also when the record then
    has more or fewer cells than `width` (0: any number), unless a line inside is surely a whole row itself. Otherwise the quote is
    literal, the line is a record, and it is marked as broken.

    Returns:
        The record; None when more lines are needed to tell and `whole` is false (there are more to come).
    """
    cells: list[str] = []
    line, at, pos = lines[start], start, 0
    while True:
        if not line.startswith('"', pos):
            end = line.find(delimiter, pos)
            cells.append(line[pos:] if end < 0 else line[pos:end])
        else:
            text, at, end = _quoted(lines, at, pos + 1, width, delimiter, start)
            if at >= len(lines) and not whole and len(lines) - start < LINES_PER_RECORD:
                return None
            if text is None:
                return _literal(lines, start, delimiter)
            line = lines[at]
            cells.append(text)
            if end == len(line):
                end = -1
            elif not line.startswith(delimiter, end):
                return _literal(lines, start, delimiter)
        if end < 0:
            break
        pos = end + 1
    wrong = width and len(cells) != width
    if wrong and any(_is_row(lines[n], delimiter, width) for n in range(start + 1, at)):
        return _literal(lines, start, delimiter)
    return Taken(tuple(cells), at + 1, broken=False)


def _is_row(line: str, delimiter: str, width: int) -> bool:
    return width > 1 and '"' not in line and line.count(delimiter) == width - 1


def _literal(lines: Sequence[str], start: int, delimiter: str) -> Taken:
    """Read one line bluntly: good cells lose their quotes, the bad cell keeps every character."""
    pattern = re.compile(
        rf'(?:"((?:[^"]|"")*+)"(?={re.escape(delimiter)}|\Z)|([^{re.escape(delimiter)}]*+))({re.escape(delimiter)}|\Z)', re.DOTALL
    )
    cells, pos = [], 0
    while found := pattern.match(lines[start], pos):
        cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        pos = found.end()
        if not found[3]:
            break
    return Taken(tuple(cells), start + 1, broken=True)


def _quoted(lines: Sequence[str], at: int, pos: int, width: int, delimiter: str, start: int) -> tuple[str | None, int, int]:
    """Text of a quoted cell from behind its opening quote: (text or None, line of the closing quote, place behind it)."""
    parts: list[str] = []
    while at < len(lines) and at - start < LINES_PER_RECORD:
        line = lines[at]
        if parts and width >= _SURE_WIDTH and _is_row(line, delimiter, width):
            return None, at, 0
        inside = _INSIDE.match(line, pos)
        end = inside.end() if inside else pos
        parts.append(line[pos:end])
        if end < len(line):
            return "\n".join(parts).replace('""', '"'), at, end + 1
        at, pos = at + 1, 0
    return None, at, 0
