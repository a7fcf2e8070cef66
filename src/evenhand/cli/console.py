"""What commands show: problems, tables, and the progress of a build."""

import sys
from collections.abc import Iterable, Sequence
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from evenhand.errors import Problem
from evenhand.pipeline import Kept, StageDone

__all__ = ["BuildScreen", "say_problems", "screen", "show_table"]

# What people wrote is shown as they wrote it: 餐饮[c] is no mark of a colour, :sun: no picture.
screen: Final = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
_complaints: Final = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)
SHOWN_PROBLEMS: Final = 30
KEPT: Final[dict[Kept, str]] = {"": "", "done": "（上次已完成，沿用）", "taken": "（与上一发布版相同，沿用）"}


def say_problems(problems: Sequence[Problem]) -> None:
    """Tell every problem on the error stream; past thirty, say how many more there are."""
    for problem in problems[:SHOWN_PROBLEMS]:
        _complaints.print(f"✗ {problem.zh}（{problem.code}）")
    if len(problems) > SHOWN_PROBLEMS:
        _complaints.print(f"……还有 {len(problems) - SHOWN_PROBLEMS} 处问题。先改正以上各处，再运行一次。")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print one table; numbers stand to the right."""
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    body = [list(row) for row in rows]
    for place, name in enumerate(columns):
        numeric = bool(body) and all(isinstance(row[place], int | float) or str(row[place]) in {"", "—"} for row in body)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*(_text(cell) for cell in row))
    screen.print(table)


def _text(cell: object) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


class BuildScreen:
    """A line per stage with rows and seconds; on a terminal also a moving bar for the stage that runs."""

    def __init__(self) -> None:
        """Prepare the bar."""
        self._bar = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            TextColumn("{task.fields[what]}"),
            TimeElapsedColumn(),
            console=screen,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, what="", visible=False)

    def __enter__(self) -> Self:
        """Show the bar where there is a terminal."""
        if sys.stdout.isatty():
            self._bar.start()
        return self

    def __exit__(self, *fault: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def started(self, name: str, title: str) -> None:  # noqa: ARG002 — the stage's name is for programs, the title for people
        """Tell that a stage begins."""
        self._bar.reset(self._task, description=title, total=None, what="", visible=True)

    def advanced(self, done: int, total: int, text: str) -> None:
        """Tell how far the stage is."""
        self._bar.update(self._task, completed=done, total=total, what=text)

    def finished(self, stage: StageDone) -> None:
        """Print the stage's line."""
        self._bar.update(self._task, visible=False)
        screen.print(f"✓ {stage.title:<6}\t{stage.rows:>12,} 行 {stage.seconds:>7.1f} 秒{KEPT[stage.kept]}")
