"""The application: all commands, and the one place where errors become a screen of text and an exit code."""

import sys
from typing import Final

import click
import typer
from click.exceptions import MissingParameter, NoSuchOption, UsageError

from evenhand.cli import data, machine
from evenhand.cli.console import say_problems, screen
from evenhand.errors import EvenhandError, Message, Problem

__all__ = ["app", "main"]

USAGE: Final = Message("CLI-01", zh="用法不对：{why}。请看 evenhand {command}--help 的示例。", en="wrong usage: {why}. See the example in evenhand {command}--help.")
DENIED: Final = Message("CLI-02", zh="{path}：{why}。请检查路径和权限。", en="{path}: {why}. Check the path and its permissions.")

app: Final = typer.Typer(
    name="evenhand", help="公衡：食品安全“双随机”协同监管数据平台。", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
for _module in (data, machine):
    _module.register(app)


def main(words: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if words is None else words))


def run(words: list[str]) -> int:
    """Run one command and return its exit code: no error that a person can mend shows a traceback."""
    try:
        code = app(words, standalone_mode=False)
    except EvenhandError as fault:
        say_problems(fault.problems)
        return fault.exit_code
    except UsageError as fault:
        command = f"{fault.ctx.info_name} " if fault.ctx and fault.ctx.parent else ""
        say_problems([Problem(USAGE, {"why": _why(fault), "command": command})])
        return 2
    except (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError) as fault:
        say_problems([Problem(DENIED, {"path": fault.filename, "why": fault.strerror})])
        return 2
    except (KeyboardInterrupt, click.Abort):
        screen.print("\n已中断。")
        return 3
    return code if isinstance(code, int) else 0


def _why(fault: UsageError) -> str:
    if isinstance(fault, MissingParameter):
        return f"缺少 {fault.param.human_readable_name if fault.param else ''}"
    if isinstance(fault, NoSuchOption):
        return f"没有选项 {fault.option_name}"
    return fault.format_message().rstrip(".。").replace("\n", " ")
