"""Words: text dictionaries with the contexts in which a word means something else."""

import functools
import operator
import re
from typing import Self

import ibis.expr.types as ir
from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Words", "has_word"]


class Words(BaseModel):
    """One text dictionary (词典). `any`: words as they are written; `before`: what may not follow a word; `unless`: patterns cut out first.

    `yes` and `no` are texts that must and must not be found: the dictionary's worked cases.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    any: tuple[str, ...] = Field(min_length=1)
    before: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _patterns(self) -> Self:
        for pattern in self.unless:
            try:
                re.compile(pattern)
            except re.error as fault:
                raise ValueError(f"unless 的“{pattern}”不是正则式：{fault}") from fault
        return self

    @property
    def cut(self) -> str:
        """Pattern of all that is cut out of a text before the words are looked for; empty when nothing is."""
        followed = f"(?:{'|'.join(map(re.escape, self.any))})(?:{'|'.join(self.before)})" if self.before else ""
        return "|".join(filter(None, (*self.unless, followed)))


def has_word(text: ir.StringValue, words: Words) -> ir.BooleanValue:
    """Whether a word stands in the text outside the contexts that are cut; NULL for an empty cell."""
    found = functools.reduce(operator.or_, [text.contains(word) for word in words.any])
    if not words.cut:
        return found
    # The plain search first: few texts have a word at all, and only these are cut.
    rest = text.re_replace(words.cut, "＊")
    return found.ifelse(functools.reduce(operator.or_, [rest.contains(word) for word in words.any]), found)
