"""Mistyped: what a wrong text must have been if one thing is wrong with it.

Every table has one row per record and candidate: record_id, code, way, told (what was wrong, in words). None of them is confirmed yet.
"""

import re
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.identifiers.check_digits import ALPHABET_31, WEIGHTS_MOD31
from evenhand.identifiers.uscc import SHAPE

__all__ = ["CODE_PATTERN", "LENGTH", "candidates_of_text", "with_check_sign"]

LENGTH: Final = 18
CODE_PATTERN: Final = re.sub(r"\((?!\?)", "(?:", "".join(segment.whole for segment in SHAPE.layouts[0].segments))
"""A unified code inside a text, check signs aside."""

_WEIGHTS: Final = (*WEIGHTS_MOD31, 1)
_SHORTEST_CUT: Final = 14
_DIVISION: Final = (2, 7)


def candidates_of_text(wrong: ir.Table, codes: ir.Table, *, confusable: dict[str, str], engine: Engine) -> ir.Table:
    """Return what each wrong text may have been.

    Args:
        wrong: record_id, text; one row per record with a wrong code, cleaned.
        codes: every code that may come out, column `code`, each once; only cut-off texts are looked up here.
        confusable: sign → the signs it is taken for.
        engine: saves the small table of places.
    """
    places = engine.table(_places())
    whole = wrong.filter(wrong.text.length() == LENGTH)
    whole = engine.save(whole.mutate(syndrome=_syndrome(whole.text)))
    short, long = wrong.filter(wrong.text.length() == LENGTH - 1), wrong.filter(wrong.text.length() == LENGTH + 1)
    found = [
        _substituted(whole, places, confusable),
        _transposed(whole, places),
        _unconfused(whole, confusable),
        _completed(short, places),
        _shortened(long, places),
        _embedded(wrong),
        _cut_off(wrong, codes),
    ]
    return ibis.union(*[t.select("record_id", "code", "way", "told") for t in found], distinct=False)


def with_check_sign(body: ir.StringValue) -> ir.StringValue:
    """Return 17 signs with their check sign; nonsense in, nonsense out."""
    draft = body + ibis.literal("0")
    return body + _solved(draft, ibis.literal(LENGTH - 1), ibis.literal(30), _syndrome(draft))


def _places() -> pa.Table:
    """One row per place, counted from 0: `undo`, the factor that turns the syndrome into a change of the sign there; `drop`, weight here less weight of the next."""
    undo = [-pow(weight, -1, 31) % 31 for weight in _WEIGHTS]
    drop = [(one - other) % 31 for one, other in zip(_WEIGHTS, [*_WEIGHTS[1:], 0], strict=True)]
    return pa.table({"place": pa.array(range(LENGTH), pa.int16()), "undo": pa.array(undo, pa.int16()), "drop": pa.array(drop, pa.int16())})


def _value(text: ir.StringValue, place: ir.IntegerValue | int) -> ir.IntegerValue:
    return ibis.literal(ALPHABET_31).find(text.substr(place, 1)).cast("int16")


def _syndrome(text: ir.StringValue) -> ir.IntegerValue:
    """What the weighted sum of 18 signs is above a multiple of 31, from 0 to 30; 0 for a right code. A sign outside the alphabet counts -1."""
    total = reduce(add, [_value(text, place) * weight for place, weight in enumerate(_WEIGHTS)])
    return (total % 31 + 31) % 31


def _solved(text: ir.StringValue, place: ir.IntegerValue, undo: ir.IntegerValue, syndrome: ir.IntegerValue) -> ir.StringValue:
    """The one sign at `place` with which the sum comes out."""
    return ibis.literal(ALPHABET_31).substr((_value(text, place) + 31 + syndrome * undo) % 31, 1)


def _with(text: ir.StringValue, place: ir.IntegerValue, sign: ir.StringValue, skip: int = 1) -> ir.StringValue:
    return text.left(place) + sign + text.substr(place + skip)


def _nth(place: ir.IntegerValue) -> ir.StringValue:
    return ibis.literal("第") + (place + 1).cast("string") + ibis.literal("位")


def _substituted(whole: ir.Table, places: ir.Table, confusable: dict[str, str]) -> ir.Table:
    rows = whole.cross_join(places)
    rows = rows.mutate(old=rows.text.substr(rows.place, 1), new=_solved(rows.text, rows.place, rows.undo, rows.syndrome))
    rows = rows.mutate(code=_with(rows.text, rows.place, rows.new))
    # A division is digits alone; whether the check sign inside holds, the look-up tells for less than working it out.
    digits = (rows.place < _DIVISION[0]) | (rows.place > _DIVISION[1]) | (rows.new <= ibis.literal("9"))
    rows = rows.filter(rows.old != rows.new, digits)
    pairs = [f"{old}{new}" for old, signs in confusable.items() for new in signs]
    alike = (rows.old + rows.new).isin(pairs)
    return rows.mutate(
        way=alike.ifelse(ibis.literal("confusable"), ibis.literal("substitution")),
        told=_nth(rows.place) + ibis.literal("“") + rows.old + ibis.literal("”应为“") + rows.new + ibis.literal("”"),
    )


def _transposed(whole: ir.Table, places: ir.Table) -> ir.Table:
    rows = whole.cross_join(places.filter(places.place < LENGTH - 1))
    rows = rows.mutate(one=rows.text.substr(rows.place, 1), other=rows.text.substr(rows.place + 1, 1))
    step = _value(rows.text, rows.place + 1) - _value(rows.text, rows.place) + 31
    rows = rows.filter(rows.one != rows.other, (rows.syndrome + rows["drop"] * step) % 31 == 0)
    return rows.mutate(
        code=_with(rows.text, rows.place, rows.other + rows.one, skip=2),
        way=ibis.literal("transposition"),
        told=_nth(rows.place)
        + ibis.literal("与后一位颠倒：“")
        + rows.one
        + rows.other
        + ibis.literal("”应为“")
        + rows.other
        + rows.one
        + ibis.literal("”"),
    )


def _unconfused(whole: ir.Table, confusable: dict[str, str]) -> ir.Table:
    """Texts with several letters that codes do not use: each taken for what it looks like (of two readings, each throughout)."""
    illegal = {old: signs for old, signs in confusable.items() if old not in ALPHABET_31}
    rows = whole.filter(whole.text.re_search(f"[{''.join(illegal)}].*[{''.join(illegal)}]")) if illegal else whole.limit(0)
    readings = {
        "".join(signs[min(n, len(signs) - 1)] for signs in illegal.values()) for n in range(max(map(len, illegal.values()), default=0))
    }
    read = [rows.mutate(code=rows.text.translate("".join(illegal), signs)) for signs in sorted(readings)] or [rows.mutate(code=rows.text)]
    tables = [t.select("record_id", "text", "code") for t in read]
    told = ibis.union(*tables, distinct=True) if len(tables) > 1 else tables[0]
    return told.mutate(way=ibis.literal("confusable"), told=ibis.literal("数处形近字母应为数字"))


def _completed(short: ir.Table, places: ir.Table) -> ir.Table:
    rows = short.cross_join(places)
    rows = rows.mutate(draft=_with(rows.text, rows.place, ibis.literal("0"), skip=0))
    rows = rows.mutate(new=_solved(rows.draft, rows.place, rows.undo, _syndrome(rows.draft)))
    return rows.mutate(
        code=_with(rows.draft, rows.place, rows.new),
        way=ibis.literal("missing"),
        told=_nth(rows.place) + ibis.literal("漏写“") + rows.new + ibis.literal("”"),
    )


def _shortened(long: ir.Table, places: ir.Table) -> ir.Table:
    rows = long.cross_join(ibis.union(places.select("place"), places.limit(1).select(place=ibis.literal(LENGTH, "int16")), distinct=False))
    return rows.mutate(
        code=_with(rows.text, rows.place, ibis.literal("")), way=ibis.literal("doubled"),
        told=_nth(rows.place) + ibis.literal("多写“") + rows.text.substr(rows.place, 1) + ibis.literal("”"),
    )  # fmt: skip


def _embedded(wrong: ir.Table) -> ir.Table:
    rows = wrong.filter(wrong.text.length() > LENGTH)
    rows = rows.mutate(code=rows.text.re_extract(f"({CODE_PATTERN})", 1))
    return rows.filter(rows.code != "").mutate(way=ibis.literal("embedded"), told=ibis.literal("代码夹在较长的文本中"))


def _cut_off(wrong: ir.Table, codes: ir.Table) -> ir.Table:
    rows = wrong.filter(wrong.text.length() >= _SHORTEST_CUT, wrong.text.length() < LENGTH - 1)
    known = codes.mutate(head=codes.code.left(_SHORTEST_CUT))
    pairs = rows.mutate(head=rows.text.left(_SHORTEST_CUT)).join(known, "head")
    pairs = pairs.filter(pairs.code.startswith(pairs.text))
    return pairs.mutate(way=ibis.literal("truncated"), told=ibis.literal("代码尾部被截断"))
