"""The command on repairs of codes: counts by rule and state, agreement with the truth of a practice province."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.pipeline.repairs import count_repairs, measure_repairs
from evenhand.publish import open_release
from evenhand.repair import STATES, Answers

__all__ = ["register"]


def repairs(
    release: Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")],
    *,
    truth: Annotated[Path | None, typer.Option("--truth", help="演练省的 truth/records.csv：另列各规则的精确率和召回率。")] = None,
) -> None:
    """信用代码的修复建议：各规则、各种处理有多少；给出答案时再列精确率和召回率。

    示例：evenhand repairs 发布版 --truth 演练省/truth/records.csv
    """
    folder = open_release(release).folder
    counts = count_repairs(folder)
    titles = {row["rule"]: row["title"] for row in counts}
    show_table(
        "代码修复建议",
        ("规则", "名称", "处理", "首选", "全部"),
        [(r["rule"], r["title"], STATES[r["state"]], r["first"], r["total"]) for r in counts],
    )
    if truth is None:
        return
    found = measure_repairs(folder, truth)
    show_table(
        "首选建议与答案比较",
        ("规则", "名称", "处理", "建议", "正确", "错误", "精确率", "占可修复的"),
        [
            (a.rule, titles.get(a.rule, ""), STATES.get(a.state, a.state), a.told, a.right, a.wrong, _share(a.precision), _share(a.recall))
            for a in found
        ],
    )
    _totals(found)


def _totals(found: list[Answers]) -> None:
    whole = found[-1]
    auto = next((a for a in found if a.rule == whole.rule and a.state == "auto"), None)
    screen.print(f"可修复的代码 {whole.sought:,} 个，首选建议正确 {whole.reached:,} 个（{_share(whole.recall)}）。")
    if auto:
        screen.print(f"自动采用 {auto.told:,} 个，其中错误 {auto.wrong:,} 个（{auto.wrong / auto.told:.4%}）。")


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.4%}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("repairs")(repairs)
