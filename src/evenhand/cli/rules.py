"""Commands on rule packs: check-rules, rules list, rules value, rules diff."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.console import screen, show_table
from evenhand.grade import read_cases
from evenhand.pipeline.checking import check_pack
from evenhand.rulebook import cited, load_pack, pack_changes, value_text

__all__ = ["register"]

Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
_LONGEST = 40


def check_rules(folder: Annotated[Path, typer.Argument(help="规则包目录。")]) -> None:
    """检查规则包：逐个文件读一遍，算例逐个算一遍，所有问题一次说完。

    示例：evenhand check-rules rules/fujian
    """
    pack = load_pack(folder)
    read = check_pack(pack)
    cases = sum(len(each) for each in read_cases(pack).values())
    counts = (
        f"参数 {len(read['parameters'].by_name)} 个，代码表 {len(pack.lists)} 个，质量规则 {len(read['quality'])} 条，标签 {len(read['tags'].tags)} 个，"
        f"分级模型 {len(read['grading'].models)} 个、方案 {len(read['grading'].schemes)} 个、分级算例 {cases} 个"
    )
    screen.print(f"✓ {pack.name}：{counts}，没有问题。摘要 {pack.digest[:12]}")


def value(
    name: Annotated[str, typer.Argument(help="参数名，如 full_check_years；全部名称见 evenhand rules list。")],
    *,
    on: Annotated[str, typer.Option("--on", help="哪一天的规定，如 2026-06-30。")],
    rules: Rules = None,
) -> None:
    """查某一天的规定：值、单位、依据、核实程度，以及历次变化。

    示例：evenhand rules value publish_result_days --on 2026-06-30
    """
    parameters = load_pack(rules).parameters
    asked, one = as_day(on), parameters.get(name)
    parameters.dated(name, on=asked)
    rows = [
        ("●" if one.on(asked) is dated else "", first.isoformat(), value_text(dated.value, one.unit, one.labels), cited(dated.source), dated.source.confidence, dated.note)
        for first, dated in one.values.items()
    ]  # fmt: skip
    screen.print(f"{one.term}（{name}）：{one.meaning}")
    show_table(f"{asked} 的规定为 ● 所在一行", ("", "自", "值", "依据", "核实程度", "说明"), rows)


def listed(
    *,
    on: Annotated[str, typer.Option("--on", help="哪一天的规定，如 2026-06-30；不写则列各参数最新的规定。")] = "",
    rules: Rules = None,
) -> None:
    """列出规则包的全部参数：名称、参数名、值、依据和核实程度。

    示例：evenhand rules list --on 2026-06-30
    """
    pack = load_pack(rules)
    asked: date | None = as_day(on) if on else None
    rows = []
    for one in pack.parameters:
        dated = one.on(asked) if asked else one.last
        if dated is None:
            rows.append((one.term, one.name, f"{asked} 尚无规定", "", ""))
            continue
        said = value_text(dated.value, one.unit, one.labels)
        rows.append(
            (one.term, one.name, said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…", cited(dated.source), dated.source.confidence)
        )
    show_table(f"{pack.name} 的参数 {len(rows)} 个", ("名称", "参数名", "值", "依据", "核实程度"), rows)


def diff(
    old: Annotated[Path, typer.Argument(help="原来的规则包目录。")],
    new: Annotated[Path, typer.Argument(help="新的规则包目录。")],
) -> None:
    """用文字说明两个规则包的不同：哪一天起、什么、由多少改为多少、依据什么。

    示例：evenhand rules diff 旧规则包 rules/fujian
    """
    changes = pack_changes(load_pack(old), load_pack(new))
    if not changes:
        screen.print("两个规则包没有不同。")
        return
    show_table(f"共 {len(changes)} 处不同", ("文件", "变化"), [(one.file, one.text) for one in changes])


def register(app: typer.Typer) -> None:
    """Add these commands."""
    rules = typer.Typer(name="rules", help="查规则包：参数、某一天的规定、两个规则包的不同。", no_args_is_help=True)
    rules.command("list")(listed)
    rules.command("value")(value)
    rules.command("diff")(diff)
    app.add_typer(rules)
    app.command("check-rules")(check_rules)
