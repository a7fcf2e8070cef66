"""Delivering: rows become files as bureaus send them, and each row its line of truth.

Row numbers count records as a spreadsheet shows them: the header counts, a line break inside a cell does not.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Final, Protocol, Self, TextIO

import numpy as np
import xlsxwriter
import xlsxwriter.worksheet

from evenhand.practice.layout import Layout
from evenhand.practice.text import Ints

__all__ = ["Deliveries", "catalogue_toml"]

_MADE_ON: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # workbooks carry a fixed day, so that their bytes repeat
_LONGEST_NUMBER: Final = 9  # longer digits are codes: kept as text


class _Target(Protocol):
    """Something that takes rows and knows the number of the row to come."""

    next_row: int

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows in order."""


class _Delimited:
    """A CSV or other delimited text file."""

    def __init__(self, stream: TextIO, layout: Layout) -> None:
        self._writer = csv.writer(stream, delimiter=layout.delimiter, lineterminator="\r\n")
        self._writer.writerow([header for header, _ in layout.columns])
        self.next_row = 2

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        self._writer.writerows(rows)
        self.next_row += len(rows)


class _Web:
    """A page with one table, saved under the name of a workbook."""

    def __init__(self, stream: TextIO, layout: Layout) -> None:
        self._stream = stream
        stream.write(
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
            f'<title>{layout.title}</title></head><body><table border="1">\r\n'
        )
        stream.write("<tr>" + "".join(f"<th>{escape(header)}</th>" for header, _ in layout.columns) + "</tr>\r\n")
        self.next_row = 2

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        self._stream.writelines("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\r\n" for row in rows)
        self.next_row += len(rows)

    def close(self) -> None:
        self._stream.write("</table></body></html>\r\n")


class _Sheet:
    """One sheet of a workbook: merged title rows, a header, then rows; short whole numbers become number cells."""

    def __init__(self, sheet: xlsxwriter.worksheet.Worksheet, layout: Layout) -> None:
        self._sheet = sheet
        last = len(layout.columns) - 1
        for n, title in enumerate(layout.titles):
            sheet.merge_range(n, 0, n, last, title)
        for n, (header, _) in enumerate(layout.columns):
            sheet.write_string(len(layout.titles), n, header)
        self.next_row = len(layout.titles) + 2

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        for at, row in enumerate(rows, self.next_row - 1):
            for column, cell in enumerate(row):
                if cell.isascii() and cell.isdigit() and len(cell) < _LONGEST_NUMBER and (cell == "0" or cell[0] != "0"):
                    self._sheet.write_number(at, column, int(cell))
                elif cell:
                    self._sheet.write_string(at, column, cell)
        self.next_row += len(rows)


class Deliveries:
    """The open files of a province; a file is made when its first row comes."""

    def __init__(self, folder: Path) -> None:
        """Write below `folder`."""
        self._folder = folder
        self._stack = ExitStack()
        self._targets: dict[tuple[str, str], _Target] = {}
        self._books: dict[str, xlsxwriter.Workbook] = {}
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish every file."""
        for target in self._targets.values():
            if isinstance(target, _Web):
                target.close()
        for book in self._books.values():
            book.close()
        self._stack.close()

    def write(self, layout: Layout, file: str, rows: Sequence[Sequence[str]]) -> Ints:
        """Append rows to a file of this source and return their row numbers."""
        target = self._target(layout, file)
        first = target.next_row
        target.write(rows)
        self.counts[file] += len(rows)
        return np.arange(first, first + len(rows))

    def wrote(self, layout: Layout) -> bool:
        """Whether this source has a row."""
        return any(source == layout.name for source, _ in self._targets)

    def _target(self, layout: Layout, file: str) -> _Target:
        key = (layout.name, file)
        if key not in self._targets:
            self._targets[key] = self._opened(layout, file)
        return self._targets[key]

    def _opened(self, layout: Layout, file: str) -> _Target:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if layout.format == "xlsx":
            if file not in self._books:
                self._books[file] = xlsxwriter.Workbook(
                    str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
                )
                self._books[file].set_properties({"created": _MADE_ON, "author": "福建省市场监督管理局"})
            return _Sheet(self._books[file].add_worksheet(layout.sheet), layout)
        stream = self._stack.enter_context(path.open("w", encoding="gb18030" if layout.format == "html" else layout.encoding, newline=""))
        return _Web(stream, layout) if layout.format == "html" else _Delimited(stream, layout)


def catalogue_toml(layouts: Sequence[Layout], *, delivery: str, known: dict[str, dict[str, str]]) -> str:
    """Return the `sources.toml` of the province; `known`: spellings the rule pack already knows, by code list."""
    return (
        "practice = true\n\n"
        + "\n".join(line for layout in layouts for line in _source_lines(layout, delivery=delivery, known=known))
        + "\n"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def _source_lines(layout: Layout, *, delivery: str, known: dict[str, dict[str, str]]) -> Iterator[str]:
    yield from ("[[source]]", f"name = {_quoted(layout.name)}", f"kind = {_quoted(layout.kind)}", f"title = {_quoted(layout.title)}")
    yield from (f"files = [{_quoted(layout.pattern)}]", f"delivery = {_quoted(delivery)}")
    if layout.stated and layout.format == "csv":
        yield f"encoding = {_quoted(layout.encoding)}"
    if layout.format == "xlsx" and (layout.stated or "campaign" in layout.name):
        yield from (f"sheet = {_quoted(layout.sheet)}", f"header_row = {len(layout.titles) + 1}")
    yield "[source.columns]"
    yield from (f"{_quoted(header)} = {_quoted(name)}" for header, name in layout.columns if name)
    if layout.units:
        yield "[source.units]"
        yield from (f"{name} = {_quoted(unit)}" for name, unit in layout.units.items())
    for name, says in layout.says.items():
        spellings = known.get(layout.dataset[name].element.codes, {})
        unknown = {word: code for code, word in says.items() if spellings.get(word) != code}
        if unknown:
            yield f"[source.codes.{name}]"
            yield from (f"{_quoted(word)} = {_quoted(code)}" for word, code in unknown.items())
    yield ""
