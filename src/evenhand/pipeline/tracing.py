"""Tracing: what a stage is given, and the record of what it read, wrote and returned.

A stage reads through `Run` alone, and every reading is noted under a name with its digest. So a stage whose readings have the same digests
again would write the same tables again: it need not run (reusing.py).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow.parquet as pq

import evenhand
from evenhand.decisions import Decisions
from evenhand.engine import Engine, file_sha256
from evenhand.pipeline.manifest import write_json
from evenhand.pipeline.reusing import Before, take_over
from evenhand.rulebook import Pack
from evenhand.sources import Catalogue
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["Facts", "Given", "Run", "Trace", "whole_trace"]

Facts = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One finished stage: digest by name of what it read, rows and SHA-256 of each table it wrote, what it returned."""

    inputs: dict[str, str]
    tables: dict[str, dict[str, Any]]
    facts: Facts


def read_trace(path: Path) -> Trace:
    """Return the trace that `Run.finish` wrote."""
    return Trace(**json.loads(path.read_text("utf-8")))


def whole_trace(folder: Path, file: str) -> Trace | None:
    """Return the trace of a finished stage, or None when there is none, or when its tables are no longer those it names."""
    try:
        trace = read_trace(folder / file)
        same = all(file_sha256(folder / f"{name}.parquet") == table["sha256"] for name, table in trace.tables.items())
    except (OSError, ValueError, TypeError):
        return None
    return trace if same else None


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a release is a function of. `kept`: by name, the tables of the previous release that stand again for extracts and their records."""

    catalogue: Catalogue
    pack: Pack
    asof: date
    decisions: Decisions
    previous: Before | None
    kept: Mapping[str, Path]


@dataclass(kw_only=True)
class Run:
    """What one stage is given: the only way to the inputs of the build and to the tables of stages before it. `inputs` notes what was read.

    `given`, `folder` and `done` are the build's own; a stage asks by the methods (tests/architecture holds it to that).
    """

    given: Given
    folder: Path
    engine: Engine
    advance: Callable[[int, int, str], None]
    done: Mapping[str, Trace]
    inputs: dict[str, str] = field(default_factory=dict)
    _taken: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note what every stage reads: the program and the rules."""
        self._note("version")
        self._note("rules")

    @property
    def pack(self) -> Pack:
        """The rules as they stand on the as-of day."""
        return self.given.pack

    @property
    def asof(self) -> date:
        """The as-of day."""
        self._note("day")
        return self.given.asof

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of sources."""
        self._note("catalogue")
        return self.given.catalogue

    @property
    def kept(self) -> Mapping[str, Path]:
        """By name, the tables of the previous release that stand again for extracts and their records."""
        self._note("kept")
        return self.given.kept

    def decided(self, *kinds: str) -> Decisions:
        """Return what people decided, of some kinds; without any, every line of the file."""
        self._note(" ".join(("decisions", *kinds)))
        return self.given.decisions.only(*kinds) if kinds else self.given.decisions

    def table(self, stage: str, name: str) -> ir.Table:
        """Return a table that a finished stage wrote."""
        self._note(f"table {stage}/{name}")
        return self.engine.read(self.folder / stage / f"{name}.parquet")

    def extracts(self, stage: str) -> dict[str, ir.Table]:
        """Return the extract tables of `sources` or `standardise`, by kind."""
        return {kind: self.table(stage, kind) for kind in EXTRACTS}

    def before(self, name: str) -> ir.Table | None:
        """Return a table of the previous release; None when there is none."""
        self._note(f"before {name}")
        return self.engine.read(self.given.previous.read(name)) if self.given.previous else None

    def write(self, tables: Mapping[str, ir.Table], out: Path) -> Facts:
        """Write derived tables in their stated order and columns; return their row counts."""
        rows: Facts = {}
        for done, (name, table) in enumerate(tables.items()):
            self.advance(done, len(tables), TABLES[name].title)
            rows[name] = self.engine.write(
                table.select(*TABLES[name].names).cast(TABLES[name].schema), out / f"{name}.parquet", order=TABLES[name].order
            )
        return rows

    def take_over(self, name: str, out: Path) -> int:
        """Put a kept table of the previous release into `out`; return its row count."""
        path = self.kept[name]
        if self.given.previous:
            self._taken[name] = self.given.previous.sha256(name)
        return take_over(path, out / path.name)

    def finish(self, facts: Facts, out: Path, file: str) -> Trace:
        """Digest the tables that lie in `out`, write the trace beside them, and return it as it will be read again."""
        tables = {
            path.stem: {"rows": pq.read_metadata(path).num_rows, "sha256": self._taken.get(path.stem) or file_sha256(path)}
            for path in sorted(out.glob("*.parquet"))
        }
        write_json(out / file, asdict(Trace(inputs=dict(sorted(self.inputs.items())), tables=tables, facts=facts)))
        return read_trace(out / file)

    def again(self, stage: str, out: Path, file: str) -> Trace | None:
        """Take a stage over into `out` when the previous release wrote it from what it would read now, and still holds its tables; else None."""
        before = self.given.previous
        if before is None or stage not in before.stages:
            return None
        trace = Trace(**before.stages[stage])
        if not self.holds(trace) or any(before.sha256(name) != table["sha256"] for name, table in trace.tables.items()):
            return None
        for name in trace.tables:
            take_over(before.table(name), out / f"{name}.parquet")
        write_json(out / file, asdict(trace))
        return trace

    def holds(self, trace: Trace) -> bool:
        """Whether everything that a stage read is the same in this build."""
        return all(self.digest(name) == digest for name, digest in trace.inputs.items())

    def digest(self, name: str) -> str:
        """Return the digest that the input of that name has in this build; "" when it has no such input."""
        what, _, which = name.partition(" ")
        given, before = self.given, self.given.previous
        if what == "table":
            stage, _, table = which.partition("/")
            return str(self.done[stage].tables[table]["sha256"])
        if what == "before":
            return before.sha256(which) if before else ""
        if what == "kept":
            return json.dumps({table: before.sha256(table) for table in given.kept}) if before else ""
        if what == "decisions":
            return (given.decisions.only(*which.split()) if which else given.decisions).digest
        plain = {
            "version": evenhand.__version__,
            "rules": given.pack.law,
            "day": given.asof.isoformat(),
            "catalogue": given.catalogue.digest,
        }
        return plain.get(what, "")

    def _note(self, name: str) -> None:
        if name not in self.inputs:
            self.inputs[name] = self.digest(name)
