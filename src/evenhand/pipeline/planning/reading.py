"""Read a plan that was written, its tables with days as numbers again; read the files of campaigns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.planning.writing import DAYS
from evenhand.plan import LEVELS, Campaign, Period, campaigns_of

__all__ = ["PlanFolder", "open_plan", "read_campaigns"]

NO_PLAN: Final = Message("PLAN-08", zh="{path} 不是 evenhand plan 写出的计划：{why}。请核对目录。", en="{path} is no plan: {why}.")
NO_CAMPAIGN: Final = Message("PLAN-06", zh="{path} 读不了：{why}。专项是一个 YAML 文件。", en="{path} cannot be read: {why}.")


@dataclass(frozen=True, kw_only=True)
class PlanFolder:
    """A plan on disk."""

    folder: Path
    period: Period
    release: str
    caps: tuple[int, ...]

    def table(self, name: str) -> pa.Table:
        """Return one of its tables; of duties and visits the window as day numbers and the organiser as a level."""
        table = pq.read_table(self.folder / f"{name}.parquet")
        if name not in DAYS:
            return table
        origin = pc.cast(pa.scalar(self.period.origin, pa.date32()), pa.int32())
        for one in DAYS[name]:
            days = pc.cast(pc.subtract(pc.cast(table[one], pa.int32()), origin), pa.int64())
            table = table.set_column(table.column_names.index(one), one, days)
        levels = pc.cast(pc.index_in(table["organiser"], pa.array(LEVELS, pa.string())), pa.int64())
        return table.set_column(table.column_names.index("organiser"), "level", levels)


def open_plan(folder: Path) -> PlanFolder:
    """Open a plan; raises BadInput when the folder holds none (PLAN-08)."""
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        period = Period(begin=date.fromisoformat(about["begin"]), end=date.fromisoformat(about["end"]))
        return PlanFolder(folder=folder, period=period, release=about["release"], caps=tuple(about["caps"]))
    except (OSError, ValueError, KeyError) as fault:
        raise BadInput(Problem(NO_PLAN, {"path": folder, "why": f"about.json 读不了（{fault}）"})) from fault


def read_campaigns(paths: Sequence[Path]) -> tuple[Campaign, ...]:
    """Read files of campaigns; raises BadInput with every fault of all of them (PLAN-06, PLAN-07)."""
    documents: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            documents[str(path)] = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
            problems.append(Problem(NO_CAMPAIGN, {"path": path, "why": str(fault).splitlines()[0]}))
    try:
        found = campaigns_of(documents)
    except BadInput as refused:
        problems += refused.problems
    if problems:
        raise BadInput(problems)
    return found
