"""Commands of the library of inspectors: inspectors template, check, find."""

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.console import screen, show_table
from evenhand.pipeline.inspectors import Library, Wanted, find, library_at, library_of_release, read_library, write_template
from evenhand.publish import open_release

__all__ = ["register"]

Held = Annotated[Path, typer.Argument(metavar="发布版", help="发布版目录，或者存放发布版的目录（取当前版）。")]
Book = Annotated[Path | None, typer.Option("--library", help="检查人员库 XLSX 或者人员 CSV；不写则取发布版里的人员。")]
_SHOWN = 50


def template(
    release: Held,
    out: Annotated[Path, typer.Argument(metavar="文件", help="写到哪个 XLSX。")],
    *,
    office: Annotated[str, typer.Option(help="只要这些机构的人员：名称里含这些字。")] = "",
) -> None:
    """写出检查人员库的工作簿：人员、请假、回避三张表，已知人员已经填好，改好以后交给 draw teams。

    示例：evenhand inspectors template 发布版 人员库.xlsx --office 鼓楼区
    """
    held = library_of_release(open_release(release))
    people = tuple(one for one in held.people if office in (one.office or one.stated))
    count = write_template(out, Library(people=people))
    screen.print(f"✓ {count:,} 人已写到 {out}。")
    if unsure := sum(not one.office for one in people):
        screen.print(f"注意：其中 {unsure:,} 人的机构名称与不止一个机构或者没有机构相合，请在表里写全称；缺的证件有效期请补上。")


def check(
    release: Held,
    library: Annotated[Path, typer.Argument(metavar="人员库", help="检查人员库 XLSX 或者人员 CSV。")],
    *,
    today: Annotated[str, typer.Option(help="以哪一日看证件是否到期，如 2026-07-01。")],
) -> None:
    """核对检查人员库：编号、机构、执法证、专业、请假、回避；所有问题一次说完。

    示例：evenhand inspectors check 发布版 人员库.xlsx --today 2026-07-01
    """
    found = read_library(library, open_release(release), today=as_day(today))
    certified = sum(one.certified for one in found.people)
    counts = [
        ("人员", len(found.people)),
        ("有执法证", certified),
        ("无执法证（只能协助）", len(found.people) - certified),
        ("请假", len(found.leave)),
        ("回避", len(found.bars)),
    ]
    show_table("检查人员库", ("项目", "个数"), counts)
    for note in found.notes:
        screen.print(f"注意：{note}")
    screen.print("✓ 可以用来选派。")


def find_(  # noqa: PLR0913 — each is an option of the command
    release: Held,
    *,
    day: Annotated[str, typer.Option(help="以哪一日为准，如 2026-07-06。")],
    office: Annotated[str, typer.Option(help="机构名称里含这些字。")] = "",
    line: Annotated[list[str] | None, typer.Option("--line", help="须有的专业：生产、销售、餐饮、特殊食品；几个就写几次。")] = None,
    certified: Annotated[bool | None, typer.Option("--certified/--helper", help="只要有（无）执法证的。")] = None,
    expert: Annotated[str, typer.Option(help="可以协办专家位的专业。")] = "",
    language: Annotated[str, typer.Option(help="会的语言，如 莆仙话。")] = "",
    library: Book = None,
    text: Annotated[str, typer.Option(help="姓名或者编号里含这些字。")] = "",
) -> None:
    """查检查人员：按机构、专业、执法证筛选，并说明其余的人因为什么不在内。

    示例：evenhand inspectors find 发布版 --day 2026-07-06 --office 鼓楼区 --line 餐饮 --certified
    """
    wanted = Wanted(
        day=as_day(day), office=office, lines=tuple(line or ()), certified=certified, expert=expert, language=language, free=True, text=text
    )
    people, failed = find(library_at(open_release(release), library, wanted.day), wanted)
    shown = [
        (one.number, one.name, one.office or "（不明）", "、".join(one.lines), f"{one.until}" if one.certified else "无证", f"{one.carried}") for one in people[:_SHOWN]
    ]  # fmt: skip
    show_table(f"{len(people):,} 人，列出 {len(shown)} 人", ("编号", "姓名", "机构", "专业", "证件到期", "已承担"), shown)
    show_table("不在内的", ("理由", "人"), failed.most_common())


def register(app: typer.Typer) -> None:
    """Add these commands."""
    inspectors = typer.Typer(name="inspectors", help="检查人员库：有执法证和无执法证的人员、请假、回避。", no_args_is_help=True)
    inspectors.command()(template)
    inspectors.command()(check)
    inspectors.command("find")(find_)
    app.add_typer(inspectors)
