"""Commands on recipes: keys, sign, check. `evenhand build --recipe` replays one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen
from evenhand.pipeline.recipes import make_keys, opened_recipe, sign_recipe
from evenhand.rulebook import load_pack

__all__ = ["register"]

recipe = typer.Typer(
    name="recipe",
    help="清洗配方：规则和人工认定装成一个签名的文件，用 evenhand build --recipe 在下月的数据上重放。",
    no_args_is_help=True,
)


@recipe.command()
def key(path: Annotated[Path, typer.Argument(help="私钥文件；公钥写在旁边，后缀 .pub。")]) -> None:
    """生成一对签名密钥；私钥自己保管，公钥交给建立发布版的人。

    示例：evenhand recipe key 陈静.key
    """
    public = make_keys(path)
    screen.print(f"✓ 私钥 {path}（只有本人可读，请勿外传），公钥 {public}。")


@recipe.command()
def sign(
    out: Annotated[Path, typer.Argument(help="写成哪个文件。")],
    *,
    private: Annotated[Path, typer.Option("--key", help="私钥文件。")],
    by: Annotated[str, typer.Option("--by", help="签名人。")],
    rules: Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")] = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", help="人工认定文件。")] = None,
) -> None:
    """把规则包和人工认定装成一个签名的配方。

    示例：evenhand recipe sign 配方.zip --key 陈静.key --by 陈静 --decisions 认定.jsonl
    """
    pack = load_pack(rules)
    told = sign_recipe(out, pack=pack, decisions=decisions, key=private, by=by, at=datetime.now(UTC).astimezone())
    screen.print(f"✓ {out}：规则包 {told['pack']}，文件 {len(told['files'])} 个，人工认定 {told['decisions']} 条，{by}签名。")


@recipe.command()
def check(
    path: Annotated[Path, typer.Argument(help="配方文件。")],
    *,
    signer: Annotated[Path, typer.Option("--signer", help="签名人的公钥。")],
) -> None:
    """核对一个配方：签名是否此人的，内容是否签过的。

    示例：evenhand recipe check 配方.zip --signer 陈静.key.pub
    """
    with opened_recipe(path, signer=signer) as held:
        told = held.stated
        screen.print(
            f"✓ {path}：{told['by']} 于 {told['at']} 签名，规则包 {told['pack']}，人工认定 {told['decisions']} 条，内容与签过的一致。"
        )


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(recipe)
