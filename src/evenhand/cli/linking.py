"""The command on linkage: estimate the weights of the likeness model from a release."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.engine import publish_file
from evenhand.pipeline.training import retrained, train_likeness
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["register"]


def link_train(
    release: Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")],
    *,
    out: Annotated[Path | None, typer.Option(help="把新的参数写成这个文件；不写则只显示。")] = None,
    share: Annotated[float, typer.Option(help="用多大一部分有效代码，0 到 1。", min=0.001, max=1.0)] = 0.04,
    seed: Annotated[int, typer.Option(help="抽取不同主体记录对的种子。")] = 1,
    pack: Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")] = None,
) -> None:
    """由数据自身求取相似度模型的参数：有效代码相同的记录是同一主体，不用人工标注。

    示例：evenhand link-train 发布版 --out likeness.yaml
    """
    opened = open_release(release)
    rules = load_pack(pack)
    found = train_likeness(opened.folder, pack=rules, share=share, seed=seed)
    show_table(
        "相似度模型的份量（比特）",
        ("比较项", "档", "同一主体", "不同主体", "份量", "原份量"),
        [
            (one.part, one.level, f"{one.agree:.4%}", f"{one.chance:.6%}", f"{one.bits:+.1f}" if one.estimated else "数据中没有", f"{one.bits_before:+.1f}")
            for one in found
        ],
    )  # fmt: skip
    if out is None:
        return
    text = (rules.root / "link" / "likeness.yaml").read_text("utf-8")
    subjects = opened.manifest["tables"]["subject"]["rows"]
    new = retrained(text, found, subjects=subjects, seed=seed, share=share, day=datetime.now(UTC).astimezone().date())
    partial = out.with_name(f"{out.name}.partial")
    partial.write_text(new, "utf-8")
    publish_file(partial, out)
    screen.print(f"✓ {out}：放进规则包的 link/ 目录后，下次建立发布版时使用。采用前请核对各档份量是否合理。")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("link-train")(link_train)
