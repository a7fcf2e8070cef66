"""How the history of one cell is found and printed: `evenhand show --field`."""

from pathlib import Path

from evenhand.cli.console import screen, show_table
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.cells import CellHistory, cell_history
from evenhand.publish import Scope, open_release
from evenhand.rulebook import shipped_pack
from evenhand.standards import ELEMENTS, Mask, masked

__all__ = ["NOT_FOUND", "PROVINCE", "found_cell", "show_cell"]

PROVINCE = Scope("35")
"""The command line stands for the whole province."""

NOT_FOUND = Message(
    "CLI-04",
    zh="发布版 {release} 中没有“{number}”。可以用主体编号、统一社会信用代码或者许可证编号查找。",
    en="{number} is not in release {release}.",
)


def found_cell(release: Path, number: str, field: str) -> CellHistory:
    """Return the history of a field of the subject that `number` names; raises BadInput when it names none."""
    held = open_release(release)
    subject = held.find(number)
    found = cell_history(held, subject, field, PROVINCE, pack=shipped_pack()) if subject else None
    if found is None:
        raise BadInput(Problem(NOT_FOUND, {"release": held.name, "number": number}))
    return found


def show_cell(history: CellHistory, *, unmasked: bool) -> None:
    """Print what each source wrote, what became of it, what is shown and why, and what people decided."""
    mask = ELEMENTS[history.field].mask if history.field in ELEMENTS else Mask.NONE

    def shown(value: str | None) -> str:
        if value is None:
            return "—"
        return value if unmasked or mask is Mask.INTERNAL else str(masked(value, mask))

    show_table(
        f"{history.subject['name'] or '（无名称）'}　{history.title}：各来源",
        ("种类", "交付", "文件", "行", "原文", "规范值", "记录采用", "修复建议"),
        [
            (c.kind, c.delivery, f"{c.file} {c.sheet}".strip(), c.row, shown(c.raw), shown(c.standard), shown(c.identified), c.repair)
            for c in history.cells
        ],
    )
    screen.print(f"采用：{shown(history.value)}　{history.rule}　{history.reason}")
    if history.others:
        show_table(
            "没有采用的取值", ("取值", "理由", "最近"), [(shown(row["value"]), row["reason"], row["last_seen"]) for row in history.others]
        )
    if history.decisions:
        show_table(
            "与此主体有关的认定",
            ("编号", "种类", "时间", "认定人", "理由", "状态", "说明"),
            [tuple(row[name] for name in ("decision", "kind", "at", "by", "why", "state", "note")) for row in history.decisions],
        )
