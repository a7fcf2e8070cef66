"""How words and small files of the command line become values."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from evenhand.errors import BadInput, Message, Problem

__all__ = ["as_day", "csv_rows"]

NOT_A_DAY: Final = Message("CLI-03", zh="“{text}”不是日期。请写成 2026-06-30 的样子。", en="{text!r} is no day; write it as 2026-06-30.")


def as_day(text: str) -> date:
    """Return the calendar day that a word names; raises BadInput when it names none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a calendar day has no zone
    except ValueError as fault:
        raise BadInput(Problem(NOT_A_DAY, {"text": text})) from fault


def csv_rows(path: Path, columns: Sequence[str], *, bad: Message) -> list[dict[str, str]]:
    """Return the rows of a CSV that has at least these columns, cells stripped; raises BadInput with `bad` (path, why, columns) for another file."""
    told = {"columns": "、".join(columns)}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in columns if name not in (reader.fieldnames or [])]:
                raise BadInput(Problem(bad, {"path": path, "why": f"缺少列 {'、'.join(missing)}"} | told))
            return [{name: (row[name] or "").strip() for name in reader.fieldnames or ()} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(Problem(bad, {"path": path, "why": f"读不了（{fault}）"} | told)) from fault
