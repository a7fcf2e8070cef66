"""Commands on data: practice, build, reindex, show, export, quality, survey."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.cells import NOT_FOUND, PROVINCE, found_cell, show_cell
from evenhand.cli.console import BuildScreen, screen, show_table
from evenhand.cli.days import show_day, show_levels
from evenhand.cli.prices import show_prices
from evenhand.cli.showing import show_build, show_card, show_decisions, show_quality
from evenhand.engine import EngineName
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline import Build, build
from evenhand.pipeline.exporting import export_table
from evenhand.pipeline.onday import subject_on_day
from evenhand.pipeline.reading import quality_change, subject_card
from evenhand.pipeline.recipes import opened_recipe
from evenhand.practice import write_province
from evenhand.publish import build_serving, checked_release, open_release, release_folder
from evenhand.rulebook import Pack, load_pack
from evenhand.sources import write_survey

__all__ = ["register"]

RECIPE_ALONE = Message(
    "CLI-12",
    zh="--recipe 已含规则包和人工认定：请去掉 --rules 和 --decisions，并用 --signer 给出签名人的公钥。",
    en="--recipe holds rules and decisions: leave out --rules and --decisions, and name the public key by --signer.",
)


AsOf = Annotated[str, typer.Option("--as-of", help="数据截止日期，如 2026-06-30；结果只取决于它，不看今天是几号。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
ReleaseFolder = Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")]


def practice(
    out: Annotated[Path, typer.Argument(help="写到哪个目录。")],
    *,
    subjects: Annotated[int, typer.Option(help="主体个数。", min=1)] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子；同一种子得到同样的文件。")] = 1,
    as_of: AsOf = "2026-06-30",
    rules: Rules = None,
) -> None:
    """写出演练省的原始数据：各系统导出的文件、sources.toml、缺陷清单和答案（truth/）。

    示例：evenhand practice 演练省 --subjects 2000 --seed 7 --as-of 2026-06-30
    """
    with BuildScreen() as bar:
        bar.started("practice", "生成演练省")
        province = write_province(
            out,
            subjects=subjects,
            seed=seed,
            asof=as_day(as_of),
            pack=load_pack(rules),
            progress=lambda text, done, total: bar.advanced(done, total, text),
        )
    show_table("演练省", ("文件", "行数"), sorted(province.rows.items()))
    screen.print(
        f"植入缺陷 {sum(fault.planted for fault in province.faults.values()):,} 处，{len(province.faults)} 种，见 {out / '缺陷清单.csv'}。\n下一步：evenhand build {out / 'sources.toml'} --as-of {as_of} --out 发布版"
    )


def build_release(  # noqa: PLR0913 — each is an option of the command
    sources: Annotated[Path, typer.Argument(help="来源清单 sources.toml。")],
    *,
    as_of: AsOf,
    out: Annotated[Path, typer.Option(help="存放发布版的目录。")],
    rules: Rules = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", help="人工认定文件（evenhand decide 写出），在建立时重放。")] = None,
    recipe: Annotated[Path | None, typer.Option("--recipe", help="清洗配方（evenhand recipe sign 写出）：用它的规则包和人工认定。")] = None,
    signer: Annotated[Path | None, typer.Option("--signer", help="配方签名人的公钥。")] = None,
    previous: Annotated[Path | None, typer.Option("--previous", help="上一发布版；主体编号沿用它的，没有变化的数据不再重做。")] = None,
    threads: Annotated[int, typer.Option(help="线程数；不影响结果。", min=1)] = 2,
    memory: Annotated[float, typer.Option(help="引擎内存上限，GiB；超出部分落盘。", min=0.5)] = 4.0,
    engine: Annotated[EngineName, typer.Option("--engine", help="计算引擎；结果相同。spark 用于一台机器放不下的数据。")] = "duckdb",
    master: Annotated[str | None, typer.Option("--master", help="Spark 集群地址，如 spark://主机:7077、yarn；不写则在本机运行。")] = None,
) -> None:
    """由原始数据建立一个发布版：读取、规范化、检查、归并、择优、发布。

    示例：evenhand build 演练省/sources.toml --as-of 2026-06-30 --out 发布版
    """
    asof = as_day(as_of)
    with _ingredients(rules, decisions, recipe, signer) as (pack, decided):
        order = Build(
            sources=sources, out=out, asof=asof, pack=pack, decisions=decided, previous=previous, threads=threads, memory_gib=memory,
            engine=engine, master=master,
        )  # fmt: skip
        with BuildScreen() as bar:
            report = build(order, progress=bar)
    show_build(report)
    if decided:
        show_decisions(report)


@contextmanager
def _ingredients(
    rules: Path | None, decisions: Path | None, recipe: Path | None, signer: Path | None
) -> Iterator[tuple[Pack, Path | None]]:
    """The rule pack and the decisions, each by itself or both out of a recipe."""
    if recipe is None:
        yield load_pack(rules), decisions
        return
    if rules or decisions or signer is None:
        raise BadInput(Problem(RECIPE_ALONE, {}))
    with opened_recipe(recipe, signer=signer) as held:
        yield held.pack, held.decisions


def reindex(release: ReleaseFolder, *, rules: Rules = None) -> None:
    """重建一个发布版的查询库：换了新版本的程序、或者查询库损坏时用；发布版的各张表不变。

    示例：evenhand reindex 发布版
    """
    built = build_serving(checked_release(release_folder(release)), load_pack(rules))
    screen.print(f"查询库已重建：{built}。正在运行的网页服务请重新启动。")


def show(
    release: ReleaseFolder,
    number: Annotated[str, typer.Argument(help="主体编号、统一社会信用代码或者许可证编号。")],
    *,
    on: Annotated[str | None, typer.Option("--on", help="只看这一天的状态、证照和场所，如 2025-03-01。")] = None,
    field: Annotated[str | None, typer.Option("--field", help="只看一个字段的来龙去脉，如 phone。")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="显示个人信息原值。")] = False,
) -> None:
    """显示一个主体：各来源的记录、证照、场所、发现和每项取值的理由。

    示例：evenhand show 发布版 91350102MA2XTE0T4E --on 2025-03-01
    """
    if field:
        show_cell(found_cell(release, number, field), unmasked=unmasked)
        return
    held = open_release(release)
    found = held.find(number)
    if on and found and (then := subject_on_day(held, found, as_day(on), PROVINCE)):
        show_day(then)
        return
    card = subject_card(held, found, PROVINCE) if found else None
    if card is None:
        raise BadInput(Problem(NOT_FOUND, {"release": held.name, "number": number}))
    show_card(card, unmasked=unmasked)
    show_levels(card)


def export(
    release: ReleaseFolder,
    dataset: Annotated[str, typer.Argument(help="数据集，如 subject、licence、finding、registration。")],
    *,
    to: Annotated[Path, typer.Option("--to", help="写到哪个文件；后缀 .csv、.xlsx、.parquet 决定格式。")],
    unmasked: Annotated[bool, typer.Option("--unmasked", help="导出个人信息原值；导出前请确认有权限。")] = False,
    codes: Annotated[bool, typer.Option("--english", help="表头用英文字段名。")] = False,
) -> None:
    """导出一个数据集；个人信息默认脱敏。

    示例：evenhand export 发布版 subject --to 主体名录.xlsx
    """
    rows = export_table(open_release(release), dataset, to=to, unmasked=unmasked, english=codes)
    screen.print(f"✓ {to}：{rows:,} 行{'' if unmasked else '，个人信息已脱敏'}。")


def quality(
    release: ReleaseFolder,
    *,
    previous: Annotated[Path | None, typer.Option(help="上一个发布版，显示环比。")] = None,
    by: Annotated[str, typer.Option(help="再按什么细分：source 来源、office 机构、rule 规则。")] = "source",
) -> None:
    """按 GB/T 36344 的六个维度显示数据质量，并按代价列出未了结的问题。

    示例：evenhand quality 发布版 --by rule
    """
    held = open_release(release)
    blocked = show_quality(quality_change(held, open_release(previous) if previous else None, PROVINCE), by=by)
    show_prices(held, PROVINCE)
    raise typer.Exit(1 if blocked else 0)


def survey(
    out: Annotated[Path, typer.Argument(help="写到哪个 .xlsx 文件。")],
    *,
    dataset: Annotated[str, typer.Option("--for", help="数据集，如 operation_licence。")],
    office: Annotated[str, typer.Option(help="填报机构名称。")],
    rules: Rules = None,
) -> None:
    """写出人工调研表：带下拉选项、校验和填写说明；填好后作为一个来源读回。

    示例：evenhand survey 华大所调研表.xlsx --for operation_licence --office 华大市场监督管理所
    """
    write_survey(out, dataset=dataset, office=office, pack=load_pack(rules))
    screen.print(f"✓ {out} 已写好。填写后在 sources.toml 中作为一个来源登记即可。")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("practice")(practice)
    app.command("build")(build_release)
    app.command("reindex")(reindex)
    app.command("show")(show)
    app.command("export")(export)
    app.command("quality")(quality)
    app.command("survey")(survey)
