"""HTML tables: what many systems export under the name of .xls."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.decoding import DETECTED, marked_encoding
from evenhand.sources.grids import stage_grid
from evenhand.sources.headers import LOOK_AHEAD, score_header
from evenhand.sources.staging import Staged

__all__ = ["read_web_table"]

_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_SILENT: Final = frozenset({"script", "style"})
_WIDEST_SPAN: Final = 1000


def read_web_table(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> Staged:
    """Read the one table of a web page whose header fits; `scratch` is an empty folder of its own.

    Raises:
        BadInput: not exactly one table fits, the encoding is wrong, or the table itself is refused.
    """
    text, encoding, found = _decoded(path, source, file)
    page = _Tables()
    page.feed(text)
    page.close()
    tables = page.tables
    worth = [max((score_header(row, source) for row in table[:LOOK_AHEAD]), default=0) for table in tables]
    best = [n for n, score in enumerate(worth) if score == max(worth) and score]
    if len(best) != 1:
        raise BadInput(Problem(say.HTML_UNCLEAR, {"file": file, "tables": len(best), "kind": source.dataset.title}))
    at = scratch / "table.parquet"
    grid = stage_grid(tables[best[0]], source, file=file, part=part, path=at)
    notes = ("文件名为 Excel，内容是网页表格",) if path.suffix.lower() not in {".htm", ".html"} else ()
    return Staged(
        source=source, part=part, file=file, format="html", header=grid.header, total=grid.total, blank=grid.blank, rows=at,
        encoding=encoding, encoding_found=found, notes=notes,
    )  # fmt: skip


def _decoded(path: Path, source: Source, file: str) -> tuple[str, str, str]:
    content = path.read_bytes()
    stated = _CHARSET.search(content[:4096])
    tries = [
        (source.encoding, "来源清单写明"),
        (marked_encoding(path), "文件开头的字节顺序标记"),
        (stated[1].decode() if stated else "", "网页写明"),
    ]
    tries += [(name, "整个文件符合该编码") for name in DETECTED]
    for encoding, found in tries:
        try:
            if encoding:
                return content.decode("gb18030" if encoding.lower() in {"gb2312", "gbk"} else encoding), encoding.lower(), found
        except UnicodeDecodeError as fault:
            if source.encoding:
                line = content.count(b"\n", 0, fault.start) + 1
                raise BadInput(
                    Problem(say.WRONG_ENCODING, {"file": file, "encoding": encoding, "line": line, "offset": fault.start})
                ) from fault
        except (LookupError, UnicodeError):  # no such encoding, or one that decodes nothing
            continue
    raise BadInput(Problem(say.NO_ENCODING, {"file": file, "line": 1}))


class _Table:
    """The rows of one table. A cell over several columns fills the first and leaves the others empty; one over several rows fills each."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._below: dict[tuple[int, int], tuple[str, int]] = {}

    def start_row(self) -> None:
        """Begin the next row."""
        self._rows.append([])

    def add(self, text: str, *, across: int, down: int) -> None:
        """Put a cell at the next free place of the row, and keep its place in the rows below."""
        if not self._rows:
            self.start_row()
        at, row = len(self._rows) - 1, self._rows[-1]
        while (at, len(row)) in self._below:
            row += _wide(*self._below.pop((at, len(row))))
        self._below |= {(at + n, len(row)): (text, across) for n in range(1, down)}
        row += _wide(text, across)

    def rows(self) -> list[list[str]]:
        """Return the rows, with the cells from above that stand behind the last cell of a row."""
        for (at, column), (text, across) in sorted(self._below.items()):
            if at < len(self._rows):
                self._rows[at] += [*[""] * (column - len(self._rows[at])), *_wide(text, across)]
        self._below.clear()
        return self._rows


def _wide(text: str, across: int) -> list[str]:
    return [text, *[""] * (across - 1)]


def _span(given: str | None) -> int:
    return max(1, min(int(given), _WIDEST_SPAN)) if given and given.isdecimal() else 1


class _Tables(HTMLParser):
    """Gathers the rows of every table. Text of a table within a cell belongs to both; what a browser does not show belongs to none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[_Table] = []
        self._open: list[_Table] = []
        self._cells: list[tuple[list[str], int, int] | None] = []
        self._silent = False

    @property
    def tables(self) -> list[list[list[str]]]:
        """Rows of each table, in the order of the page."""
        return [table.rows() for table in self._found]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent = True
        elif tag == "table":
            self._hear(" ")
            self._found.append(_Table())
            self._open.append(self._found[-1])
            self._cells.append(None)
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].start_row()
        elif tag in {"td", "th"} and self._open:
            self._end_cell()
            self._hear(" ")
            given = dict(attrs)
            self._cells[-1] = [], _span(given.get("colspan")), _span(given.get("rowspan"))
        elif tag == "br":
            self._hear("\x00")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = False
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()
            self._cells.pop()
            self._hear(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._hear(data)

    def _hear(self, text: str) -> None:
        """Add text to the open cell, and to every cell around it."""
        for cell in self._cells:
            if cell is not None:
                cell[0].append(text)

    def _end_cell(self) -> None:
        if self._open and (cell := self._cells[-1]) is not None:
            heard, across, down = cell
            text = _BLANKS.sub(" ", "".join(heard)).strip(" ").replace("\x00", "\n")
            self._open[-1].add(text, across=across, down=down)
            self._cells[-1] = None
