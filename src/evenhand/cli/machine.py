"""Commands on the machine: demo, serve, worker, bench."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import BuildScreen, screen, show_table
from evenhand.cli.showing import show_build
from evenhand.pipeline import Build, build
from evenhand.practice import write_province
from evenhand.rulebook import shipped_pack

__all__ = ["Home", "Releases", "register"]

Home = Annotated[Path, typer.Option(envvar="EVENHAND_HOME", help="数据目录：数据库、发布版、演练省都在里面。")]
Releases = Annotated[Path | None, typer.Option(help="存放发布版的目录；不写则为数据目录下的 releases。")]
DEMO_DAY = date(2026, 6, 30)
NOBODY = "还没有能登录的账号。请另开一个终端建立第一个：evenhand account add 用户名 --role steward --division 350000 --home {home}{more}（其他角色见 evenhand account add --help）"


def demo(
    *,
    home: Home = Path("var/demo"),
    subjects: Annotated[int, typer.Option(help="演练省主体个数。", min=100)] = 20_000,
    port: Annotated[int, typer.Option(help="网页端口。")] = 8000,
    serve_pages: Annotated[bool, typer.Option("--serve/--no-serve", help="建好后是否打开网页服务。")] = True,
) -> None:
    """一条命令看全程：生成演练省、建立发布版、打开网页。

    示例：evenhand demo --subjects 2000
    """
    from evenhand.web.serving import prepare, serve  # noqa: PLC0415 — Django starts only where pages are served

    pack = shipped_pack()
    with BuildScreen() as bar:
        province = home / f"practice-{subjects}"
        if not (province / "sources.toml").is_file():
            bar.started("practice", "生成演练省")
            write_province(
                province,
                subjects=subjects,
                seed=1,
                asof=DEMO_DAY,
                pack=pack,
                progress=lambda text, done, total: bar.advanced(done, total, text),
            )
        ledger = home / "decisions.jsonl"  # where the review desk writes; the next demo replays it
        decisions = ledger if ledger.is_file() else None
        report = build(
            Build(sources=province / "sources.toml", out=home / "releases", asof=DEMO_DAY, pack=pack, decisions=decisions), progress=bar
        )
    show_build(report)
    accounts = prepare(home, home / "releases", demo=True)
    show_table("演示账号（只存在于演示环境）", ("角色", "账号", "密码"), accounts)
    if serve_pages:
        screen.print(f"打开 http://127.0.0.1:{port} ，按 Ctrl+C 结束。")
        serve(home, home / "releases", host="127.0.0.1", port=port)


def serve(
    *,
    home: Home,
    releases: Releases = None,
    host: Annotated[str, typer.Option(help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听端口。")] = 8000,
) -> None:
    """打开网页服务。

    示例：evenhand serve --home /srv/evenhand --port 8000
    """
    from evenhand.web.serving import prepare  # noqa: PLC0415 — Django starts only where pages are served
    from evenhand.web.serving import serve as serve_pages  # noqa: PLC0415

    prepare(home, releases or home / "releases", demo=False)
    from evenhand.web.accounts.keeping import has_account  # noqa: PLC0415 — models may be imported only once the records are open

    if not has_account():
        screen.print(NOBODY.format(home=home, more=f" --releases {releases}" if releases else ""), markup=False)
    serve_pages(home, releases or home / "releases", host=host, port=port)


def worker(
    *,
    home: Home,
    releases: Releases = None,
    parent: Annotated[int | None, typer.Option("--with", help="随哪个进程结束；网页服务启动时自己填写。", hidden=True)] = None,
) -> None:
    """做后台任务（如模拟规则）；网页服务会自己带起一个，任务多的可以另开。

    示例：evenhand worker --home /srv/evenhand
    """
    from evenhand.web.serving import work  # noqa: PLC0415 — Django starts only where pages are served

    work(home, releases or home / "releases", parent=parent)


def bench(
    *,
    subjects: Annotated[int, typer.Option(help="主体个数。")] = 1_000_000,
    folder: Annotated[Path, typer.Option(help="工作目录；其中的演练省可重复使用。")] = Path("var/bench"),
    threads: Annotated[int, typer.Option(help="线程数。")] = 2,
    memory: Annotated[float, typer.Option(help="引擎内存上限，GiB。")] = 4.0,
) -> None:
    """测量速度、内存和准确程度，与同一次运行的底线比较。

    先测底线（裸引擎读同样的文件，写 Parquet），再测各阶段与底线之比、内存峰值、归并的精确率和召回率、管辖判定的正确率。

    示例：evenhand bench --subjects 100000
    """
    from evenhand.pipeline.bench import run_bench  # noqa: PLC0415 — only this command measures

    with BuildScreen() as bar:
        result = run_bench(folder, subjects=subjects, threads=threads, memory_gib=memory, pack=shipped_pack(), progress=bar)
    show_table("测量结果", ("项目", "行数", "秒", "与底线之比", "内存峰值 GiB"), result.rows)
    show_table("归并（与答案比较）", ("指标", "值"), result.linkage)
    show_table("管辖判定（与答案比较）", ("对象", "个数", "判定正确"), result.offices)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (demo, serve, worker, bench):
        app.command(command.__name__)(command)
