"""One tree of errors: every refusal has a stable code, its fields, and a sentence in Chinese and in English.

A room keeps its sentences in one table of `Message`s. A `Problem` is one message with its fields filled in; an error
carries one problem or many, so that all that is wrong with a file is told at once.

>>> late = Message("DEMO-01", zh="{file} 第{row}行：日期晚于今天。请更正。", en="{file}, row {row}: the day lies ahead. Correct it.")
>>> print(Problem(late, {"file": "登记表.xlsx", "row": 418}).zh)
登记表.xlsx 第418行：日期晚于今天。请更正。
>>> print(BadInput([Problem(late, {"file": "a.csv", "row": 2})]))
DEMO-01 a.csv 第2行：日期晚于今天。请更正。
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

__all__ = ["BadInput", "EvenhandError", "Message", "NotDone", "Problem"]


@dataclass(frozen=True, kw_only=False)
class Message:
    """One sentence of the product: stable code, and its wording with `{fields}` in Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Problem:
    """One message about one place: says where, what is wrong, what is allowed and what to do next."""

    message: Message
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Stable code of the message, for example `SRC-03`."""
        return self.message.code

    @property
    def zh(self) -> str:
        """The sentence an officer reads."""
        return self.message.zh.format(**self.fields)

    @property
    def en(self) -> str:
        """The sentence a developer reads."""
        return self.message.en.format(**self.fields)


class EvenhandError(Exception):
    """Something was refused or could not be done; carries every problem found, in the order found."""

    exit_code: ClassVar[int] = 3

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Keep one problem or many."""
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(f"{problem.code} {problem.zh}" for problem in self.problems))


class BadInput(EvenhandError):
    """Wrong usage or bad input: told in one screen, without a traceback (exit code 2)."""

    exit_code: ClassVar[int] = 2


class NotDone(EvenhandError):
    """The work could not be finished: disk full, interrupted, a store out of reach (exit code 3)."""

    exit_code: ClassVar[int] = 3
