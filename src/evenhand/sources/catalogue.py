"""The catalogue of sources: what a `sources.toml` says, once it has been read without a fault."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from evenhand.engine import file_sha256
from evenhand.standards import EXTRACTS, DataSet

__all__ = ["Catalogue", "CodeRow", "Source", "UnitRow"]


class UnitRow(NamedTuple):
    """One row per source and field: the unit in which that source states it."""

    source: str
    field: str
    unit: str


class CodeRow(NamedTuple):
    """One row per source, field and spelling: the official code it stands for."""

    source: str
    field: str
    spelling: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source (来源): where its rows are, and how they are to be read.

    `links`: further names of a file that is read once → the name it is read under. `columns` is header → field; None means that headers are matched by titles and aliases of `standards`.
    """

    name: str
    kind: str
    title: str
    delivery: date
    files: tuple[Path, ...] = ()
    patterns: tuple[str, ...] = ()
    url: str = ""
    table: str = ""
    query: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: Mapping[Path, Path] = field(default_factory=dict)

    @property
    def dataset(self) -> DataSet:
        """The governed data set its rows belong to."""
        return EXTRACTS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every source of one build, in the order of the file; `folder` is where relative paths start.

    `practice`: the data are invented, and every page must say so. `written`: where paths start of files that a build writes for itself.
    """

    folder: Path
    sources: tuple[Source, ...]
    digest: str
    practice: bool = False
    written: Path | None = None
    _digests: dict[Path, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that is there, each once, in the order of the sources; a missing one is refused by `collect`."""
        return tuple(dict.fromkeys(path for s in self.sources for path in s.files if path.is_file()))

    @property
    def has_databases(self) -> bool:
        """Whether some source is a database: its content may have changed since the last reading, and no file shows it."""
        return any(s.url for s in self.sources)

    @property
    def units(self) -> tuple[UnitRow, ...]:
        """Units stated by sources, sorted; for `standardise`."""
        return tuple(sorted(UnitRow(s.name, name, unit) for s in self.sources for name, unit in s.units.items()))

    @property
    def codes(self) -> tuple[CodeRow, ...]:
        """Spellings of codes stated by sources, sorted; for `standardise`."""
        return tuple(
            sorted(
                CodeRow(s.name, name, spelling, code)
                for s in self.sources
                for name, codes in s.codes.items()
                for spelling, code in codes.items()
            )
        )

    def of_kind(self, kind: str) -> tuple[Source, ...]:
        """Sources of one kind, in order."""
        return tuple(s for s in self.sources if s.kind == kind)

    def sha256(self, path: Path) -> str:
        """SHA-256 of a file, hashed once per reading of the catalogue: a build asks before it begins, and again for the manifest."""
        if path not in self._digests:
            self._digests[path] = file_sha256(path)
        return self._digests[path]

    def label(self, path: Path) -> str:
        """A file's name as pages and manifests show it: relative to the catalogue where it lies below it; never the folder a build works in."""
        start = next((folder for folder in (self.written, self.folder) if folder and path.is_relative_to(folder)), None)
        return (path.relative_to(start) if start else path).as_posix()


def digest_of(content: Mapping[str, object]) -> str:
    """SHA-256 of a catalogue's content: comments, layout and the order of keys do not count."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
