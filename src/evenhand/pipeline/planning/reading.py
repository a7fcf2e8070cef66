"""Read a plan that was written, its tables with days as numbers again; read the files of campaigns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, Field, NonNegativeInt, ValidationError, model_validator

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.planning.writing import DAYS
from evenhand.plan import LEVELS, WEEK, Campaign, Period, campaigns_of
from evenhand.rulebook import findings

__all__ = ["PlanFolder", "open_plan", "read_campaigns"]

_LONGEST: Final = timedelta(days=3700)

NO_PLAN: Final = Message("PLAN-08", zh="{path} 不是 evenhand plan 写出的计划：{why}。请核对目录。", en="{path} is no plan: {why}.")
NO_CAMPAIGN: Final = Message("PLAN-06", zh="{path} 读不了：{why}。专项是一个 YAML 文件。", en="{path} cannot be read: {why}.")


class _About(BaseModel):
    """What `about.json` tells."""

    begin: date
    end: date
    release: str
    caps: tuple[NonNegativeInt, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "_About":
        if not timedelta() <= self.end - self.begin < _LONGEST:
            raise ValueError(f"{self.begin} 至 {self.end} 不是一个计划期")
        if len(self.caps) != self.period.last // WEEK + 1:
            raise ValueError(f"caps 有 {len(self.caps)} 周，{self.begin} 至 {self.end} 应有 {self.period.last // WEEK + 1} 周")
        return self

    @property
    def period(self) -> Period:
        """Its days; a release bears its day at the front of its name."""
        try:
            known = date.fromisoformat(self.release[:10])
        except ValueError:
            known = None
        return Period(begin=self.begin, end=self.end, known_on=known)


@dataclass(frozen=True, kw_only=True)
class PlanFolder:
    """A plan on disk."""

    folder: Path
    period: Period
    release: str
    caps: tuple[int, ...]

    def table(self, name: str) -> pa.Table:
        """Return one of its tables; of duties and visits the window as day numbers and the organiser as a level."""
        try:
            table = pq.read_table(self.folder / f"{name}.parquet")
        except (OSError, pa.ArrowException) as fault:
            raise BadInput(Problem(NO_PLAN, {"path": self.folder, "why": f"{name}.parquet 读不了（{fault}）"})) from fault
        if name not in DAYS:
            return table
        origin = pc.cast(pa.scalar(self.period.origin, pa.date32()), pa.int32())
        for one in DAYS[name]:
            days = pc.cast(pc.subtract(pc.cast(table[one], pa.int32()), origin), pa.int64())
            table = table.set_column(table.column_names.index(one), one, days)
        levels = pc.cast(pc.index_in(table["organiser"], pa.array(LEVELS, pa.string())), pa.int64())
        return table.set_column(table.column_names.index("organiser"), "level", levels)


def open_plan(folder: Path) -> PlanFolder:
    """Open a plan; raises BadInput when the folder holds none, or not all of one (PLAN-08)."""
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        held = _About.model_validate(about)
    except (OSError, ValueError) as fault:
        why = findings(fault, _About) if isinstance(fault, ValidationError) else [((), str(fault))]
        told = "；".join(f"{'.'.join(map(str, at))} {words}".strip() for at, words in why)
        raise BadInput(Problem(NO_PLAN, {"path": folder, "why": f"about.json 读不了（{told}）"})) from fault
    if lacking := [f"{name}.parquet" for name in ("duties", "visits", "served") if not (folder / f"{name}.parquet").is_file()]:
        raise BadInput(Problem(NO_PLAN, {"path": folder, "why": f"缺 {'、'.join(lacking)}"}))
    return PlanFolder(folder=folder, period=held.period, release=held.release, caps=held.caps)


def read_campaigns(paths: Sequence[Path]) -> tuple[Campaign, ...]:
    """Read files of campaigns; raises BadInput with every fault of all of them (PLAN-06, PLAN-07)."""
    documents: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            documents[str(path)] = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
            problems.append(Problem(NO_CAMPAIGN, {"path": path, "why": str(fault).splitlines()[0]}))
        except ValueError as fault:  # of the YAML reader: 2026-02-30, 25:00:00
            problems.append(Problem(NO_CAMPAIGN, {"path": path, "why": f"有不存在的日期或者时刻（{fault}），日期写成 2026-01-31"}))
    try:
        found = campaigns_of(documents)
    except BadInput as refused:
        problems += refused.problems
    if problems:
        raise BadInput(problems)
    return found
