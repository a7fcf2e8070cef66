"""A release opened for planning: its tables, and who is planned for."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ibis.expr.types as ir

from evenhand.engine import Engine, open_engine
from evenhand.plan import NEEDED, Period, Standing, read_matters, read_plan_rules, standing_of
from evenhand.publish import Release
from evenhand.rulebook import Pack

__all__ = ["Ground", "ground_of", "nearest_ids"]
_ENDS: Final = 4


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


def nearest_ids(unknown: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """Return for each unknown id the known one that is most like it: of those with the same beginning or end, else the next in order.

    >>> nearest_ids(["V12345x7", "W"], {"V1234567", "V999", "X1"}), nearest_ids(["V1"], ())
    ({'V12345x7': 'V1234567', 'W': 'X1'}, {'V1': '（一个也没有）'})
    """
    order, found = sorted(known), dict[str, str]()
    for name in unknown:
        alike = [one for one in order if one[:_ENDS] == name[:_ENDS] or one[-_ENDS:] == name[-_ENDS:]]
        close = get_close_matches(name, alike, n=1, cutoff=0.0)
        place = min(bisect_left(order, name), len(order) - 1)
        found[name] = close[0] if close else order[place] if order else "（一个也没有）"
    return found
