"""The frame of a quarter's draw on disk, and who was drawn from it: what the ceremony takes in and gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import drawn_ids, read_draft
from evenhand.pipeline.planning.ground import ground_of
from evenhand.pipeline.spreadsheets import rows_to_csv, table_to_csv
from evenhand.plan import Period, quarter_frame
from evenhand.publish import Release
from evenhand.rulebook import Pack

__all__ = ["QuarterFrames", "drawn_by", "frames_of", "write_frames"]

NO_QUARTER: Final = Message(
    "PLAN-23",
    zh="{begin} 至 {end} 不在一个季度之内；季度任务一次抽一个季度。请写成 {year}Q4 的样子。",
    en="{begin} to {end} is more than one quarter; write {year}Q4.",
)


@dataclass(frozen=True, kw_only=True)
class QuarterFrames:
    """Tables `frame` (id, stratum), `quota` and `excluded` of one quarter."""

    period: Period
    frame: pa.Table
    quota: pa.Table
    excluded: pa.Table


def frames_of(release: Release, pack: Pack, *, period: Period, listed: Mapping[str, str]) -> QuarterFrames:
    """Work out the frame and the quotas of a quarter; the same release, rules and quarter give the same frame.

    Raises:
        BadInput: the period is more than one quarter (PLAN-23).
    """
    if not period.in_one_quarter:
        raise BadInput(Problem(NO_QUARTER, {"begin": period.begin, "end": period.end, "year": period.begin.year}))
    with ground_of(release, pack, period=period, listed=listed) as ground:
        engine, standing = ground.engine, ground.standing
        found = quarter_frame(standing.live, period, engine=engine)
        left = standing.left_out.group_by(why=standing.left_out.reason).agg(subjects=standing.left_out.count())
        excluded = pa.concat_tables([engine.arrow(found.excluded), engine.arrow(left.order_by("why"))])
        return QuarterFrames(
            period=period, frame=engine.arrow(found.frame.order_by("id")), quota=engine.arrow(found.quota), excluded=excluded
        )


def write_frames(frames: QuarterFrames, out: Path) -> list[Path]:
    """Write `frame.csv` and `quotas.csv` as `evenhand draw commit` takes them, the sums behind the quotas, and the exclusions by reason."""
    out.mkdir(parents=True, exist_ok=True)
    table_to_csv(frames.frame.select(["id", "stratum"]), out / "frame.csv")
    rows = [(row["stratum"], row["quota"]) for row in frames.quota.to_pylist() if row["pool"]]
    rows_to_csv(out / "quotas.csv", ("key", "quota"), rows)
    table_to_csv(frames.quota, out / "quota_sums.csv")
    rows_to_csv(out / "excluded.csv", ("reason", "subjects"), ((row["why"], row["subjects"]) for row in frames.excluded.to_pylist()))
    return [out / name for name in ("frame.csv", "quotas.csv", "quota_sums.csv", "excluded.csv")]


def drawn_by(packs: Sequence[Path]) -> dict[str, str]:
    """Return the subjects drawn in proof packs, with the number of their draw; raises BadInput when a pack does not verify (DRAW-24)."""
    return {one: read_draft(pack).serial for pack in packs for one in drawn_ids(pack)}
