"""Names that officers write in campaigns and lists, held against what there is: nothing that names nobody passes in silence."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import pyarrow.parquet as pq

from evenhand.errors import BadInput, Message, Problem
from evenhand.plan import Campaign, PlanRules, read_plan_rules
from evenhand.publish import Release
from evenhand.rulebook import Pack
from evenhand.tag import read_tag_rules

__all__ = ["check_campaigns", "check_numbers", "check_subjects", "check_visits"]

OWN_NUMBER: Final = Message(
    "PLAN-24",
    zh="专项编号 {id} 是规则里触发的编号，任务会混在一起。请换一个，如 ZX2026-09。",
    en="campaign {id} bears the number of a trigger; choose another.",
)
NOBODY: Final = Message("PLAN-25", zh="专项 {id} 写的都不存在：{names}。请改正。", en="campaign {id} names nothing that exists: {names}.")
UNKNOWN: Final = Message("PLAN-26", zh="{path}：{what}里没有 {names}。请改正或者删去这几行。", en="{path}: {names} not known.")
_SHOWN: Final = 15
_MANY: Final = 20_000
_NEAR: Final = 5
"""Of more than `_MANY` ids a name is compared with those that begin with as many equal signs: a province has a million."""


def check_numbers(campaigns: Sequence[Campaign], rules: PlanRules) -> None:
    """Refuse campaigns that bear the number of a trigger (PLAN-24)."""
    if own := [one.id for one in campaigns if one.id in rules.dynamic]:
        raise BadInput(Problem(OWN_NUMBER, {"id": name}) for name in own)


def check_campaigns(campaigns: Sequence[Campaign], release: Release, pack: Pack) -> tuple[str, ...]:
    """Return one sentence for each campaign that names something unknown: tags, subjects, areas, lists.

    Raises:
        BadInput: a campaign bears the number of a trigger, or nothing of what it names exists (PLAN-24, PLAN-25).
    """
    check_numbers(campaigns, read_plan_rules(pack))
    tags = {tag.code for tag in read_tag_rules(pack).tags} if any(one.tags for one in campaigns) else set()
    areas = {row["code"] for row in pack.codes("divisions")} | {""}
    problems, told = [], []
    for one in campaigns:
        subjects = _subjects(release) if one.subjects else set()
        strange = {
            "标签": _unlike(one.tags, tags),
            "主体": _unlike(one.subjects, subjects),
            "地区": [_with_nearest(name, areas) for name in one.areas if not any(code.startswith(name) for code in areas)],
            "名单": [one.id] if one.listed and one.id not in _column(release, "campaign", "campaign_no") else [],
        }
        words = "；".join(f"{kind} {_some(names)}" for kind, names in strange.items() if names)
        named = len(one.tags) + len(one.subjects) + one.listed
        lost = len(strange["标签"]) + len(strange["主体"]) + len(strange["名单"])
        if named == lost or len(strange["地区"]) == len(one.areas):
            problems.append(Problem(NOBODY, {"id": one.id, "names": words}))
        elif words:
            told.append(f"专项 {one.id} 里不存在的，没有计入：{words}")
    if problems:
        raise BadInput(problems)
    return tuple(told)


def check_subjects(listed: Mapping[str, str], release: Release, path: object) -> None:
    """Refuse a list that names subjects the release does not have (PLAN-26)."""
    if listed and (names := _unlike(listed, _subjects(release))):
        raise BadInput(Problem(UNKNOWN, {"path": path, "what": "发布版", "names": _some(names)}))


def check_visits(told: Iterable[str], visits: Collection[str], path: object) -> None:
    """Refuse a list that names visits the plan does not have (PLAN-26)."""
    if names := _unlike(told, set(visits)):
        raise BadInput(Problem(UNKNOWN, {"path": path, "what": "计划", "names": _some(names)}))


def _subjects(release: Release) -> set[str]:
    return _column(release, "subject", "subject_id")


def _column(release: Release, table: str, name: str) -> set[str]:
    return set(pq.read_table(release.folder / f"{table}.parquet", columns=[name])[name].to_pylist())


def _unlike(names: Iterable[str], known: set[str]) -> list[str]:
    """The names that are not known; the first few with the nearest that is."""
    strange = sorted({name for name in names if name not in known})
    return [_with_nearest(name, known) for name in strange[:_SHOWN]] + strange[_SHOWN:]


def _with_nearest(name: str, known: set[str]) -> str:
    near = {one for one in known if one[:_NEAR] == name[:_NEAR]} if len(known) > _MANY else known
    close = difflib.get_close_matches(name, sorted(near), n=1, cutoff=0.6)
    return f"{name}（最接近的是 {close[0]}）" if close else name


def _some(names: Sequence[str]) -> str:
    more = f" 等 {len(names):,} 个" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
