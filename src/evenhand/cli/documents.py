"""The command that prints the data standards: documents."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.documents import print_documents, print_handbooks, print_task_handbooks
from evenhand.rulebook import load_pack

__all__ = ["register"]


def documents(
    *,
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录。")],
    previous: Annotated[Path | None, typer.Option("--previous", help="上一版的目录或者其中的 manifest.json；给出则另印变更清单。")] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")] = None,
    fonts: Annotated[Path | None, typer.Option("--fonts", help="中文字体所在目录；不写则用系统里的宋体和黑体。")] = None,
) -> None:
    """印制数据规范（Word 和 PDF）：主体名录数据规范、主体数据治理规范；给出上一版时另印变更清单。

    示例：evenhand documents --out 规范 --previous 上一版规范
    """
    printed = print_documents(out, pack=load_pack(rules), previous=previous, fonts=fonts)
    rows = [(file.path.name, file.pages or "—", f"{file.size / 1024:,.0f} KB", file.sha256[:16]) for file in printed.files]
    show_table(f"已写到 {out}", ("文件", "正文页数", "大小", "校验值"), rows)
    if printed.changes is not None:
        count = Counter((change.kind, change.what) for change in printed.changes)
        lines = [
            (kind, *(count[kind, what] for what in ("增加", "删除", "修改"))) for kind in dict.fromkeys(c.kind for c in printed.changes)
        ]
        show_table("与上一版相比", ("项目", "增加", "删除", "修改"), lines) if lines else screen.print("与上一版相比没有变化。")


def handbooks(
    *,
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录。")],
    rules: Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")] = None,
    fonts: Annotated[Path | None, typer.Option("--fonts", help="中文字体所在目录；不写则用系统里的宋体和黑体。")] = None,
) -> None:
    """印制各风险分级模型和静态、季度、动态任务模型的用户服务手册（Word 和 PDF）。

    示例：evenhand handbooks --out 手册
    """
    pack = load_pack(rules)
    printed = (*print_handbooks(out, pack=pack, fonts=fonts), *print_task_handbooks(out, pack=pack, fonts=fonts))
    rows = [(file.path.name, file.pages or "—", f"{file.size / 1024:,.0f} KB", file.sha256[:16]) for file in printed]
    show_table(f"已写到 {out}", ("文件", "正文页数", "大小", "校验值"), rows)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("documents")(documents)
    app.command("handbooks")(handbooks)
