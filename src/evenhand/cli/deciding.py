"""Commands that add a decision to the file of decisions: each asks for who and why; when is now unless said."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from evenhand.cli.cells import found_cell
from evenhand.cli.console import screen, show_table
from evenhand.decisions import (
    Apart,
    ChosenOffice,
    ChosenValue,
    Decision,
    ManualRecord,
    Merge,
    RepairVerdict,
    Split,
    Withdrawal,
    add_decision,
    no_decisions,
    read_decisions,
)
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.cells import how_to_undo

__all__ = ["register"]

BAD = Message("CLI-10", zh="“{where}”：{why}。这条认定没有写入。", en="`{where}`: {why}. The decision was not added.")
NO_PAIR = Message("CLI-11", zh="“{text}”不是“字段=值”的写法。", en="{text!r} is not written as field=value.")

decide = typer.Typer(
    name="decide",
    help="人工认定：合并、拆分、修复代码、选定取值和机构、补录、撤回；建立发布版时重放。",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="认定文件；没有则新建。只能添加，不能修改。")]
By = Annotated[str, typer.Option("--by", help="认定人。")]
Why = Annotated[str, typer.Option("--why", help="理由。")]
At = Annotated[str | None, typer.Option("--at", help="时间，如 2026-06-30T09:00:00+08:00；不写则为现在。")]
Id = Annotated[str | None, typer.Option("--id", help="编号；不写则由时间编成。")]


def _add(kind: type[Decision], file: Path, said: tuple[str, str, str | None, str | None], **about: Any) -> None:
    by, why, at, number = said
    when = at or datetime.now(UTC).astimezone().isoformat()
    try:
        decision = kind.model_validate({"id": number or f"D{datetime.now(UTC):%Y%m%d%H%M%S%f}", "at": when, "by": by, "why": why} | about)
    except ValidationError as fault:
        raise BadInput(Problem(BAD, {"where": ".".join(map(str, e["loc"])) or "全文", "why": e["msg"]}) for e in fault.errors()) from fault
    add_decision(file, decision)
    screen.print(f"✓ {file}：已添加认定 {decision.id}。下次 evenhand build --decisions {file} 时执行。")


@decide.command()
def merge(
    file: File,
    subjects: Annotated[list[str], typer.Argument(help="两个以上主体：有效代码或者记录编号。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """这些是同一主体。

    示例：evenhand decide merge 认定.jsonl 91350102MA2XTE0T4E 000033f8bd700b57619ffc81 --by 陈静 --why 现场核实
    """
    _add(Merge, file, (by, why, at, number), subjects=subjects)


@decide.command()
def split(
    file: File,
    records: Annotated[list[str], typer.Argument(help="要拆出的记录编号。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """这些记录是另一个主体。

    示例：evenhand decide split 认定.jsonl 000033f8bd700b57619ffc81 --by 陈静 --why 两家店同名
    """
    _add(Split, file, (by, why, at, number), records=records)


@decide.command()
def apart(
    file: File,
    *,
    left: Annotated[list[str], typer.Option("--left", help="一方的代码或者记录编号，可多次。")],
    right: Annotated[list[str], typer.Option("--right", help="另一方的代码或者记录编号，可多次。")],
    seen: Annotated[list[str] | None, typer.Option("--seen", help="认定时看到的依据原文；依据变化后这一对会再列出。")] = None,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """两方不是同一主体。

    示例：evenhand decide apart 认定.jsonl --left 91350102MA2XTE0T4E --right 92350105MA8UAB1268 --by 陈静 --why 现场核实
    """
    _add(Apart, file, (by, why, at, number), left=left, right=right, seen=seen or [])


@decide.command()
def repair(
    file: File,
    record: Annotated[str, typer.Argument(help="记录编号。")],
    verdict: Annotated[str, typer.Argument(help="accept 采用；reject 不采用；replace 改用。")],
    code: Annotated[str, typer.Argument(help="统一社会信用代码。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """一条记录的代码应当是或者不是它。

    示例：evenhand decide repair 认定.jsonl 000033f8bd700b57619ffc81 accept 91350102MA2XTE0T4E --by 陈静 --why 见营业执照
    """
    _add(RepairVerdict, file, (by, why, at, number), record=record, verdict=verdict, code=code)


@decide.command()
def value(
    file: File,
    subject: Annotated[str, typer.Argument(help="有效代码或者记录编号。")],
    field: Annotated[str, typer.Argument(help="字段英文名，如 phone。")],
    chosen: Annotated[str, typer.Argument(help="取值。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """一个主体的一个字段取什么值。

    示例：evenhand decide value 认定.jsonl 91350102MA2XTE0T4E phone 13800138000 --by 陈静 --why 电话核实
    """
    _add(ChosenValue, file, (by, why, at, number), subject=subject, field=field, value=chosen)


@decide.command()
def office(
    file: File,
    subject: Annotated[str, typer.Argument(help="有效代码或者记录编号。")],
    name: Annotated[str, typer.Argument(help="机构全称。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """一个主体由哪个机构监管。

    示例：evenhand decide office 认定.jsonl 91350102MA2XTE0T4E 福州市鼓楼区市场监督管理局华大市场监督管理所 --by 陈静 --why 两所协商
    """
    _add(ChosenOffice, file, (by, why, at, number), subject=subject, office=name)


@decide.command()
def record(
    file: File,
    kind: Annotated[str, typer.Argument(help="数据种类英文名，如 complaint。")],
    fields: Annotated[list[str], typer.Argument(help="字段=值，可多个。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """人工补录一条记录。

    示例：evenhand decide record 认定.jsonl complaint name=闽味源小吃店 phone=13800138000 --by 陈静 --why 来信登记
    """
    for text in fields:
        if "=" not in text:
            raise BadInput(Problem(NO_PAIR, {"text": text}))
    _add(ManualRecord, file, (by, why, at, number), extract=kind, fields=dict(text.split("=", 1) for text in fields))


@decide.command()
def withdraw(
    file: File, decision: Annotated[str, typer.Argument(help="要撤回的认定编号。")], *, by: By, why: Why, at: At = None, number: Id = None
) -> None:
    """撤回一条认定；它的一切结果在下次建立时恢复原状。

    示例：evenhand decide withdraw 认定.jsonl D20260701090000000000 --by 陈静 --why 看错了
    """
    _add(Withdrawal, file, (by, why, at, number), decision=decision)


@decide.command()
def undo(
    file: File,
    release: Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")],
    subject: Annotated[str, typer.Argument(help="主体编号、统一社会信用代码或者许可证编号。")],
    field: Annotated[str, typer.Argument(help="字段英文名，如 phone。")],
    *,
    by: By,
    why: Why,
    at: At = None,
    number: Id = None,
) -> None:
    """只撤销一个单项取值：撤回改动它的认定；没有认定的，改回来源所写。

    示例：evenhand decide undo 认定.jsonl 发布版 91350102MA2XTE0T4E phone --by 陈静 --why 原号码是对的
    """
    history = found_cell(release, subject, field)
    told = how_to_undo(history, read_decisions(file) if file.is_file() else no_decisions())
    if told.withdraws:
        _add(Withdrawal, file, (by, why, at, number), decision=told.withdraws)
        return
    _add(ChosenValue, file, (by, why, at, number), subject=history.reference, field=field, value=told.value)


@decide.command("list")
def listed(file: File) -> None:
    """列出认定文件，标明已撤回的。

    示例：evenhand decide list 认定.jsonl
    """
    told = read_decisions(file)
    standing = {d.id for d in told.standing}
    rows = [
        (d.id, d.kind, f"{d.at:%Y-%m-%d %H:%M}", d.by, d.why, "" if d.id in standing or d.kind == "withdraw" else "已撤回")
        for d in told.lines
    ]
    show_table("人工认定", ("编号", "种类", "时间", "认定人", "理由", ""), rows)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(decide)
