"""Commands of the plan: plan make, quarter, seasons, add, weeks, split, check."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day, csv_rows
from evenhand.cli.console import screen, show_table
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import verify_pack
from evenhand.pipeline.grades import release_day
from evenhand.pipeline.planning import (
    Plan,
    check_campaigns,
    check_subjects,
    check_visits,
    drawn_by,
    frames_of,
    insert_campaign,
    make_plan,
    open_plan,
    period_of,
    plan_faults,
    read_campaigns,
    season_drafts,
    split_visit,
    weeks_from,
    write_displacement,
    write_drafts,
    write_frames,
    write_plan,
)
from evenhand.plan import STEPS, Inputs
from evenhand.publish import Release as Published
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["register"]

BAD_TABLE = Message("PLAN-15", zh="{path}：{why}。须是 CSV，列为 {columns}。", en="{path}: {why}; a CSV with {columns}.")
BAD_SEED = Message("PLAN-16", zh="{path} 核对不符或者没有种子：{why}。", en="{path} does not verify: {why}.")
_SHOWN = 15

Release = Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")]
PlanAt = Annotated[Path, typer.Argument(metavar="计划", help="evenhand plan make 写出的目录。")]
Period = Annotated[str, typer.Option(help="计划期：2026、2026Q4 或者 2026-07-01..2026-12-31；发布版截止日以前的日子不再计划。")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个目录。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
LeaveOut = Annotated[Path | None, typer.Option("--leave-out", help="另案处理等不列入的主体：CSV，列为 subject、reason、approved_by。")]


def make(
    release: Release,
    *,
    period: Period,
    out: Out,
    campaign: Annotated[
        list[Path] | None, typer.Option("--campaign", help="专项文件（YAML）；几个专项就写几次。没有批准文号的不产生任务。")
    ] = None,
    drawn: Annotated[
        list[Path] | None, typer.Option("--drawn", help="季度模型：本季度抽取的证明档案；写了就只检查抽中的和覆盖到期的。")
    ] = None,
    leave_out: LeaveOut = None,
    rules: Rules = None,
) -> None:
    """任务计划：由等级、两年全覆盖、专项和事件推出任务，合并为最少的检查，均衡到各周，证明覆盖，预演人力。

    示例：evenhand plan make 发布版 --period 2026Q3 --out 计划 --campaign 秋季校园.yaml
    """
    held, pack = open_release(release), load_pack(rules)
    inputs = Inputs(campaigns=read_campaigns(campaign or []), drawn=drawn_by(drawn) if drawn else None, listed=_listed(leave_out, held))
    strange = check_campaigns(inputs.campaigns, held, pack)
    made = make_plan(held, pack, period=period_of(period, asof=release_day(held)), inputs=inputs)
    files = write_plan(made, out)
    told = made.coverage
    show_table(
        f"{made.period.begin} 至 {made.period.end}",
        ("项目", "个数"),
        [
            ("任务", f"{made.duties.num_rows:,}"), ("合并为检查", f"{made.visits.num_rows:,}"), ("少入企", f"{made.saved:,}"), ("没有列入计划", f"{made.left_out.num_rows:,}"),
            ("列入计划的主体", f"{told['live']:,}"), ("两年以内已覆盖到期末", f"{told['until_the_end']:,}"), ("期限内安排全项目检查", f"{told['in_time']:,}"),
            ("已超期、安排补查", f"{told['overdue']:,}"), ("没有安排上", f"{told['missed']:,}"), ("各周最高与平均之比", f"{made.peak:.2f}"),
            ("超过年度入企上限", f"{made.over.num_rows:,}"), ("人力不够的机构", f"{sum(one.short > 0 for one in made.offices):,}"),
        ],
    )  # fmt: skip
    busiest = sorted(made.offices, key=lambda one: -one.hours)[:_SHOWN]
    show_table(
        f"最忙的 {len(busiest)} 个机构（共 {len(made.offices)} 个）",
        ("机构", "检查", "需要人时", "现有人时", "排不下"),
        [(one.office, one.visits, f"{one.hours:,.0f}", f"{one.room:,.0f}", one.unplaced) for one in busiest],
    )  # fmt: skip
    if made.unapproved:
        screen.print(
            f"没有批准文号的专项，没有产生任务：{'；'.join(f'{name}（{count:,} 个）' for name, count in sorted(made.unapproved.items()))}"
        )
    _tell_what_is_missing(made, strange)
    screen.print(f"已写到 {out}：{'、'.join(path.name for path in files if path.suffix != '.parquet')}")


def _tell_what_is_missing(made: Plan, strange: Sequence[str]) -> None:
    for line in strange:
        screen.print(line)
    for name, count in sorted(made.reached.items()):
        screen.print(f"专项 {name}：任务 {count:,} 项" + ("" if count else "；没有一个列入计划的主体是它的对象，请核对标签和地区"))
    if made.missing:
        some = "；".join(f"{name}：{why}" for name, why in list(made.missing.items())[:_SHOWN])
        screen.print(f"抽中而没有列入计划的 {len(made.missing):,} 个，请按抽取规则递补或者写明理由：{some}")


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    rows = csv_rows(path, columns, bad=BAD_TABLE)
    if empty := [(n, name) for n, row in enumerate(rows, 2) for name in columns if not row[name]]:
        raise BadInput(
            Problem(BAD_TABLE, {"path": f"{path} 第{n}行", "why": f"{name} 空着", "columns": "、".join(columns)}) for n, name in empty
        )
    return rows


def _listed(path: Path | None, release: Published) -> dict[str, str]:
    rows = _rows(path, ("subject", "reason", "approved_by")) if path else []
    listed = {row["subject"]: f"{row['reason']}（{row['approved_by']}批准）" for row in rows}
    check_subjects(listed, release, path)
    return listed


def quarter(release: Release, *, period: Period, out: Out, leave_out: LeaveOut = None, rules: Rules = None) -> None:
    """季度任务：本季度各县、事项、等级抽几个，从哪些主体里抽；写出的名单和名额直接交给 evenhand draw commit。

    示例：evenhand plan quarter 发布版 --period 2026Q3 --out 三季度
    """
    held = open_release(release)
    found = frames_of(held, load_pack(rules), period=period_of(period, asof=release_day(held)), listed=_listed(leave_out, held))
    files = write_frames(found, out)
    rows = found.quota.to_pylist()
    show_table(
        f"{found.period.begin} 至 {found.period.end}",
        ("项目", "个数"),
        [
            ("层", f"{len(rows):,}"), ("今年还差的次数", f"{sum(row['owed'] for row in rows):,}"), ("本季度应查", f"{sum(row['due'] for row in rows):,}"),
            ("其中覆盖到期、不经抽取", f"{sum(row['bound'] for row in rows):,}"), ("可抽取的主体", f"{found.frame.num_rows:,}"), ("抽取名额", f"{sum(row['quota'] for row in rows):,}"),
        ],
    )  # fmt: skip
    show_table("没有进入名单的", ("理由", "个数"), [(row["why"], f"{row['subjects']:,}") for row in found.excluded.to_pylist()])
    screen.print(
        f"已写到 {out}：{'、'.join(path.name for path in files)}\n下一步：evenhand draw commit 台账 {out / 'frame.csv'} --quota {out / 'quotas.csv'} --excluded {out / 'excluded.csv'} --signer 机关"
    )


def seasons(release: Release, *, period: Period, out: Out, leave_out: LeaveOut = None, rules: Rules = None) -> None:
    """节令和开学专项：按规则包拟出一期的专项草案，一个专项一个文件；填上批准文号以后才产生任务。

    示例：evenhand plan seasons 发布版 --period 2026Q3 --out 专项草案
    """
    held = open_release(release)
    found = season_drafts(held, load_pack(rules), period=period_of(period, asof=release_day(held)), listed=_listed(leave_out, held))
    written = {path.stem: path.name for path in write_drafts(found, out)}
    rows = [
        (one.campaign.term, one.campaign.first_day, one.campaign.last_day, one.campaign.level, f"{one.objects:,}", written.get(one.campaign.id, f"{one.campaign.id}.yaml（已有，没有改动）"))
        for one in found
    ]  # fmt: skip
    show_table(f"专项草案，写到 {out}", ("专项", "起", "止", "组织者", "主体", "文件"), rows)
    screen.print("批准以后，在文件里填写 approval 一行，删去行首的 #，再交给 evenhand plan make --campaign 或者 evenhand plan add。")


def add(
    plan: PlanAt,
    release: Release,
    campaign: Annotated[Path, typer.Argument(metavar="专项", help="专项文件（YAML），须有批准文号。")],
    *,
    out: Out,
    today: Annotated[str, typer.Option(help="今天：本周和其后几周不动，如 2026-08-03。")],
    told: Annotated[Path | None, typer.Option(help="日期已告知的检查：CSV，列为 visit；不再改动。")] = None,
    draw: Annotated[
        Path | None, typer.Option("--draw", help="种子取自这次抽取的证明档案；不写则由计划和专项的内容得出，只供预演。")
    ] = None,
    rules: Rules = None,
) -> None:
    """临时专项进入已下达的计划：能并入的并入，其余尽量少动；写出新计划和调整报告。

    示例：evenhand plan add 计划 发布版 月饼专项.yaml --today 2026-08-03 --out 新计划
    """
    held, one, published, pack = open_plan(plan), read_campaigns([campaign])[0], open_release(release), load_pack(rules)
    known = frozenset(row["visit"] for row in _rows(told, ("visit",))) if told else frozenset[str]()
    check_visits(known, held.table("visits")["visit"].to_pylist(), told)
    for line in check_campaigns([one], published, pack):
        screen.print(line)
    found = insert_campaign(held, published, pack, one, today=as_day(today), seed=_seed(held.folder, campaign, draw), told=known)
    files = write_displacement(held, found, out, one)
    show_table(one.term, ("怎样进入计划", "对象"), [(words, f"{found.steps.get(step, 0):,}") for step, words in STEPS.items()])
    share = found.changed * 100 / found.pending if found.pending else 0.0
    screen.print(f"未完成的检查 {found.pending:,} 次，改期 {found.changed:,} 次（{share:.2f}%）；仍超过限额的周 {len(found.over):,} 个。")
    screen.print(f"已写到 {out}：{'、'.join(path.name for path in files if path.suffix != '.parquet')}")


def _seed(plan: Path, campaign: Path, draw: Path | None) -> str:
    if draw is None:
        return hashlib.sha256((plan / "visits.parquet").read_bytes() + campaign.read_bytes()).hexdigest()
    verdict = verify_pack(draw)
    if verdict.difference:
        raise BadInput(Problem(BAD_SEED, {"path": draw, "why": verdict.difference}))
    records = (json.loads(line) for line in (draw / "ledger.jsonl").read_text("utf-8").splitlines())
    return next(str(row["seed"]) for row in records if row["kind"] == "reveal" and row["serial"] == verdict.serial)


def weeks(plan: PlanAt, pack: Annotated[Path, typer.Argument(metavar="档案", help="排周抽取的证明档案。")], *, out: Out) -> None:
    """用公开抽取的结果排周：名单和名额见计划里的 week_list.csv、week_quotas.csv。

    示例：evenhand plan weeks 计划 台账/2026-000007 --out 计划
    """
    changed = weeks_from(open_plan(plan), pack, out)
    screen.print(f"✓ 已按抽取结果排周，{changed:,} 次检查的周与预演不同，写到 {out}。")


def split(plan: PlanAt, visit: Annotated[str, typer.Argument(metavar="检查", help="检查编号，如 V0123456789abcde。")], *, out: Out) -> None:
    """检查之前拆开一次合并：每项任务各成一次检查，检查项目各归各。

    示例：evenhand plan split 计划 V0123456789abcde --out 计划
    """
    made = split_visit(open_plan(plan), visit, out)
    screen.print(f"✓ {visit} 已拆为 {'、'.join(made)}，写到 {out}。")


def check(plan: PlanAt) -> int:
    """核对一份计划：任务不丢、不重，都在期限以内，不得告知的没有放进要告知的检查，各周不出窗口。

    示例：evenhand plan check 计划
    """
    held = open_plan(plan)
    faults = list(plan_faults(held))
    if faults:
        screen.print("\n".join(f"✗ {fault}" for fault in faults[:_SHOWN]))
        screen.print(f"共 {len(faults):,} 处不符。")
        return 1
    screen.print(f"✓ 相符：任务 {held.table('duties').num_rows:,} 项，检查 {held.table('visits').num_rows:,} 次。")
    return 0


def register(app: typer.Typer) -> None:
    """Add these commands."""
    plan = typer.Typer(name="plan", help="任务计划：静态、季度、动态三种模型，综合查一次。", no_args_is_help=True)
    for command in (make, quarter, seasons, add, weeks, split, check):
        plan.command()(command)
    app.add_typer(plan)
