"""Build one release: run the stages that are not done yet, reconcile the counts, publish in one step."""

import errno
import fcntl
import gc
import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

import evenhand
from evenhand.decisions import Decisions, no_decisions, read_decisions
from evenhand.engine import EngineName, file_sha256, open_engine, peak_memory_bytes
from evenhand.errors import BadInput, NotDone, Problem
from evenhand.pipeline.deciding import with_manual_records
from evenhand.pipeline.manifest import make_manifest, write_json
from evenhand.pipeline.messages import COUNTS_DIFFER, DISK_FULL, INTERRUPTED, NOT_WRITABLE, OTHER_BUILD, OUT_OF_MEMORY
from evenhand.pipeline.reusing import STAGES_FILE, Before, kept_tables, kind_keys, take_over
from evenhand.pipeline.steps import BY_KIND, STAGES, Kept, Progress, Stage, StageDone
from evenhand.pipeline.tracing import Facts, Given, Run, Trace, whole_trace
from evenhand.publish import MANIFEST, RELEASE_TABLES, build_serving, checked_release, point_to
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue, read_catalogue
from evenhand.standards import EXTRACTS

__all__ = ["Build", "BuildReport", "build"]

_DONE: Final = "stage.json"
_PUBLISH: Final = Stage("publish", "发布", lambda _run, _out: {})


@dataclass(frozen=True, kw_only=True)
class Build:
    """What a release is a function of, where it goes (`out`), and how much machine it may use.

    `decisions`: file of what people decided. `previous`: folder of the release whose subject ids go on. `engine`: which one works the
    stages out; the release is the same. `master`: where Spark runs, None for this machine.
    """

    sources: Path
    out: Path
    asof: date
    pack: Pack
    decisions: Path | None = None
    previous: Path | None = None
    threads: int = 2
    memory_gib: float = 4.0
    engine: EngineName = "duckdb"
    master: str | None = None


@dataclass(kw_only=True)
class BuildReport:
    """What a build did: the release, its manifest, each stage with rows and seconds, peak memory in bytes."""

    release: Path
    manifest: dict[str, Any]
    stages: list[StageDone] = field(default_factory=list)
    peak_bytes: int = 0


def build(order: Build, *, progress: Progress) -> BuildReport:
    """Build the release, or go on with one that was interrupted, and point `CURRENT` to it.

    Raises:
        BadInput: the catalogue, the rule pack or the sources are refused; every problem is told.
        NotDone: disk full, out of memory, interrupted, another build running. What was whole stays whole.
    """
    catalogue = read_catalogue(order.sources, pack=order.pack)
    decisions = read_decisions(order.decisions) if order.decisions else no_decisions()
    previous = checked_release(order.previous).resolve() if order.previous else None
    with _folder(order.out) as releases, _rare_collections():
        work = releases / f".building-{_work_key(order, catalogue, decisions, previous)}"
        work.mkdir(exist_ok=True)
        for other in releases.glob(".building-*"):
            if other != work:
                shutil.rmtree(other)
        catalogue = with_manual_records(catalogue, decisions, work / "人工补录")
        report = _run_stages(order, catalogue, decisions, previous, work, progress)
        shutil.rmtree(work)
    report.peak_bytes = peak_memory_bytes()
    return report


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let the collector look seldom: statements are trees of hundreds of thousands of small objects, and looking costs a tenth of a small build."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("w")
    except OSError as fault:
        raise BadInput(Problem(NOT_WRITABLE, {"path": out, "why": fault.strerror or fault})) from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise NotDone(Problem(OTHER_BUILD, {"path": out})) from fault
        yield out


def _work_key(order: Build, catalogue: Catalogue, decisions: Decisions, previous: Path | None) -> str:
    said = [
        evenhand.__version__,
        order.asof.isoformat(),
        order.pack.digest,
        catalogue.digest,
        decisions.digest,
        previous.name if previous else "",
        json.dumps(kind_keys(catalogue, order.pack.at(order.asof))),
    ]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]


def _run_stages(
    order: Build, catalogue: Catalogue, decisions: Decisions, previous: Path | None, work: Path, progress: Progress
) -> BuildReport:
    stages: list[StageDone] = []
    done: dict[str, Trace] = {}
    pack, before = order.pack.at(order.asof), Before(previous) if previous else None
    keys = kind_keys(catalogue, pack)
    kept = kept_tables(keys, before)
    given = Given(catalogue=catalogue, pack=pack, asof=order.asof, decisions=decisions, previous=before, kept=kept)
    limits: dict[str, Any] = {"threads": order.threads, "memory_gib": order.memory_gib, "master": order.master}
    with open_engine(order.engine, scratch=work / "scratch", **limits) as engine:
        for stage in STAGES:
            # A database cannot be compared with what it was before: its extract is read again.
            keep = stage.name != "sources" or not catalogue.has_databases
            with _telling(stage, work, order), _timed(stage, progress, stages) as told:
                run = Run(given=given, folder=work, engine=engine, advance=progress.advanced, done=done)
                done[stage.name], told["kept"] = _one_stage(stage, run, keep=keep)
                told["rows"] = sum(done[stage.name].facts["rows"].values())
    with _telling(_PUBLISH, work, order), _timed(_PUBLISH, progress, stages) as told:
        release, manifest = _publish(order, given, keys, work, done, stages)
        told["rows"] = sum(table["rows"] for table in manifest["tables"].values())
    return BuildReport(release=release, manifest=manifest, stages=stages)


@contextmanager
def _timed(stage: Stage, progress: Progress, stages: list[StageDone]) -> Iterator[dict[str, Any]]:
    told: dict[str, Any] = {"rows": 0, "kept": ""}
    began = time.perf_counter()
    progress.started(stage.name, stage.title)
    yield told
    done = StageDone(name=stage.name, title=stage.title, rows=told["rows"], seconds=time.perf_counter() - began, kept=told["kept"])
    stages.append(done)
    progress.finished(done)


@contextmanager
def _telling(stage: Stage, work: Path, order: Build) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as fault:
        raise NotDone(Problem(INTERRUPTED, {"stage": stage.title})) from fault
    except (OSError, duckdb.Error) as fault:
        full = getattr(fault, "errno", None) == errno.ENOSPC or "No space left" in str(fault)
        if full:
            raise NotDone(Problem(DISK_FULL, {"path": work.parent, "stage": stage.title})) from fault
        if isinstance(fault, duckdb.OutOfMemoryException):
            raise NotDone(Problem(OUT_OF_MEMORY, {"stage": stage.title, "memory": order.memory_gib})) from fault
        raise


def _one_stage(stage: Stage, run: Run, *, keep: bool) -> tuple[Trace, Kept]:
    final, partial = run.folder / stage.name, run.folder / f"{stage.name}.partial"
    if keep and (done := whole_trace(final, _DONE)) and run.holds(done):
        return done, "done"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(final, ignore_errors=True)
    partial.mkdir()
    trace = run.again(stage.name, partial, _DONE)
    kept: Kept = "taken" if trace or (stage.name in BY_KIND and "record" in run.given.kept) else ""
    if trace is None:
        facts = stage.work(run, partial)
        run.engine.forget()  # what one stage saved would push the next one out of memory
        trace = run.finish(facts, partial, _DONE)
    partial.rename(final)
    return trace, kept


def _publish(
    order: Build, given: Given, keys: Mapping[str, str], work: Path, done: Mapping[str, Trace], stages: list[StageDone]
) -> tuple[Path, dict[str, Any]]:
    partial = work / "release.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    last = {table: stage for stage, trace in done.items() for table in trace.tables}  # a later stage may write a table anew
    for name in RELEASE_TABLES:
        take_over(work / last[name] / f"{name}.parquet", partial / f"{name}.parquet")
    facts = {stage: trace.facts for stage, trace in done.items()}
    _reconcile(facts, work)
    write_json(partial / STAGES_FILE, {stage: asdict(trace) for stage, trace in done.items() if stage not in BY_KIND})
    manifest = make_manifest(
        catalogue=given.catalogue, pack=given.pack, asof=given.asof, given=(given.decisions, given.previous.folder if given.previous else None, keys),
        tables={name: done[last[name]].tables[name] for name in RELEASE_TABLES}, stages=file_sha256(partial / STAGES_FILE), facts=facts,
    )  # fmt: skip
    write_json(partial / MANIFEST, manifest)
    build_serving(partial, order.pack, threads=order.threads, memory_gib=order.memory_gib)
    seconds = {done.name: {"rows": done.rows, "seconds": round(done.seconds, 3), "kept": done.kept} for done in stages}
    write_json(
        partial / "run.json",
        {
            "engine": order.engine,
            "threads": order.threads,
            "memory_gib": order.memory_gib,
            "peak_bytes": peak_memory_bytes(),
            "stages": seconds,
        },
    )
    release = order.out / manifest["release"]
    held = Before(release)
    if release.exists() and held.manifest and all(held.table(name).is_file() and held.is_sound(name) for name in RELEASE_TABLES):
        shutil.rmtree(partial)
    else:
        shutil.rmtree(release, ignore_errors=True)
        partial.rename(release)
    point_to(order.out, release.name)
    return release, manifest


def _reconcile(facts: Mapping[str, Facts], work: Path) -> None:
    read = facts["sources"]["rows"]
    bearing = sum(read[kind] for kind, extract in EXTRACTS.items() if extract.bears_subject)
    standard, linked = facts["standardise"]["rows"], facts["link"]["rows"]
    pairs = [
        *((f"规范化后的{EXTRACTS[kind].title}", rows, standard[kind]) for kind, rows in read.items()),
        ("来源记录", sum(read.values()), standard["record"]),
        ("记录归属", bearing, linked["membership"]),
    ]
    wrong = [
        Problem(COUNTS_DIFFER, {"what": what, "expected": expected, "found": found, "path": work})
        for what, expected, found in pairs
        if expected != found
    ]
    if wrong:
        raise NotDone(wrong)
