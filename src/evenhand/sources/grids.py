"""Rows of cells from anything that is not delimited text: values become text, the header is found, rows are staged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.headers import LOOK_AHEAD, Header, find_header
from evenhand.sources.staging import RawRow, fit, stage_rows

__all__ = ["Grid", "stage_grid", "to_text"]

_FIRST_ROUNDED: Final = 1e15
"""A spreadsheet keeps 15 digits: a longer number has already lost its last ones."""


_CHINA: Final = ZoneInfo("Asia/Shanghai")


class Grid(NamedTuple):
    """What staging a grid found: its header, and its counts."""

    header: Header
    total: int
    blank: int
    kept: int


def to_text(value: object) -> str | None:  # noqa: PLR0911 — one answer per type
    """Text of one cell of a spreadsheet or database, as a person reads it; None when empty. A moment with a zone is told in China's time.

    >>> [to_text(v) for v in (12.0, 1.25, True, datetime(2026, 1, 5), datetime(2026, 1, 5, 8, 30), "", " a")]
    ['12', '1.25', 'TRUE', '2026-01-05', '2026-01-05 08:30:00', None, ' a']
    """
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            local = value.astimezone(_CHINA).replace(tzinfo=None) if value.tzinfo else value
            return local.date().isoformat() if local.time() == time() else local.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case bytes() | memoryview():
            return bytes(value).decode("utf-8", "replace")
        case timedelta() | _:
            return str(value)


def stage_grid(
    rows: Iterable[Sequence[object]], source: Source, *, file: str, part: int, sheet: str = "", path: Path, named: bool = False
) -> Grid:
    """Find the header among the first rows and stage the rows below it at `path`.

    `named`: the first row holds column names that are no row of their own (Parquet, databases); counting starts below it.

    Raises:
        BadInput: no header, a required column missing, no rows.
    """
    flow = iter(rows)
    head = list(islice(flow, 1 if named else max(LOOK_AHEAD, source.header_row)))
    header = find_header(
        [_trimmed([to_text(cell) for cell in row]) for row in head],
        replace(source, header_row=1) if named else source,
        file=file,
        sheet=sheet,
    )
    rest = chain(head[header.row :], flow)
    header = replace(header, row=0) if named else header
    counts = _Counts(header.row)
    kept = stage_rows(counts.below(rest, len(header.names)), part=part, width=len(header.names), path=path)
    if not kept:
        raise BadInput(Problem(say.NO_ROWS, {"file": file, "place": f" 工作表“{sheet}”" if sheet else ""}))
    return Grid(header, counts.total, counts.blank, kept)


def _trimmed(cells: list[str | None]) -> list[str | None]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


class _Counts:
    """Counts rows while they pass."""

    def __init__(self, above: int) -> None:
        self.total, self.blank = above, 0

    def below(self, rows: Iterable[Sequence[object]], width: int) -> Iterator[RawRow]:
        for values in rows:
            self.total += 1
            cells = [to_text(value) for value in values]
            if not any(cells):
                self.blank += 1
                continue
            fitted, surplus, fault = fit(cells, width)
            rounded = any(isinstance(value, float) and abs(value) >= _FIRST_ROUNDED for value in values)
            yield RawRow(self.total, fitted, surplus, " ".join(filter(None, [fault, "number" if rounded else ""])))
