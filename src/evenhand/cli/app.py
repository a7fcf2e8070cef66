"""The application: all commands, and the one place where errors become a screen of text and an exit code."""

import errno
import sys
from typing import Final

import typer
from typer.exceptions import Abort, TyperException
from xlsxwriter.exceptions import FileCreateError

from evenhand.cli import (
    accounts,
    data,
    deciding,
    documents,
    drawing,
    grades,
    inspectors,
    linking,
    machine,
    planning,
    recipes,
    repairs,
    rules,
    tags,
)
from evenhand.cli.console import say_problems, screen
from evenhand.errors import EvenhandError, Message, Problem

__all__ = ["app", "main"]

USAGE: Final = Message(
    "CLI-01",
    zh="用法不对：{why}。请看 evenhand {command}--help 的示例。",
    en="wrong usage: {why}. See the example in evenhand {command}--help.",
)
DENIED: Final = Message("CLI-02", zh="{path}：{why}。请检查路径和权限。", en="{path}: {why}. Check the path and its permissions.")

app: Final = typer.Typer(
    name="evenhand",
    help="公衡：食品安全“双随机”协同监管数据平台。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _module in (
    accounts,
    data,
    deciding,
    documents,
    drawing,
    grades,
    inspectors,
    linking,
    machine,
    planning,
    recipes,
    repairs,
    rules,
    tags,
):
    _module.register(app)


def main(words: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if words is None else words))


def run(words: list[str]) -> int:
    """Run one command and return its exit code: no error that a person can mend shows a traceback."""
    try:
        code = app(words or ["--help"], standalone_mode=False)
    except EvenhandError as fault:
        say_problems(fault.problems)
        return fault.exit_code
    except TyperException as fault:
        context = getattr(fault, "ctx", None)
        command = f"{context.info_name} " if context and context.parent else ""
        say_problems([Problem(USAGE, {"why": _why(fault), "command": command})])
        return 2
    except FileCreateError as fault:  # XlsxWriter's own wrapping of an OSError
        say_problems([Problem(DENIED, {"path": "", "why": fault})])
        return 2
    except OSError as fault:
        say_problems([Problem(DENIED, {"path": fault.filename or "", "why": fault.strerror or fault})])
        return 3 if fault.errno == errno.ENOSPC else 2
    except (KeyboardInterrupt, Abort):
        screen.print("\n已中断。")
        return 3
    return code if isinstance(code, int) else 0


def _why(fault: TyperException) -> str:
    """Word the parser's complaint: what is missing, what is unknown, else its own sentence."""
    said, parameter = fault.format_message(), getattr(fault, "param", None)
    name = " / ".join([*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())])
    if said.startswith("Missing"):
        return f"缺少 {name}"
    if said.startswith("No such command"):
        return f"没有命令 {said.split()[-1].strip(chr(39) + '.')}"
    if said.startswith("No such option"):
        return f"没有选项 {getattr(fault, 'option_name', '')}"
    return f"{name} 的值不对（{said.rstrip('.')}）" if name else said.rstrip(".").replace("\n", " ")
