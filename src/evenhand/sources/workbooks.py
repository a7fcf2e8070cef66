"""XLSX and XLS workbooks: title rows, merged cells, several sheets; refused before opening when they are dangerous."""

import mmap
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.formulas import uncalculated
from evenhand.sources.grids import stage_grid, to_text
from evenhand.sources.headers import LOOK_AHEAD, names_required, score_header
from evenhand.sources.staging import Staged

__all__ = ["check_archive", "read_workbook"]

_MEGABYTE: Final = 1 << 20
UNPACKED_LIMIT_MB: Final = 2048
RATIO_LIMIT: Final = 200
_SMALL_MB: Final = 64
"""Below this size a high ratio is harmless: a sheet of blanks packs well."""


def check_archive(path: Path, *, file: str) -> None:
    """Refuse a workbook that would unpack to too much (zip bomb), or that is no sound archive; nothing is unpacked.

    Raises:
        BadInput: over the limits, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise BadInput(Problem(say.CORRUPT, {"file": file, "why": "压缩结构不完整"})) from fault
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise BadInput(
            Problem(say.BAD_SUFFIX, {"file": file, "suffix": "压缩包或者其他文档", "allowed": "XLSX、XLS、CSV、TSV、TXT、HTML、Parquet"})
        )
    size_mb = sum(entry.file_size for entry in entries) // _MEGABYTE
    ratio = sum(entry.file_size for entry in entries) // max(1, sum(entry.compress_size for entry in entries))
    if size_mb > UNPACKED_LIMIT_MB or (ratio > RATIO_LIMIT and size_mb > _SMALL_MB):
        raise BadInput(
            Problem(say.ZIP_BOMB, {"file": file, "size": size_mb, "ratio": ratio, "limit": UNPACKED_LIMIT_MB, "ratio_limit": RATIO_LIMIT})
        )


def read_workbook(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> list[Staged]:
    """Read the stated sheet, or every visible sheet that has all required columns (a bureau may keep one sheet per county).

    A sheet with content that is not read, and one that has a header alone beside full ones, is a warning.

    Raises:
        BadInput: protected, damaged, over the limits, no such sheet, no header, no rows.
    """
    _check_protection(path, file)
    if not _is_container(path):
        check_archive(path, file=file)
    try:
        with path.open("rb") as handle, CalamineWorkbook.from_filelike(handle) as book:
            names = _chosen(book, source, file)
            staged, bare = _staged_all(book, names, source, file=file, part=part, scratch=scratch)
            warnings = () if source.sheet else tuple(_unread(book, names, source, file))
            blank = () if _is_container(path) else tuple(_uncalculated(path, names, file))
            told = {*names, *(warning.fields["sheet"] for warning in warnings)}
            notes = tuple(f"未读的工作表：{name}" for name in book.sheet_names if name not in told)
            return [replace(staged[0], notes=(*notes, *staged[0].notes), warnings=(*bare, *blank, *warnings)), *staged[1:]]
    except PasswordError as fault:
        raise BadInput(Problem(say.PASSWORD, {"file": file})) from fault
    except (CalamineError, OSError, ValueError) as fault:
        raise BadInput(Problem(say.CORRUPT, {"file": file, "why": str(fault)[:120]})) from fault


def _is_container(path: Path) -> bool:
    """Whether it is the container of XLS (compound file) rather than the archive of XLSX."""
    with path.open("rb") as handle:
        return handle.read(4) == b"\xd0\xcf\x11\xe0"


def _check_protection(path: Path, file: str) -> None:
    """An encrypted XLSX is a compound file with a stream of this name."""
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _is_container(path) and content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise BadInput(Problem(say.PASSWORD, {"file": file}))


def _chosen(book: CalamineWorkbook, source: Source, file: str) -> list[str]:
    if source.sheet:
        if source.sheet not in book.sheet_names:
            raise BadInput(Problem(say.NO_SHEET, {"file": file, "sheet": source.sheet, "allowed": "、".join(book.sheet_names)}))
        return [source.sheet]
    visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible] or book.sheet_names
    heads = {name: _head(book.get_sheet_by_name(name), source) for name in visible}
    worth = {name: max((score_header(row, source) for row in head), default=0) for name, head in heads.items()}
    best = max(worth.values(), default=0)
    # A list of codes has a column 名称 too: one field alone makes no sheet of the kind where another sheet has more.
    fitting = [name for name in visible if worth[name] >= min(best, 2) and names_required(heads[name], source)]
    return fitting or ([name for name in visible if worth[name] == best] if best else visible[:1])


def _head(sheet: CalamineSheet, source: Source) -> list[list[str | None]]:
    rows = _Spans(sheet).filled(_rows(sheet))
    return [[to_text(cell) for cell in row] for row in islice(rows, max(LOOK_AHEAD, source.header_row))]


def _staged_all(
    book: CalamineWorkbook, names: Sequence[str], source: Source, *, file: str, part: int, scratch: Path
) -> tuple[list[Staged], list[Problem]]:
    """Stage every chosen sheet; one without rows is a warning, unless all are."""
    staged: list[Staged] = []
    bare: list[Problem] = []
    refused: list[Problem] = []
    for n, name in enumerate(names):
        try:
            staged.append(_staged(book.get_sheet_by_name(name), source, file, part + n, scratch / f"sheet-{n}.parquet"))
        except BadInput as refusal:
            empty = all(problem.message is say.NO_ROWS for problem in refusal.problems)
            bare += [Problem(say.SHEET_BARE, {"file": file, "sheet": name})] if empty else []
            refused += refusal.problems
    if len(refused) > len(bare) or not staged:
        raise BadInput(refused)
    return staged, bare


def _unread(book: CalamineWorkbook, names: Sequence[str], source: Source, file: str) -> Iterator[Problem]:
    """A warning for every other sheet with content, with the number of its rows and why it was not read.

    A hidden sheet of something else, such as the lists behind the drop-downs of a survey, is none.
    """
    for meta in book.sheets_metadata:
        if meta.name in names or meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet, hidden = book.get_sheet_by_name(meta.name), meta.visible != SheetVisibleEnum.Visible
        if hidden and not names_required(_head(sheet, source), source):
            continue
        if rows := sum(any(to_text(cell) for cell in row) for row in _rows(sheet)):
            why = "是隐藏的" if hidden else "没有全部必备列"
            yield Problem(say.SHEET_UNREAD, {"file": file, "sheet": meta.name, "rows": rows, "why": why, "kind": source.dataset.title})


def _uncalculated(path: Path, names: Sequence[str], file: str) -> Iterator[Problem]:
    for name in names:
        count, first = uncalculated(path, name)
        if count:
            yield Problem(say.UNCALCULATED, {"file": file, "sheet": name, "count": count, "first": first})


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[object]]:
    """Rows from the first row of the sheet on, also when it begins empty, so that numbers agree with what a person sees."""
    return iter(()) if sheet.start is None else sheet.iter_rows()


def _staged(sheet: CalamineSheet, source: Source, file: str, part: int, path: Path) -> Staged:
    spans = _Spans(sheet)
    grid = stage_grid(spans.filled(_rows(sheet)), source, file=file, part=part, sheet=sheet.name, path=path)
    notes = (f"合并单元格：{spans.count}格按合并区域的首格填入",) if spans.count else ()
    return Staged(
        source=source, part=part, file=file, format="workbook", header=grid.header, total=grid.total, blank=grid.blank, rows=path, sheet=sheet.name, notes=notes,
    )  # fmt: skip


class _Spans:
    """Cells merged over several rows: only the first holds the value, yet it is said of each row, as in a web page."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.count = 0
        self._from: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._from.setdefault(top, []).append((left, bottom))

    def filled(self, rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
        """Give the rows with the values from above; a row with nothing of its own stays empty."""
        if not self._from:
            yield from rows
            return
        held: dict[int, tuple[int, object]] = {}
        for n, row in enumerate(rows):
            own = list(row)
            if any(to_text(cell) for cell in own):
                for left, (bottom, value) in held.items():
                    if n <= bottom and left < len(own) and not to_text(own[left]):
                        own[left] = value
                        self.count += 1
            held |= {left: (bottom, row[left]) for left, bottom in self._from.get(n, ()) if left < len(row) and to_text(row[left])}
            yield own
