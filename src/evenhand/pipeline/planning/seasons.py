"""Drafts of the campaigns of a season on disk: each a file that waits for its approval, with the objects it would reach (节令专项草案)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evenhand.pipeline.planning.ground import ground_of
from evenhand.plan import Campaign, Period, campaign_objects, drafts_of, read_seasons
from evenhand.publish import Release
from evenhand.rulebook import Pack

__all__ = ["Draft", "season_drafts", "write_drafts"]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft and how many live subjects it would reach."""

    campaign: Campaign
    objects: int


def season_drafts(release: Release, pack: Pack, *, period: Period, listed: Mapping[str, str]) -> tuple[Draft, ...]:
    """Return the drafts of a period.

    Raises:
        BadInput: the day of a festival is not told for a year of the period (PLAN-19).
    """
    drafts = drafts_of(read_seasons(pack).seasons, period)
    with ground_of(release, pack, period=period, listed=listed) as ground:
        reached = (campaign_objects(ground.tables, ground.standing.live, one, period) for one in drafts)
        return tuple(Draft(campaign=one, objects=ground.engine.count(objects)) for one, objects in zip(drafts, reached, strict=True))


def write_drafts(drafts: tuple[Draft, ...], out: Path) -> list[Path]:
    """Write one YAML file for each draft, with an empty place for its approval; files that are already there stay as they are."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for one in drafts:
        path = out / f"{one.campaign.id}.yaml"
        if not path.exists():
            path.write_text(_text(one), "utf-8")
            made.append(path)
    return made


def _text(draft: Draft) -> str:
    one = draft.campaign
    fields: dict[str, Any] = {
        "id": one.id, "term": one.term, "kind": one.kind, "level": one.level, "from": one.first_day, "to": one.last_day, "tags": list(one.tags), "minutes": one.minutes,
    }  # fmt: skip
    head = (
        f"# 草案，涉及 {draft.objects:,} 个主体。取得批准以后填写下一行并删去行首的 #，没有批准文号不产生任务：\n"
        "# approval: {number: 文号, by: 批准机关, day: 批准日期}\n"
    )
    return head + yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
