"""Commands on tags: query, try, measure."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.pipeline.tags import export_tagged, find_tagged, measure_tags, try_tags
from evenhand.publish import Scope, open_release
from evenhand.rulebook import load_pack
from evenhand.tag import read_tag_rules

__all__ = ["register"]

PROVINCE = Scope("35")
ReleaseFolder = Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
_SHOWN = 20


def query(
    release: ReleaseFolder,
    text: Annotated[str, typer.Argument(metavar="查询", help="如：业态=食堂 & 场所=学校 & !两年已覆盖。")],
    *,
    to: Annotated[Path | None, typer.Option("--to", help="把全部结果写到文件；后缀 .csv、.xlsx、.parquet 决定格式。")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="导出个人信息原值；导出前请确认有权限。")] = False,
    rules: Rules = None,
) -> None:
    """按标签查询主体：&（且）、|（或）、!（非）、括号、=、!=、含、>、>=、<、<=。

    示例：evenhand tags query 发布版 '业态=食堂 & 场所=学校 & !两年已覆盖' --to 学校食堂.xlsx
    """
    held, pack = open_release(release), load_pack(rules)
    page = find_tagged(held, text, PROVINCE, pack=pack)
    rows = [
        (r["subject_id"], r["name"], r["county_name"] or "", r["office"] or "", r["forms"] or "", r["status"]) for r in page.rows[:_SHOWN]
    ]
    show_table(f"{text}：{page.total:,} 个主体", ("主体编号", "名称", "区县", "监管机构", "业态", "状态"), rows)
    if to is not None:
        total = export_tagged(held, text, PROVINCE, to=to, unmasked=unmasked, pack=pack)
        screen.print(f"✓ {to}：{total:,} 行{'' if unmasked else '，个人信息已脱敏'}。")
    elif page.total > len(rows):
        screen.print(f"只列出前 {len(rows)} 个；加 --to 文件 可写出全部。")


def try_rules(
    release: ReleaseFolder,
    rule_file: Annotated[Path, typer.Argument(help="一个标签族的规则文件，写法同规则包的 tags 目录。")],
    *,
    rules: Rules = None,
) -> None:
    """试算新的标签规则：采用之前，看多少主体会得到、失去标签，各列 20 个例子。

    示例：evenhand tags try 发布版 新规则.yaml
    """
    changes = try_tags(open_release(release), rule_file, pack=load_pack(rules))
    show_table(
        "试算",
        ("标签", "名称", "现有", "试算后", "得到", "失去"),
        [(c.code, c.value, c.before, c.after, c.gained, c.lost) for c in changes],
    )
    for change in changes:
        for title, rows in (("得到", change.gains), ("失去", change.losses)):
            if rows:
                show_table(
                    f"{change.code} {change.value}：{title}的例子",
                    ("主体编号", "名称", "依据"),
                    [(r["subject_id"], r["name"], r["evidence"]) for r in rows],
                )


def measure(
    release: ReleaseFolder,
    truth: Annotated[Path, typer.Argument(help="演练省的 truth 目录。")],
    *,
    rules: Rules = None,
) -> None:
    """与演练省的答案比较：每个标签的召回率（真有的得到了多少）和精确率（得到的有多少为真）。

    示例：evenhand tags measure 发布版 演练省/truth
    """
    known = read_tag_rules(load_pack(rules))
    names = {tag.code: tag.value for tag in known.tags}
    found = measure_tags(open_release(release), truth)
    rows = [(a.code, names.get(a.code, ""), a.true, a.given, a.right, _share(a.coverage), _share(a.precision)) for a in found]
    show_table("标签与答案比较", ("标签", "名称", "真有", "得到", "其中为真", "召回率", "精确率"), rows)
    for family in known.families:
        mine = [a for a in found if a.code.startswith(family.family)]
        true, given, right = (sum(getattr(a, name) for a in mine) for name in ("true", "given", "right"))
        screen.print(
            f"{family.family} {family.term}：召回率 {_share(right / true if true else None)}，精确率 {_share(right / given if given else None)}"
        )


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.2%}"


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    tags = typer.Typer(help="主体标签：查询、试算、与答案比较。", no_args_is_help=True, rich_markup_mode=None)
    tags.command("query")(query)
    tags.command("try")(try_rules)
    tags.command("measure")(measure)
    app.add_typer(tags, name="tags")
