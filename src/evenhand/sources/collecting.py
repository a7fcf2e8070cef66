"""Collect: every source of a catalogue becomes rows of its kind of extract, and the counts prove that none was lost."""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import ibis
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Catalogue, Source
from evenhand.sources.identity import identify, named, twins_of
from evenhand.sources.nearness import nearest
from evenhand.sources.opening import SHEETS_PER_FILE, readers_of
from evenhand.sources.report import Collected, FileReport
from evenhand.sources.staging import FAULTS, Staged, staged_table
from evenhand.standards import EXTRACTS, raw_schema

__all__ = ["Progress", "collect"]

# The screen shows what is logged, also in the midst of a build; the manifest keeps it among the notes.
_log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Called after each source with the number of sources done, the number in all, and the title of this one."""

_Reading = tuple[list[Staged], list[Problem]]
"""What reading one source gives: its parts, and what was refused."""


def collect(catalogue: Catalogue, *, out: Path, engine: Engine, progress: Progress | None = None) -> Collected:
    """Read every source and write `<out>/<kind>.parquet` for each kind of extract, sorted by `record_id`.

    A kind without a source gets an empty table. When anything is refused, the folder is not complete and must not be used.

    Returns:
        What was read, with counts that have been checked to add up. What a person should know (sheets left out) is logged as well.

    Raises:
        BadInput: every refused file of every source, together.
        NotDone: counts disagree.
    """
    out.mkdir(parents=True, exist_ok=True)
    reports: list[FileReport] = []
    kinds: dict[str, int] = {}
    problems: list[Problem] = []
    titles = [source.title for kind in EXTRACTS for source in catalogue.of_kind(kind)]
    done = 0
    with tempfile.TemporaryDirectory(prefix=".sources-", dir=out) as scratch, _reading_ahead(catalogue, Path(scratch)) as waiting:
        for kind, readings in waiting.items():
            parts: list[Staged] = []
            for reading in readings:
                found, refused = reading.result()
                parts, problems = parts + found, problems + refused
                done += 1
                if progress:
                    progress(done, len(catalogue.sources), titles[done - 1])
            if not problems:
                kinds[kind], told = _write_kind(kind, parts, out / f"{kind}.parquet", engine)
                reports += told
    if problems:
        raise BadInput(problems)
    for report in reports:
        report.check()
        for warning in report.warnings:
            _log.warning("%s", warning.zh)
    return Collected(catalogue=catalogue.digest, files=tuple(reports), kinds=kinds)


@contextmanager
def _reading_ahead(catalogue: Catalogue, scratch: Path) -> Iterator[dict[str, list[Future[_Reading]]]]:
    """Readings of every source by kind, worked off one after the other beside the engine; those not begun are dropped on the way out."""
    sizes = [max(1, len(source.files)) * SHEETS_PER_FILE for source in catalogue.sources]
    first = {source.name: sum(sizes[:n]) for n, source in enumerate(catalogue.sources)}
    ahead = ThreadPoolExecutor(1)
    try:
        yield {
            kind: [ahead.submit(_read, source, catalogue, first[source.name], scratch) for source in catalogue.of_kind(kind)]
            for kind in EXTRACTS
        }
    finally:
        ahead.shutdown(cancel_futures=True)


def _read(source: Source, catalogue: Catalogue, first_part: int, scratch: Path) -> _Reading:
    """Read every file of one source. Runs beside the engine, ahead of it: it touches files only."""
    parts: list[Staged] = []
    problems: list[Problem] = []
    for reader in readers_of(source, catalogue, first_part=first_part, scratch=scratch):
        try:
            parts += reader()
        except BadInput as refusal:
            problems += refusal.problems
    return parts, problems or _found_nowhere(source, parts)


def _found_nowhere(source: Source, parts: Sequence[Staged]) -> list[Problem]:
    """Headers of the mapping that no file of the source has: surely a slip of the pen."""
    seen = [name for part in parts for name in part.header.names]
    nowhere = [header for header in source.columns or () if all(header in part.header.missing for part in parts)]
    return [
        Problem(say.NOT_FOUND_ANYWHERE, {"source": source.name, "header": header, "nearest": nearest(header, seen)}) for header in nowhere
    ]


def _write_kind(kind: str, parts: Sequence[Staged], path: Path, engine: Engine) -> tuple[int, list[FileReport]]:
    schema = raw_schema(EXTRACTS[kind])
    if not parts:
        empty = engine.table(schema.to_pyarrow().empty_table())
        return engine.write(empty, path, order=["record_id"]), []
    layouts: dict[tuple[object, ...], list[Staged]] = {}
    for part in parts:
        layouts.setdefault(part.layout, []).append(part)
    tables = [named(alike, staged_table(alike, engine)) for alike in layouts.values()]
    rows = engine.save(ibis.union(*tables) if len(tables) > 1 else tables[0])
    twins = engine.save(twins_of(rows))
    origins = engine.table(_origins(parts))
    whole = identify(rows, twins, origins)
    written = engine.write(whole.select(*(whole[name].cast(kept) for name, kept in schema.items())), path, order=["record_id"])
    faults = engine.arrow(rows.group_by("part", "fault").agg(rows=rows.count())).to_pylist()
    engine.drop(origins)
    engine.drop(twins)
    engine.drop(rows)
    for part in parts:
        part.forget()
    return written, [_report(part, [(one["fault"].split(), one["rows"]) for one in faults if one["part"] == part.part]) for part in parts]


def _origins(parts: Sequence[Staged]) -> pa.Table:
    """One row per part: where its rows came from."""
    rows = [
        {
            "part": p.part,
            "kind": p.source.kind,
            "source": p.source.name,
            "delivery": p.source.delivery,
            "file": p.file,
            "sheet": p.sheet or None,
        }
        for p in parts
    ]
    text = pa.string()
    return pa.Table.from_pylist(
        rows, pa.schema({"part": pa.int64(), "kind": text, "source": text, "delivery": pa.date32(), "file": text, "sheet": text})
    )


def _report(part: Staged, mine: Sequence[tuple[list[str], int]]) -> FileReport:
    """Say what was read of one part; `mine` counts its rows by their faults."""
    counted = {code: sum(rows for codes, rows in mine if code in codes) for code in FAULTS}
    header = part.header
    return FileReport(
        source=part.source.name, kind=part.source.kind, title=part.source.title, delivery=part.source.delivery.isoformat(), file=part.file, sheet=part.sheet, sha256=part.sha256, format=part.format, encoding=part.encoding,
        encoding_found=part.encoding_found, delimiter=part.delimiter, header_row=header.row, rows=part.total, above=header.row, blank=part.blank,
        kept=sum(rows for _, rows in mine), faults={code: rows for code, rows in counted.items() if rows},
        matched={header.names[at]: name for name, at in sorted(header.fields.items(), key=lambda pair: pair[1])}, unknown=tuple(header.extras),
        missing=header.missing, notes=(*part.notes, *(warning.zh for warning in part.warnings)), warnings=part.warnings,
    )  # fmt: skip
