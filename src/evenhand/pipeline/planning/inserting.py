"""A late campaign enters a plan on disk: a new plan beside the old one, and the report of what moves, what stays and why (调整报告)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.planning.book import Book, Displaced, Row
from evenhand.pipeline.planning.ground import ground_of
from evenhand.pipeline.planning.naming import check_visits
from evenhand.pipeline.planning.reading import PlanFolder
from evenhand.pipeline.planning.writing import keep_rest, left_out_of, write_tables
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.plan import (
    STEPS,
    WEEK,
    Campaign,
    campaign_duties,
    campaign_objects,
    read_plan_rules,
)
from evenhand.publish import Release
from evenhand.rulebook import Pack, read_calendar

__all__ = ["Displacement", "insert_campaign", "write_displacement"]
_SHOWN: Final = 15
UNAPPROVED: Final = Message(
    "PLAN-10",
    zh="专项 {id} 没有批准文号，不能进入计划（国办发〔2024〕54号）。请在文件里写 approval: number、by、day。",
    en="campaign {id} has no approval and cannot enter the plan.",
)
NOT_IN_PLAN: Final = Message(
    "PLAN-11",
    zh="专项 {id} 的期限 {begin} 至 {end} 不在计划期 {first} 至 {last} 今天以后的日子里。请改期限或者换一份计划。",
    en="campaign {id} does not reach into the rest of the plan.",
)
KNOWN: Final = Message("PLAN-12", zh="计划里已经有专项 {id} 的任务。一个专项只进入一次。", en="the plan already holds campaign {id}.")
NO_OBJECT: Final = Message(
    "PLAN-30",
    zh="专项 {id} 在这份计划里没有对象，计划不变，没有写出什么。请核对专项文件的 tags、subjects、listed、areas；筛选后不列入计划的主体见 left_out.csv。",
    en="campaign {id} reaches nobody in this plan; nothing was written. Check tags, subjects, listed, areas.",
)
OTHER_RELEASE: Final = Message(
    "PLAN-31",
    zh="计划由发布版 {plan} 排出，给的是发布版 {release}。临时专项须用计划自己的发布版；要用新的发布版，请重新 evenhand plan make。",
    en="the plan was made from release {plan}, not {release}. Use its own release, or make the plan anew.",
)


@dataclass(frozen=True, kw_only=True)
class Displacement:
    """The new tables; what happened to each object; `changed`: pending visits whose week is another now; of them `merged`: objects that spare a visit only by a change, `pushed`: driven out of crowded weeks, the fewest under the cap; `spare`: room of a week outside the campaign's; `over`: visits by which the campaign leaves weeks above the cap, by week, `over_before`: those above it already as issued; `entered`: new visits in frozen weeks, `frozen`: the first week after them; `nowhere`: new visits without a working day; `crowded`: offices with a week above their own mean by the same share, with the highest ratio."""

    visits: pa.Table
    duties: pa.Table
    served: pa.Table
    rows: tuple[Displaced, ...]
    steps: Mapping[str, int]
    pending: int
    changed: int
    merged: int
    pushed: int
    spare: int
    over: Mapping[int, int]
    over_before: Mapping[int, int]
    entered: Mapping[int, int]
    frozen: int
    nowhere: int
    crowded: Mapping[str, float]


def insert_campaign(
    plan: PlanFolder, release: Release, pack: Pack, one: Campaign, *, today: date, seed: str, told: frozenset[str] = frozenset()
) -> Displacement:  # fmt: skip
    """Return the plan with a campaign in it, changed as little as can be.

    Args:
        plan: as issued.
        release: of the plan.
        pack: of the authority.
        one: approved.
        today: this week and the frozen weeks after it stay as they are.
        seed: of the lots; a fresh one for each insertion.
        told: visits whose date the business knows.

    Raises:
        BadInput: it is not approved, lies outside the plan, is in it already or reaches nobody; the release is another; a told visit is not in the plan.
    """
    _check(plan, one, today)
    _check_release(plan, release)
    check_visits(told, plan.table("visits")["visit"].to_pylist(), "已告知的检查")
    rules = read_plan_rules(pack.at(plan.period.begin))
    fresh, places = _objects(plan, release, pack, one, today)
    if not fresh:
        raise BadInput(Problem(NO_OBJECT, {"id": one.id}))
    calendar, week_now = read_calendar(pack), max(0, plan.period.number(today) // WEEK)
    book = Book(
        plan, {row["subject"] for row in fresh}, rules=rules, frozen=week_now + 1 + rules.frozen_weeks, now=week_now, told=told, seed=seed,
        worked=lambda day: calendar.is_working_day(plan.period.day(day)),
    )  # fmt: skip
    steps = Counter(book.take(row, places[row["subject"]]) for row in fresh)
    book.place()
    book.relieve()
    book.tour()
    shape, held = plan.table("visits").schema, plan.table("duties")
    order = sorted(book.rows.values(), key=lambda row: (row["office"] or "", row["week"] is None, row["week"] or 0, row["visit"]))
    pairs = [{"visit": visit, "duty": duty} for duty, visit in book.served.items()]
    return Displacement(
        visits=pa.Table.from_pylist(order, schema=shape), duties=pa.concat_tables([held, pa.Table.from_pylist(fresh, schema=held.schema)]),
        served=pa.Table.from_pylist(sorted(pairs, key=lambda pair: (pair["visit"], pair["duty"])), schema=plan.table("served").schema), rows=book.report,
        steps=dict(steps), pending=book.waiting, changed=book.changed, merged=book.merged, pushed=book.pushed, spare=book.spare, over=book.over, over_before=book.over_before,
        entered=book.entered, frozen=book.frozen, nowhere=book.nowhere, crowded=book.crowded(),
    )  # fmt: skip


def _check(plan: PlanFolder, one: Campaign, today: date) -> None:
    if one.approval is None:
        raise BadInput(Problem(UNAPPROVED, {"id": one.id}))
    first, last = max(plan.period.begin, today), plan.period.end
    if one.last_day < first or one.first_day > last:
        raise BadInput(
            Problem(NOT_IN_PLAN, {"id": one.id, "begin": one.first_day, "end": one.last_day, "first": plan.period.begin, "last": last})
        )
    duties = plan.table("duties")
    if any(name == f"{one.id}-{subject}" for name, subject in zip(duties["id"].to_pylist(), duties["subject"].to_pylist(), strict=True)):
        raise BadInput(Problem(KNOWN, {"id": one.id}))


def _check_release(plan: PlanFolder, release: Release) -> None:
    names = {release.folder.name, str(release.manifest["release"])}  # a plan names the folder it was made from
    if plan.release not in names:
        raise BadInput(Problem(OTHER_RELEASE, {"plan": plan.release, "release": release.manifest["release"]}))


def _objects(plan: PlanFolder, release: Release, pack: Pack, one: Campaign, today: date) -> tuple[list[Row], dict[str, Row]]:
    """The duties of the campaign from today on, and where its objects are; whoever the plan left out stays out."""
    out = left_out_of(plan.folder)
    with ground_of(release, pack, period=plan.period, listed=out) as ground:
        engine = ground.engine
        reached = engine.save(campaign_objects(ground.tables, ground.standing.live, one, plan.period))
        fresh = engine.arrow(campaign_duties(reached, one, plan.period).order_by("id")).to_pylist()
        where = engine.arrow(reached.select("subject", "name", "office", "county", "town_code", "road", "house_no", "grade")).to_pylist()
    kept = [row | {"r": max(row["r"], plan.period.number(today))} for row in fresh if row["subject"] not in out]
    return kept, {row["subject"]: row for row in where}


def _least(found: Displacement) -> list[str]:
    """The dates that no other plan with as few visits and this cap could leave, and what a longer campaign would spare."""
    least, crowd = found.merged + found.pushed, found.pushed + sum(count for week, count in found.over.items() if week >= found.frozen)
    share = least * 100 / found.pending if found.pending else 0.0
    lines = [
        f"这个专项至少要改期 {least:,} 次（{share:.2f}%）：入企次数最少、各周尽量不超过限额，就不能更少。", "",
        f"- 并入原定检查而改期的 {found.merged:,} 次，每次少入企一次；",
        f"- 专项各周容不下、原定检查须让到别的周的 {found.pushed:,} 次。",
    ]  # fmt: skip
    if crowd and found.spare:
        more = f"期限以外的各周平均还容得下 {found.spare:,} 次：专项的期限每延长一周，约少挤出这么多；延长 {-(-crowd // found.spare)} 周左右，各周就都容得下。"
        lines += ["", more]
    return lines


def write_displacement(plan: PlanFolder, found: Displacement, out: Path, one: Campaign) -> list[Path]:
    """Write the new plan into a folder of its own, with `displacement.csv` and the report in words."""
    files = write_tables(out, {"duties": found.duties, "visits": found.visits, "served": found.served}, plan.period)
    files += keep_rest(plan.folder, out)
    origin = plan.period

    def monday(week: int | None) -> str:
        return origin.day(WEEK * week).isoformat() if week is not None else ""

    rows_to_csv(
        out / "displacement.csv", ("检查", "主体", "名称", "机构", "原定的周", "现在的周", "步骤", "理由"),
        ((row.visit, row.subject, row.name, row.office, monday(row.before), monday(row.after), row.step, row.reason) for row in found.rows),
    )  # fmt: skip
    number = one.approval.number if one.approval else ""
    share = found.changed * 100 / found.pending if found.pending else 0.0
    lines = [
        f"# 调整报告：{one.term}", "", f"批准文号 {number}，期限 {one.first_day} 至 {one.last_day}。", "", "| 怎样进入计划 | 对象 |", "| --- | ---: |",
        *(f"| {words} | {found.steps.get(step, 0):,} |" for step, words in STEPS.items()), "",
        f"未完成的检查 {found.pending:,} 次，改期 {found.changed:,} 次（{share:.2f}%）。冻结的几周里原定的检查和已告知的日期没有动。",
        "每次检查都留在它所完成任务的期限以内，因此没有主体的两年全覆盖因调整而推迟。", "", "## 改期至少多少", "",
        *_least(found), "", "## 进入冻结的几周的新检查", "",
        *([f"- {monday(week)} 起的一周：{count} 次，期限止于冻结的几周，请告知有关机构" for week, count in sorted(found.entered.items())] or ["没有。"]), "",
        "## 没有工作日可排的新检查", "", f"{found.nowhere} 次，displacement.csv 的理由里写明；请改专项的期限，或者当面安排。" if found.nowhere else "没有。", "",
        "## 仍超过限额的周", "", "专项推高、没有办法疏解的：", "",
        *([f"- {monday(week)} 起的一周：{count} 次，{'窗口内没有别的周' if week >= found.frozen else '这一周已冻结，不移动'}" for week, count in sorted(found.over.items())] or ["没有。"]), "",
        "下达时就超过、没有动的：", "",
        *([f"- {monday(week)} 起的一周：{count} 次" for week, count in sorted(found.over_before.items())] or ["没有。"]), "",
        "## 本机构内不均的", "", f"限额按全部计划的各周算，这样改期最少。某一周超过本机构平均同样比例的机构 {len(found.crowded)} 个，最高的：", "",
        *([f"- {office or '（不明）'}：{ratio:.2f} 倍" for office, ratio in sorted(found.crowded.items(), key=lambda item: -item[1])[:_SHOWN]] or ["没有。"]), "",
    ]  # fmt: skip
    (out / "displacement.md").write_text("\n".join(lines), "utf-8")
    return [*files, out / "displacement.csv", out / "displacement.md"]
