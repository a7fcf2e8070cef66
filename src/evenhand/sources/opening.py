"""Which reader a file needs: told by its content, not by its name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Catalogue, Source
from evenhand.sources.columnar import read_parquet
from evenhand.sources.delimited import read_delimited
from evenhand.sources.staging import Staged
from evenhand.sources.web_tables import read_web_table
from evenhand.sources.workbooks import read_workbook

__all__ = ["SHEETS_PER_FILE", "readers_of"]

_TEXT: Final = (".csv", ".tsv", ".txt")
_BOOKS: Final = (".xlsx", ".xls", ".xlsm", ".et")
_ALLOWED: Final = "CSV、TSV、TXT、XLSX、XLS、HTML、Parquet"
SHEETS_PER_FILE: Final = 1_000
"""Numbers set aside for the sheets of one file."""
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def readers_of(source: Source, catalogue: Catalogue, *, first_part: int, scratch: Path) -> Iterator[Callable[[], list[Staged]]]:
    """Give one reader per file of the source; calling it reads the file or refuses it (BadInput). Parts count from `first_part`."""
    own = scratch / f"source-{first_part}"
    for n, path in enumerate(source.files):
        (own / str(n)).mkdir(parents=True)
        yield partial(_read_hashed, path, source, catalogue, part=first_part + n * SHEETS_PER_FILE, scratch=own / str(n))
    if source.url:
        from evenhand.sources.databases import read_database  # noqa: PLC0415 — a quarter second to import, and most catalogues name files alone

        own.mkdir()
        yield lambda: [read_database(source, part=first_part, scratch=own)]


def _read_hashed(path: Path, source: Source, catalogue: Catalogue, *, part: int, scratch: Path) -> list[Staged]:
    read = _read_file(path, source, file=catalogue.label(path), part=part, scratch=scratch)
    links = [name for name, chosen in source.links.items() if chosen == path]
    told = tuple(Problem(say.READ_ONCE, {"file": catalogue.label(name), "first": catalogue.label(path)}) for name in links)
    whole = [replace(one, sha256=catalogue.sha256(path)) for one in read]
    return [replace(whole[0], warnings=(*whole[0].warnings, *told)), *whole[1:]]


def _read_file(path: Path, source: Source, *, file: str, part: int, scratch: Path) -> list[Staged]:
    start = _start(path, file)
    suffix = path.suffix.lower()
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    text = start.decode("utf-16", "ignore").strip().lower().encode() if start.startswith(_WIDE_MARKS) else plain
    if start.startswith(b"PAR1"):
        return [read_parquet(path, source, file=file, part=part, scratch=scratch)]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return read_workbook(path, source, file=file, part=part, scratch=scratch)
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")) or (text.startswith(b"<") and b"<table" in text):
        return [read_web_table(path, source, file=file, part=part, scratch=scratch)]
    if suffix not in _TEXT + _BOOKS or text.startswith(b"<?xml"):
        raise BadInput(
            Problem(say.BAD_SUFFIX, {"file": file, "suffix": suffix if suffix not in _TEXT + _BOOKS else "XML", "allowed": _ALLOWED})
        )
    if b"\x00" in start and not start.startswith(_WIDE_MARKS) and not source.encoding:
        raise BadInput(Problem(say.CORRUPT, {"file": file, "why": "内容既不是文本也不是工作簿"}))
    read = read_delimited(path, source, file=file, part=part, scratch=scratch)
    return [replace(read, notes=("文件名为 Excel，内容是分隔文本",)) if suffix in _BOOKS else read]


def _start(path: Path, file: str) -> bytes:
    try:
        if not path.exists():
            raise BadInput(Problem(say.FILE_MISSING, {"file": file}))
        if path.is_dir():
            raise BadInput(Problem(say.FILE_IS_FOLDER, {"file": file}))
        with path.open("rb") as handle:
            start = handle.read(4096)
    except OSError as fault:
        raise BadInput(Problem(say.FILE_UNREADABLE, {"file": file, "why": fault.strerror or fault})) from fault
    if not start:
        raise BadInput(Problem(say.FILE_EMPTY, {"file": file}))
    return start
