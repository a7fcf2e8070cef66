"""Which row is the header, and which column is which field."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.nearness import nearest

__all__ = ["LOOK_AHEAD", "Header", "Row", "find_header", "names_required", "score_header"]

Row = Sequence[str | None]
LOOK_AHEAD: Final = 30
"""How many rows are looked at for the header."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """The header of one file or sheet.

    `row`: its number as a person counts. `names`: one per column, made unique. `fields`: field → position. `missing`: mapped
    headers that this file does not have.
    """

    row: int
    names: tuple[str, ...]
    fields: Mapping[str, int]
    missing: tuple[str, ...] = ()

    @property
    def extras(self) -> dict[str, int]:
        """Columns that no field takes, by their unique name, sorted: they are kept as `extra`."""
        taken = set(self.fields.values())
        return dict(sorted((name, at) for at, name in enumerate(self.names) if at not in taken))


@lru_cache(maxsize=4096)
def plain(text: str | None) -> str:
    """Header as compared: width, case, blanks, line breaks and invisible characters do not count."""
    wide = unicodedata.normalize("NFKC", text or "").casefold()
    return re.sub(r"[\s\u200b-\u200f\ufeff*＊]", "", wide)


def _wanted(source: Source) -> list[tuple[str, str]]:
    """Pairs (plain header, field), the best first."""
    if source.columns is not None:
        return [(plain(header), name) for header, name in source.columns.items()]
    pairs: list[tuple[int, str, str]] = []
    for f in source.dataset:
        words = [f.title, f.element.title, f.name, *f.element.aliases]
        pairs += [(rank, plain(word), f.name) for rank, word in enumerate(words)]
    return [(word, name) for _, word, name in sorted(pairs, key=lambda pair: pair[0])]


def _assign(cells: Row, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Give each field its column: best word first, the leftmost of equal headers, no column twice."""
    places: dict[str, int] = {}
    for at, cell in reversed(list(enumerate(cells))):
        places[plain(cell)] = at
    fields: dict[str, int] = {}
    for word, name in wanted:
        place = places.get(word)
        if word and place is not None and name not in fields and place not in fields.values():
            fields[name] = place
    return fields


def score_header(cells: Row, source: Source) -> int:
    """How many fields this row would name as a header."""
    return len(_assign(cells, _wanted(source)))


def names_required(rows: Sequence[Row], source: Source) -> bool:
    """Whether the row that would be taken for the header names every required field of the source's kind."""
    wanted = _wanted(source)
    index = _header_index([_assign(cells, wanted) for cells in rows], source)
    return 0 <= index < len(rows) and _has_required(_assign(rows[index], wanted), source)


def _has_required(fields: Mapping[str, int], source: Source) -> bool:
    return bool(fields) and all(f.name in fields for f in source.dataset.required)


def _header_index(named: Sequence[Mapping[str, int]], source: Source) -> int:
    """Index of the row the catalogue states, or of the row that names most fields, the first of equals; -1 without rows."""
    if source.header_row:
        return source.header_row - 1
    index = max(range(len(named)), key=lambda n: (len(named[n]), -n), default=-1)
    # A header of two levels whose cells go over both rows names the same fields in the same places twice: data begin below.
    while 0 <= index < len(named) - 1 and named[index] and named[index + 1] == named[index]:
        index += 1
    return index


def find_header(rows: Sequence[Row], source: Source, *, file: str, sheet: str = "") -> Header:
    """Find the header among the first rows: the row that names most fields, the first of equals; or the row the catalogue states.

    Raises:
        BadInput: no row names a field, a required column is missing, a mapped header occurs twice, or an earlier row is a whole header
            too and rows between the two would be lost.
    """
    place = f" 工作表“{sheet}”" if sheet else ""
    at = {"file": file, "place": place}
    wanted = _wanted(source)
    if source.header_row > len(rows):
        raise BadInput(Problem(say.HEADER_ROW_BEYOND, at | {"row": source.header_row, "rows": len(rows)}))
    named = [_assign(cells, wanted) for cells in rows]
    index = _header_index(named, source)
    if index < 0 or (not named[index] and not source.header_row):
        first = next((row for row in rows if any(row)), ())
        found = "、".join(cell for cell in first[:8] if cell) or "（空）"
        raise BadInput(Problem(say.NO_HEADER, at | {"rows": len(rows), "kind": source.dataset.title, "found": found[:120]}))
    cells = rows[index]
    fields = named[index]
    problems = _problems(cells, fields, source, at | {"row": index + 1})
    problems += [] if source.header_row else _rivals(rows[:index], named, source, at | {"row": index + 1})
    if problems:
        raise BadInput(problems)
    present = {plain(cell) for cell in cells}
    missing = tuple(header for header in source.columns or () if plain(header) not in present)
    return Header(row=index + 1, names=_unique(cells), fields=fields, missing=missing)


def _problems(cells: Row, fields: Mapping[str, int], source: Source, at: Mapping[str, object]) -> list[Problem]:
    problems = []
    stated = {name: header for header, name in (source.columns or {}).items()}
    open_cells = [cell or "" for n, cell in enumerate(cells) if n not in fields.values()]
    for f in source.dataset.required:
        if f.name not in fields:
            wanted = stated.get(f.name, f.title)
            problems.append(
                Problem(say.NO_COLUMN, {**at, "wanted": f"“{wanted}”", "field": f.name, "nearest": nearest(wanted, open_cells)})
            )
    times = Counter(plain(cell) for cell in cells)
    for name, n in fields.items():
        if times[plain(cells[n])] > 1:
            problems.append(Problem(say.HEADER_TWICE, {**at, "header": cells[n], "times": times[plain(cells[n])], "field": name}))
    return problems


def _rivals(above: Sequence[Row], named: Sequence[Mapping[str, int]], source: Source, at: Mapping[str, object]) -> list[Problem]:
    """An earlier row that names at least two fields and every required one, with rows below it that would vanish above the header."""
    for n in range(len(above)):
        if len(named[n]) > 1 and _has_required(named[n], source):
            lost = sum(any(row) for row, fields in zip(above[n + 1 :], named[n + 1 :], strict=False) if fields != named[n])
            return [Problem(say.TWO_HEADERS, {**at, "first": n + 1, "lost": lost})] if lost else []
    return []


def _unique(cells: Row) -> tuple[str, ...]:
    """Names for columns: the header; 第n列 when it is empty; `#2` and so on when it repeats."""
    names: list[str] = []
    for n, cell in enumerate(cells, 1):
        base = cell or f"第{n}列"
        name, again = base, 1
        while name in names:
            again += 1
            name = f"{base}#{again}"
        names.append(name)
    return tuple(names)
