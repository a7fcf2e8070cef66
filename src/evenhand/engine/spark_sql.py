"""What Spark must be told so that one expression gives the same cells as with DuckDB.

Each method here is one difference between the engines, met in a practice county; docs/how-to/spark.md lists them for readers.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

__all__ = ["SparkCompiler", "java_pattern", "java_replacement"]

_CLASS_ESCAPES: Final = {"v": r"\x0B", "s": r"\t\n\f\r "}


def java_pattern(pattern: str) -> str:
    r"""Return a regular expression of RE2 in Java's words, matching the same texts.

    In Java `$` also stands before a last line break, `.` leaves out more signs than the line feed, `\v` and `\s` are other sets, and `[` and
    `&&` mean something inside a class.

    >>> java_pattern(r"^[^[]+.$")
    '^[^\\[]+[^\\n]\\z'
    """
    return "".join(_java(iter(pattern)))


def _java(signs: Iterator[str]) -> Iterator[str]:
    inside = opened = False
    for sign in signs:
        first, opened = opened, False
        if sign == "\\":
            after = next(signs, "")
            told = _CLASS_ESCAPES.get(after)
            yield f"\\{after}" if told is None else told if inside else f"[{told}]"
        elif inside:
            if sign == "^" and first:
                opened = True
            inside = sign != "]" or first
            yield f"\\{sign}" if sign in "[&" or (sign == "]" and first) else sign
        elif sign == "[":
            inside = opened = True
            yield sign
        else:
            yield {"$": r"\z", ".": r"[^\n]"}.get(sign, sign)


def java_replacement(text: str) -> str:
    r"""Return what RE2 is to put in place of a match in Java's words.

    >>> java_replacement(r"\1-$")
    '$1-\\$'
    """
    return "".join(_replacement(iter(text)))


def _replacement(signs: Iterator[str]) -> Iterator[str]:
    for sign in signs:
        if sign == "\\":
            after = next(signs, "\\")
            yield f"${after}" if after.isdigit() else f"\\{after}"
        else:
            yield r"\$" if sign == "$" else sign


class SparkCompiler(PySparkCompiler):
    """Writes expressions for Spark so that they mean what they mean to DuckDB."""

    __slots__ = ()

    def binop(self, sign: Any, left: Any, right: Any) -> Any:
        """Keep `a = (b IN (…))` in brackets: in Spark, IN, IS and the like bind no tighter than comparisons."""
        return super().binop(sign, _bracketed(left), _bracketed(right))

    def visit_NonNullLiteral(self, op: ops.Literal, *, value: Any, dtype: Any) -> Any:  # noqa: N802 — Ibis's names
        """Write 0.5 as a floating number: to Spark, a bare 0.5 is a decimal."""
        if dtype.is_floating():
            return self.cast(sge.convert(str(value)), dtype)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_RegexSearch(self, op: ops.RegexSearch, *, arg: Any, pattern: Any) -> Any:  # noqa: N802
        """Search by RE2's rules."""
        return sge.RegexpLike(this=arg, expression=_pattern(op.pattern, pattern))

    def visit_RegexExtract(self, op: ops.RegexExtract, *, arg: Any, pattern: Any, index: Any) -> Any:  # noqa: N802
        """Take out by RE2's rules."""
        return self.f.anon.regexp_extract(arg, _pattern(op.pattern, pattern), index)

    def visit_RegexReplace(self, op: ops.RegexReplace, *, arg: Any, pattern: Any, replacement: Any) -> Any:  # noqa: ARG002, N802
        """Replace by RE2's rules."""
        return self.f.anon.regexp_replace(arg, _pattern(op.pattern, pattern), sge.convert(java_replacement(op.replacement.value)))

    def visit_StringSplit(self, op: ops.StringSplit, *, arg: Any, delimiter: Any) -> Any:  # noqa: ARG002, N802
        """Split at a text, not at a pattern; at nothing, sign by sign."""
        return self.f.anon.split(arg, sge.convert(re.sub(r"([^\w\s])", r"\\\1", op.delimiter.value)))

    def visit_ArrayIndex(self, op: ops.ArrayIndex, *, arg: Any, index: Any) -> Any:  # noqa: ARG002, N802
        """Give NULL behind the end of a list."""
        return self.f.anon.try_element_at(arg, index + 1)

    def visit_CountStar(self, op: ops.CountStar, *, arg: Any, where: Any) -> Any:  # noqa: ARG002, N802
        """Count none as 0."""
        return self.f.count(sge.Star()) if where is None else self.f.count_if(where)

    def visit_FirstValue(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802
        """Take the first cell of a window even when it is empty."""
        return self.f.first_value(arg)

    def visit_GroupConcat(self, op: ops.GroupConcat, *, arg: Any, sep: Any, where: Any, order_by: Any) -> Any:  # noqa: N802
        """Join texts in the order asked for, which Spark's own function cannot."""
        if not order_by:
            return super().visit_GroupConcat(op, arg=arg, sep=sep, where=where, order_by=order_by)
        kept = arg.is_(sge.Not(this=sge.Null()))
        kept = kept if where is None else sge.and_(kept, where)
        named = [part for n, key in enumerate(order_by) for part in (sge.convert(f"key{n}"), key.this)]
        row = self.f.anon.named_struct(*named, sge.convert("word"), arg)
        rows = self.f.collect_list(self.if_(kept, row, sge.Null()))
        words = sge.Dot(this=sge.paren(self.f.anon.array_sort(rows)), expression=sge.to_identifier("word"))
        return self.f.array_join(self.if_(self.f.anon.size(rows).eq(0), sge.Null(), words), sep)


def _bracketed(told: Any) -> Any:
    return sge.paren(told, copy=False) if isinstance(told, sge.Predicate | sge.RegexpLike | sge.Not) else told


def _pattern(op: Any, told: Any) -> Any:
    return sge.convert(java_pattern(op.value)) if isinstance(op, ops.Literal) else told
