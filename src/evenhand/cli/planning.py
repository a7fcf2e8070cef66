"""The command that plans: duties, merged visits, weeks, proof of coverage."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.pipeline.grades import release_day
from evenhand.pipeline.planning import make_plan, period_of, write_plan
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["register"]

_SHOWN = 15


def plan(
    release: Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")],
    *,
    period: Annotated[str, typer.Option(help="计划期：2026、2026Q4 或者 2026-07-01..2026-12-31；发布版截止日以前的日子不再计划。")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录。")],
    rules: Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")] = None,
) -> None:
    """任务计划：由等级、两年全覆盖和事件推出任务，合并为最少的检查，均衡到各周，证明覆盖。

    示例：evenhand plan 发布版 --period 2026Q3 --out 计划
    """
    held = open_release(release)
    made = make_plan(held, load_pack(rules), period=period_of(period, asof=release_day(held)))
    files = write_plan(made, out)
    told = made.coverage
    show_table(
        f"{made.period.begin} 至 {made.period.end}",
        ("项目", "个数"),
        [
            ("任务", f"{made.duties.num_rows:,}"), ("合并为检查", f"{made.visits.num_rows:,}"), ("少入企", f"{made.saved:,}"), ("没有列入计划", f"{made.left_out.num_rows:,}"),
            ("列入计划的主体", f"{told['live']:,}"), ("两年以内已覆盖到期末", f"{told['until_the_end']:,}"), ("期限内安排全项目检查", f"{told['in_time']:,}"),
            ("已超期、安排补查", f"{told['overdue']:,}"), ("没有安排上", f"{told['missed']:,}"), ("各周最高与平均之比", f"{made.peak:.2f}"),
        ],
    )  # fmt: skip
    busiest = sorted(made.offices, key=lambda one: -one.hours)[:_SHOWN]
    show_table(
        f"最忙的 {len(busiest)} 个机构（共 {len(made.offices)} 个）",
        ("机构", "主体", "检查", "人时", "最高与平均之比", "排不下"),
        [(one.office, one.subjects, one.visits, f"{one.hours:,.0f}", f"{one.peak:.2f}", one.unplaced) for one in busiest],
    )
    screen.print(f"已写到 {out}：{'、'.join(path.name for path in files if path.suffix != '.parquet')}")


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("plan")(plan)
