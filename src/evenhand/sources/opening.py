"""Which reader a file needs: told by its content, not by its name."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Catalogue, Source
from evenhand.sources.delimited import read_delimited
from evenhand.sources.staging import Staged

__all__ = ["readers_of"]

_TEXT: Final = (".csv", ".tsv", ".txt")
_BOOKS: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et")
_OTHER: Final = (".htm", ".html", ".parquet")
_ALLOWED: Final = "CSV、TSV、TXT、XLSX、XLS、HTML、Parquet"


def readers_of(source: Source, catalogue: Catalogue, *, scratch: Path) -> Iterator[Callable[[], list[Staged]]]:
    """Give one reader per file of the source; calling it reads the file or refuses it (BadInput)."""
    for n, path in enumerate(source.files):
        own = scratch / f"{source.name.encode().hex()}-{n}"
        own.mkdir()
        yield partial(_read_file, path, source, file=catalogue.label(path), scratch=own)


def _read_file(path: Path, source: Source, *, file: str, scratch: Path) -> list[Staged]:
    if not path.exists():
        raise BadInput(Problem(say.FILE_MISSING, {"file": file}))
    if path.is_dir():
        raise BadInput(Problem(say.FILE_IS_FOLDER, {"file": file}))
    try:
        with path.open("rb") as handle:
            start = handle.read(4096)
    except OSError as fault:
        raise BadInput(Problem(say.FILE_UNREADABLE, {"file": file, "why": fault.strerror or fault})) from fault
    if not start:
        raise BadInput(Problem(say.FILE_EMPTY, {"file": file}))
    return [read_delimited(path, source, file=file, scratch=scratch)]
