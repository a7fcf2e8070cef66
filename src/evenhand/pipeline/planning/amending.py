"""Amend a plan on disk: weeks from a public draw, a merge undone before the visit; check that a plan is whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import read_draft, verify_pack
from evenhand.pipeline.planning.carrying import carried, is_same, kind_of_tour, retoured
from evenhand.pipeline.planning.reading import PlanFolder
from evenhand.pipeline.planning.writing import keep_rest, write_tables
from evenhand.plan import Class, visit_id, weeks_of

__all__ = ["plan_faults", "split_visit", "weeks_from"]

NOT_OF_PLAN: Final = Message("PLAN-13", zh="档案 {path} 不能用来排这份计划：{why}。", en="proof pack {path} is not for this plan: {why}.")
NO_VISIT: Final = Message(
    "PLAN-14", zh="计划里没有检查 {visit}，或者它只有一项任务，没有什么可拆。", en="no merged visit {visit} in the plan."
)
_TITLES: Final = {
    "duties": "任务数",
    "level": "组织层级",
    "minutes": "用时",
    "full": "全部检查要点",
    "matters": "抽查事项",
    "lines": "所需专业",
    "origin": "来由",
}
Row = dict[str, Any]


def weeks_from(plan: PlanFolder, pack: Path, out: Path) -> int:
    """Write the plan with the weeks that a draw of weeks gave; return how many visits changed.

    Raises:
        BadInput: the pack does not verify, is of another method, or draws other visits than those of the plan (PLAN-13).
    """
    verdict, draft = verify_pack(pack), read_draft(pack)
    table = plan.table("visits")
    held = dict(zip(table["visit"].to_pylist(), table["week"].to_pylist(), strict=True))
    why = verdict.difference
    if not why and draft.method != "week":
        why = f"方法是 {draft.method}，不是 week"
    if not why and {row[0] for row in draft.rows} != {one for one, week in held.items() if week is not None}:
        why = "名单不是这份计划里有周的检查"
    if why:
        raise BadInput(Problem(NOT_OF_PLAN, {"path": pack, "why": why}))
    drawn = {one: int(week) for one, week in (line.split("\t") for line in (pack / "result.tsv").read_text("utf-8").splitlines())}
    weeks = [drawn.get(one, week) for one, week in held.items()]
    table = table.set_column(table.column_names.index("week"), "week", pa.array(weeks, pa.int64()))
    rows = table.to_pylist()
    tours = retoured(rows, set(held), max(Counter((row["office"], row["tour"]) for row in rows if row["tour"]).values(), default=1))
    table = table.set_column(table.column_names.index("tour"), "tour", pa.array([tours[row["visit"]] for row in rows], pa.string()))
    _write(plan, out, {"visits": table})
    return sum(week != drawn.get(one, week) for one, week in held.items())


def split_visit(plan: PlanFolder, visit: str, out: Path) -> list[str]:
    """Write the plan with one merged visit taken apart into one visit for each of its duties, in the same week; return their ids.

    Raises:
        BadInput: there is no such visit, or it serves one duty only (PLAN-14).
    """
    rows, served = plan.table("visits").to_pylist(), plan.table("served").to_pylist()
    duties = {row["id"]: row for row in plan.table("duties").to_pylist()}
    children = [row["duty"] for row in served if row["visit"] == visit]
    whole = next((row for row in rows if row["visit"] == visit), None)
    if whole is None or len(children) < 2:  # noqa: PLR2004 — a merge has two duties at least
        raise BadInput(Problem(NO_VISIT, {"visit": visit}))
    made = {child: _alone(whole, duties[child]) for child in children}
    left = [row for row in rows if row["visit"] != visit]
    kept = [row for row in served if row["visit"] != visit]
    pairs = [{"visit": row["visit"], "duty": child} for child, row in made.items()]
    shapes = {name: plan.table(name).schema for name in ("visits", "served")}
    order = sorted([*left, *made.values()], key=lambda row: (row["office"] or "", row["week"] is None, row["week"] or 0, row["visit"]))
    _write(
        plan,
        out,
        {
            "visits": pa.Table.from_pylist(order, schema=shapes["visits"]),
            "served": pa.Table.from_pylist(sorted([*kept, *pairs], key=lambda row: (row["visit"], row["duty"])), schema=shapes["served"]),
        },
    )
    return sorted(row["visit"] for row in made.values())


def _alone(whole: Row, duty: Row) -> Row:
    kind = Class.FLIGHT if duty["sealed"] else Class.FULL if duty["full"] else Class.EITHER
    return whole | {
        "visit": visit_id(whole["subject"], (duty["id"],)), "lo": duty["r"], "hi": duty["d"], "class": int(kind), "duties": 1, "tour": None,
        **{name: duty[name] for name in ("full", "sealed", "level", "minutes", "matters", "lines", "origin")},
    }  # fmt: skip


def _write(plan: PlanFolder, out: Path, changed: dict[str, pa.Table]) -> None:
    tables = {name: changed.get(name, plan.table(name)) for name in ("duties", "visits", "served")}
    write_tables(out, tables, plan.period)
    keep_rest(plan.folder, out)


def plan_faults(plan: PlanFolder) -> Iterator[str]:
    """Yield what is wrong with a plan: a duty lost or served twice, outside its window, by the wrong class; a visit that stands twice, serves nothing or carries other things than its duties; a week outside the window, closed or lacking."""
    rows, told = plan.table("visits").to_pylist(), plan.table("duties").to_pylist()
    served = plan.table("served").to_pylist()
    visits, duties = {row["visit"]: row for row in rows}, {row["id"]: row for row in told}
    times = Counter(row["duty"] for row in served)
    yield from (f"任务 {one} 写了 {count} 行" for one, count in _twice(row["id"] for row in told))
    yield from (f"检查 {one} 写了 {count} 行" for one, count in _twice(row["visit"] for row in rows))
    yield from (f"任务 {one} 没有检查完成它" for one in sorted(set(duties) - set(times)))
    yield from (f"任务 {one} 由 {count} 次检查完成" for one, count in _twice(row["duty"] for row in served))
    children: dict[str, list[Row]] = defaultdict(list)
    for row in served:
        visit, duty = visits.get(row["visit"]), duties.get(row["duty"])
        if visit is None or duty is None:
            yield f"检查 {row['visit']} 或者任务 {row['duty']} 不存在"
            continue
        children[row["visit"]].append(duty)
        yield from _faults_of_pair(visit, duty)
    for name, row in visits.items():
        yield from _faults_of_visit(row, children[name]) if name in children else [f"检查 {name} 不完成任何任务"]
        yield from _faults_of_week(row, plan.caps)


def _twice(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted((name, count) for name, count in Counter(names).items() if count > 1)


def _faults_of_pair(visit: Row, duty: Row) -> Iterator[str]:
    if not duty["r"] <= visit["lo"] <= visit["hi"] <= duty["d"]:
        yield f"检查 {visit['visit']} 的期限不在任务 {duty['id']} 的期限以内"
    if duty["sealed"] and not visit["sealed"]:
        yield f"不得告知的任务 {duty['id']} 放进了要告知的检查 {visit['visit']}"
    if duty["kind"] == "体系" and visit["class"] != Class.FULL:
        yield f"体系检查任务 {duty['id']} 放进了第 {visit['class']} 类的检查 {visit['visit']}，应为第 1 类"
    if duty["subject"] != visit["subject"]:
        yield f"检查 {visit['visit']} 和任务 {duty['id']} 不是同一主体"


def _faults_of_visit(row: Row, children: list[Row]) -> Iterator[str]:
    """What a visit carries must come from its duties."""
    name = row["visit"]
    if row["sealed"] != (row["class"] == Class.FLIGHT):
        yield f"检查 {name} 是第 {row['class']} 类，却标为{'不得' if row['sealed'] else '可以'}事先告知"
    if row["sealed"] and not any(one["sealed"] for one in children):
        yield f"检查 {name} 标为不得事先告知，它的任务里没有不得告知的"
    due = carried(Class(row["class"]) if row["class"] in set(Class) else Class.EITHER, children)
    wrong = [title for column, title in _TITLES.items() if not is_same(column, row[column], due[column])]
    if wrong:
        yield f"检查 {name} 的{'、'.join(wrong)}与它的任务不符"


def _faults_of_week(row: Row, caps: Sequence[int]) -> Iterator[str]:
    name, week = row["visit"], row["week"]
    first, last = weeks_of(row["lo"], row["hi"])
    if week is None:
        if any(caps[max(first, 0) : last + 1]):
            yield f"检查 {name} 没有周，期限容许第 {first} 至 {last} 周"
    elif not first <= week <= last:
        yield f"检查 {name} 排在第 {week} 周，期限容许第 {first} 至 {last} 周"
    elif not 0 <= week < len(caps) or not caps[week]:
        yield f"检查 {name} 排在第 {week} 周，这一周没有工作日"
    if row["tour"] and not row["tour"].startswith(kind_of_tour(row)):
        yield f"检查 {name} 的路线 {row['tour']} 不是第 {week} 周第 {row['class']} 类的"
