"""Attach: records without a valid code join the one subject with a valid code that a key names.

Attached records never lend their own values to others, so no chain of weak likenesses can join two codes.
"""

import functools
import operator

import ibis
import ibis.expr.types as ir

from evenhand.link.anchors import filled
from evenhand.link.rules import Key, LinkRules

__all__ = ["common_names", "distinctive", "fitting", "hits", "shared_numbers", "unvetoed"]


def hits(unheld: ir.Table, cored: ir.Table, key: Key, *, order: int, common: ir.Table, rules: LinkRules) -> ir.Table:
    """What one key says about each record without a valid code, vetoes aside.

    Args:
        unheld: one row per record without a valid code; `branch` is its branch part, empty text when none.
        cored: one row per record with a valid code in `core`, with `branch`.
        key: the key to try.
        order: place of the key in the order of trust.
        common: names too common to decide with an area, column `name_match`.
        rules: limits and lists.

    Returns:
        One row per record that the key names a subject for: record_id, order, rule, low, high, evidence. `low` and `high` are
        the smallest and the largest code named; the key decides only when they are equal.
    """
    ours = unheld.filter(*filled(unheld, key.parts), *fitting(unheld, key), *distinctive(unheld, key, rules))
    if key.distinctive:
        ours = ours.anti_join(common, "name_match")
    named = [f"k{n}" for n in range(len(key.parts))]
    mine = ours.select("record_id", "branch", mine="uscc", **{k: ours[p] for k, p in zip(named, key.parts, strict=True)})
    held = cored.filter(filled(cored, key.theirs)).select("core", "branch", **{k: cored[p] for k, p in zip(named, key.theirs, strict=True)})
    held = held.semi_join(mine, [*named, "branch"])
    if key.code_within:
        pairs = mine.filter(mine.mine.notnull()).join(held.distinct(), [*named, "branch"])
        pairs = pairs.filter(near(pairs.mine, pairs.core, within=key.code_within))
        found = pairs.group_by("record_id", *named).agg(low=pairs.core.min(), high=pairs.core.max())
    else:
        index = held.group_by(*named, "branch").agg(low=held.core.min(), high=held.core.max())
        found = mine.join(index, [*named, "branch"]).select("record_id", *named, "low", "high")
    told = functools.reduce(operator.add, [part for k in named for part in (ibis.literal("｜"), found[k])][1:])
    return found.select(
        "record_id",
        "low",
        "high",
        order=ibis.literal(order, "int64"),
        rule=ibis.literal(key.id),
        evidence=ibis.literal(f"{key.title}：") + told,
    )


def fitting(table: ir.Table, key: Key) -> list[ir.BooleanValue]:
    """Conditions on the first part of a key."""
    first = table[key.parts[0]]
    return [*([first.re_search(key.like)] if key.like else []), *([~first.re_search(key.unlike)] if key.unlike else [])]


def distinctive(table: ir.Table, key: Key, rules: LinkRules) -> list[ir.BooleanValue]:
    """Conditions on the name of a distinctive key: long enough, and more than a trade that anybody may use."""
    if not key.distinctive:
        return []
    return [
        table.name_match.length() >= rules.limits.shortest_name,
        table.name_core.isnull() | table.name_core.notin(rules.common_names),
    ]


def near(left: ir.StringValue, right: ir.StringValue, *, within: int) -> ir.BooleanValue:
    """Whether two codes (ASCII) differ by at most so many edits and not at all in too many places to be a slip."""
    return (left.length() >= 18 - within) & (left.length() <= 18 + within) & (left.levenshtein(right) <= within)


def unvetoed(said: ir.Table, unheld: ir.Table, cored: ir.Table, column: str, *, rules: tuple[str, ...]) -> ir.Table:
    """Leave out hits whose record has another value in `column` than every record of the named subject that has one.

    Args:
        said: rows of `hits`, saved.
        unheld: one row per record without a valid code.
        cored: one row per record with a valid code in `core`.
        column: the column that may veto.
        rules: ids of the keys it vetoes.
    """
    asked = said.filter(said.low == said.high, said.rule.isin(rules)).select("record_id", core="low").distinct()
    asked = asked.join(unheld.filter(filled(unheld, (column,))).select("record_id", value=column), "record_id")
    known = cored.filter(filled(cored, (column,))).select("core", value=column)
    known = known.semi_join(asked, "core")
    same = known.join(asked, ["core", "value"]).select("record_id", "core").distinct()
    against = asked.semi_join(known, "core").anti_join(same, ["record_id", "core"])
    vetoed = against.select("record_id", low="core", high="core")
    kept = said.filter(said.rule.isin(rules)).anti_join(vetoed, ["record_id", "low", "high"])
    return ibis.union(said.filter(said.rule.notin(rules)), kept, distinct=False)


def common_names(cored: ir.Table, unheld: ir.Table, rules: LinkRules) -> ir.Table:
    """Names that more subjects share than the limit allows: one row per `name_match`."""
    asked = cored.filter(filled(cored, ("name_match",))).semi_join(unheld, "name_match")
    counted = asked.select("name_match", "core").distinct().group_by("name_match").agg(subjects=ibis._.count())
    return counted.filter(counted.subjects > rules.limits.most_namesakes).select("name_match")


def shared_numbers(cored: ir.Table, key: Key) -> ir.Table:
    """Numbers that stand under two valid codes: low, high, record_id, evidence; one row per number."""
    held = cored.filter(*filled(cored, key.parts), *fitting(cored, key))
    found = held.group_by(number=held[key.parts[0]]).agg(low=held.core.min(), high=held.core.max(), record_id=held.record_id.min())
    return found.filter(found.low != found.high).select("low", "high", "record_id", evidence=ibis.literal(f"{key.title}：") + found.number)
