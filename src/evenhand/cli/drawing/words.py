"""Arguments and small helps that the commands of the draw share."""

import time
from pathlib import Path
from typing import Annotated

import typer

from evenhand.draw import next_serial, read_ledger

__all__ = ["Approved", "Ledger", "Reason", "Rules", "Serial", "Signer", "Sources", "next_number", "now"]

Ledger = Annotated[Path, typer.Argument(metavar="台账目录", help="一个机关的抽取台账所在目录。")]
Serial = Annotated[str, typer.Argument(metavar="编号", help="抽取编号，如 2026-000001。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
Reason = Annotated[str, typer.Option(help="理由，写进台账。")]
Approved = Annotated[list[str], typer.Option("--approved-by", help="批准人；几个人就写几次。")]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="公开值的约定，如 dice:20、drand:quicknet:600、vrf:公钥；几个就写几次，不写则用骰子和信标。"),
]
Signer = Annotated[str, typer.Option(help="作出承诺的机关或者人。")]


def now() -> int:
    """Return the Unix second."""
    return int(time.time())


def next_number(folder: Path) -> str:
    """Return the next number of a ledger in this year."""
    held = folder / "ledger.jsonl"
    return next_serial(read_ledger(held.read_bytes()) if held.is_file() else [], time.gmtime().tm_year)
