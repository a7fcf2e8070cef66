"""A release opened for planning: its tables, and who is planned for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis.expr.types as ir

from evenhand.engine import Engine, open_engine
from evenhand.plan import NEEDED, Period, Standing, read_matters, read_plan_rules, standing_of
from evenhand.publish import Release
from evenhand.rulebook import Pack

__all__ = ["Ground", "ground_of"]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What planning starts from; gone with its engine."""

    engine: Engine
    tables: Mapping[str, ir.Table]
    standing: Standing


@contextmanager
def ground_of(release: Release, pack: Pack, *, period: Period, listed: Mapping[str, str]) -> Iterator[Ground]:
    """Open the release and work out, by the rules of the first day of the period, who is planned for. `listed`: left out by approval, with the reason."""
    rules, matters = read_plan_rules(pack.at(period.begin)), read_matters(pack).in_force(period.begin)
    with TemporaryDirectory(prefix="evenhand-") as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        tables = {name: engine.read(release.folder / f"{name}.parquet") for name in NEEDED}
        standing = standing_of(tables, rules=rules, matters=matters, period=period, listed=listed, engine=engine)
        yield Ground(engine=engine, tables=tables, standing=standing)
