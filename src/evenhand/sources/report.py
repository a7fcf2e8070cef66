"""What was read, file by file, in numbers that add up: the part of the manifest that speaks of sources."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from evenhand.errors import NotDone, Problem
from evenhand.sources import messages as say
from evenhand.sources.staging import FAULTS

__all__ = ["Collected", "FileReport"]


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """One row per file, sheet or database table read.

    `rows` counts records as a person sees them: `above` (header and title rows) + `blank` + `kept` = `rows`.
    `matched`: header → field. `unknown`: columns kept as extra. `missing`: mapped headers this file does not have. `warnings`: what a
    person should know; their Chinese sentences are among the `notes`.
    """

    source: str
    kind: str
    title: str
    delivery: str
    file: str
    sheet: str
    sha256: str
    format: str
    encoding: str
    encoding_found: str
    delimiter: str
    header_row: int
    rows: int
    above: int
    blank: int
    kept: int
    faults: Mapping[str, int]
    matched: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()

    def check(self) -> None:
        """Raise NotDone when the counts do not add up: that would be a row lost or doubled."""
        expected = self.rows - self.above - self.blank
        if expected != self.kept:
            fields = {
                "file": self.file,
                "total": self.rows,
                "above": self.above,
                "blank": self.blank,
                "expected": expected,
                "kept": self.kept,
            }
            raise NotDone(Problem(say.COUNTS_DISAGREE, fields))


@dataclass(frozen=True, kw_only=True)
class Collected:
    """All that `collect` read. `kinds`: rows written per kind of extract, also those without a source."""

    catalogue: str
    files: tuple[FileReport, ...]
    kinds: Mapping[str, int]

    @property
    def sources(self) -> list[dict[str, Any]]:
        """One item per source: what it is, how many files were read, rows kept, rows with faults by code."""
        totals: dict[str, dict[str, Any]] = {}
        for one in self.files:
            start = {
                "source": one.source,
                "kind": one.kind,
                "title": one.title,
                "delivery": one.delivery,
                "files": 0,
                "rows": 0,
                "blank": 0,
                "faults": {},
            }
            total = totals.setdefault(one.source, start)
            total["files"] += 1
            total["rows"] += one.kept
            total["blank"] += one.blank
            total["faults"] = {
                code: total["faults"].get(code, 0) + one.faults.get(code, 0)
                for code in FAULTS
                if code in total["faults"] or code in one.faults
            }
        return list(totals.values())

    @property
    def rows(self) -> int:
        """Rows kept in all."""
        return sum(self.kinds.values())

    def to_json(self) -> dict[str, Any]:
        """Plain content for the manifest, the same for the same input."""
        return {
            "catalogue": self.catalogue,
            "kinds": dict(sorted(self.kinds.items())),
            "sources": self.sources,
            "files": [_plain(one) for one in self.files],
        }


def _plain(one: FileReport) -> dict[str, Any]:
    """A report for the manifest: its warnings stand among the notes already."""
    content = asdict(replace(one, warnings=()))
    del content["warnings"]
    return content
