"""How words of the command line become values."""

from datetime import date, datetime
from typing import Final

from evenhand.errors import BadInput, Message, Problem

__all__ = ["as_day"]

NOT_A_DAY: Final = Message("CLI-03", zh="“{text}”不是日期。请写成 2026-06-30 的样子。", en="{text!r} is no day; write it as 2026-06-30.")


def as_day(text: str) -> date:
    """Return the calendar day that a word names; raises BadInput when it names none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a calendar day has no zone
    except ValueError as fault:
        raise BadInput(Problem(NOT_A_DAY, {"text": text})) from fault
