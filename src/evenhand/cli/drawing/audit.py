"""Commands that look back: draw audit, reconcile."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.console import screen, show_table
from evenhand.cli.drawing.words import Ledger, Rules
from evenhand.pipeline.drawing import read_agreed
from evenhand.pipeline.fairness import audit_ledger, reconcile, write_fairness, write_reconciliation
from evenhand.pipeline.inspectors import library_of_release
from evenhand.pipeline.planning import open_plan
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["audit_", "reconcile_"]

_SHOWN = 20


def audit_(
    folder: Ledger,
    *,
    out: Annotated[Path, typer.Option("--out", help="把审计结果写到哪个目录。")],
    release: Annotated[
        Path | None, typer.Option("--release", help="发布版：主体的机构、业态、规模、县区取自它；不写则只检验名单位置。")
    ] = None,
    rules: Rules = None,
) -> int:
    """审计一个台账的全部抽取：各机构、业态、规模、县区和名单位置是否抽得均匀，谁从未抽中，谁总与谁搭档。

    示例：evenhand draw audit 台账 --release 发布版 --out 审计
    """
    level = read_agreed(load_pack(rules)).audit_alert_p
    found = audit_ledger(folder, open_release(release) if release else None, level=level)
    made = found.ledger.figures
    figures = [
        ("编号", made["made"]), ("等概率抽取", made["tested"]), ("选派", made["teams"]), ("作废", made["void"]), ("还没有结果", made["pending"]), ("递补", made["changed"]),
        ("总在名单而从未抽中的对象", found.waiting.never), ("其中由机会可以料到的", round(found.waiting.expected)),
    ]  # fmt: skip
    show_table("台账", ("项目", "个数"), figures)
    tests = [
        (
            one.dimension,
            len(one.groups),
            f"{one.chi2:.1f}" if one.freedom else "—",
            one.freedom or "—",
            f"{one.p:.4f}",
            f"{one.groups[0].adjusted:.4f}",
        )
        for one in found.tests
        if one.groups
    ]
    show_table("是否抽得均匀", ("维度", "组", "χ²", "自由度", "p", "最异常一组的校正 p"), tests)
    screen.print(f"明细：{'、'.join(path.name for path in write_fairness(found, out))}（{out}）")
    if not found.unusual:
        screen.print(f"✓ 没有低于 p={level} 的异常。")
        return 0
    screen.print(f"✗ 异常 {len(found.unusual)} 处：\n" + "\n".join(f"  {one}" for one in found.unusual[:_SHOWN]))
    return 1


def reconcile_(
    folder: Ledger,
    release: Annotated[Path, typer.Argument(metavar="发布版", help="检查以后交来的发布版。")],
    *,
    until: Annotated[str, typer.Option(help="抽中的最迟应在哪一天检查，如 2026-09-30。")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录。")],
    plan: Annotated[list[Path] | None, typer.Option("--plan", help="选派所用的计划：核对去的人是不是抽中的人；几个就写几次。")] = None,
    rules: Rules = None,
) -> int:
    """对账：抽中的查了没有、谁去查的、结果按期公开没有；记作双随机而从未抽中的也列出。

    示例：evenhand draw reconcile 台账 发布版 --until 2026-09-30 --plan 计划 --out 对账
    """
    held = open_release(release)
    people = {one.number: one.name for one in library_of_release(held).people}
    found = reconcile(folder, held, load_pack(rules), until=as_day(until), plans=[open_plan(one) for one in plan or ()], people=people)
    show_table(f"截至 {found.asof}", ("抽中的主体", "个数"), [(state, f"{count:,}") for state, count in found.counts.items()])
    others = [("记作双随机而没有抽中", len(found.undrawn)), ("核对了人员的检查", found.teams), ("去的不是抽中的人", len(found.swapped))]
    show_table("其他", ("项目", "个数"), others)
    screen.print(f"明细：{'、'.join(path.name for path in write_reconciliation(found, out))}（{out}）")
    if not found.settled and not found.teams:
        screen.print("注意：台账里没有已公布而且核对相符的抽取，或者都已作废，没有可对的账。")
    screen.print(f"✗ 须说明的 {found.amiss:,} 处。" if found.amiss else "✓ 没有须说明的。")
    return 1 if found.amiss else 0
