"""Remainder: records that name no subject with a valid code form subjects among themselves."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evenhand.decisions import Decisions
from evenhand.engine import Engine
from evenhand.link.anchors import filled
from evenhand.link.attach import distinctive, fitting
from evenhand.link.rules import Key, LinkRules
from evenhand.link.settling import split_off

__all__ = ["components", "grouped"]


def grouped(left: ir.Table, *, rules: LinkRules, engine: Engine, decisions: Decisions | None = None) -> ir.Table:
    """Join records that share a key, through others too.

    Args:
        left: one row per record, with `branch`; none has a valid code.
        rules: the keys of `group`, in order of trust.
        engine: saves the numbered rows.
        decisions: pairs that people judged not the same; of two that share a key the right one's records leave.

    Returns:
        One row per record: record_id, anchor (smallest record_id of its subject), rule, score, evidence.
    """
    numbered = engine.save(left.mutate(place=ibis.row_number().over(order_by="record_id")))
    shared = [_sharing(numbered, key, rules).mutate(order=ibis.literal(n, "int64")) for n, key in enumerate(rules.group)]
    edges = engine.save(ibis.union(*shared, distinct=False))
    ends = engine.arrow(edges.filter(edges.place != edges.first).select("place", "first"))
    roots = components(ends["place"].to_numpy(), ends["first"].to_numpy(), size=engine.count(numbered))
    root = engine.table(pa.table({"place": np.arange(len(roots)), "root": roots}))
    anchors = numbered.select(root="place", anchor="record_id")
    best = edges.group_by("place").agg(order=edges.order.min())
    rows = numbered.join(root, "place").join(anchors, "root").left_join(best, "place").drop("place_right")
    whole = engine.save(rows.select("record_id", "anchor", **_told(rows, rules)))
    return _parted(whole, rules, decisions, engine) if decisions and decisions.aparts.num_rows else whole


def _parted(whole: ir.Table, rules: LinkRules, decisions: Decisions, engine: Engine) -> ir.Table:
    """Records on the right of a judgement leave the subject they share with one on the left; what stays behind is anchored anew."""
    told = engine.table(decisions.aparts).select(left_id="left", right_id="right", unit="decision")
    pairs = told.join(whole.select(left_id="record_id", left_anchor="anchor"), "left_id")
    pairs = pairs.join(whole.select(right_id="record_id", right_anchor="anchor"), "right_id")
    leaving = pairs.filter(pairs.left_anchor == pairs.right_anchor)
    leaving = engine.save(leaving.group_by(record_id="right_id").agg(unit=leaving.unit.max()))
    gone = split_off(whole.join(leaving, "record_id"), rules)
    stay = engine.save(whole.anti_join(leaving, "record_id"))
    anchors = stay.group_by("anchor").agg(first=stay.record_id.min())
    kept = stay.join(anchors, "anchor").select("record_id", "rule", "score", "evidence", anchor="first")
    return engine.save(ibis.union(kept.select(*gone.columns), gone, distinct=False))


def components(left: NDArray[np.int64], right: NDArray[np.int64], *, size: int) -> NDArray[np.int64]:
    """Smallest member of the connected component of each of `size` nodes.

    >>> components(np.array([1, 4]), np.array([0, 3]), size=5).tolist()
    [0, 0, 2, 3, 3]
    """
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    smallest = np.full(count, size, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(size))
    return smallest[labels]


def _sharing(numbered: ir.Table, key: Key, rules: LinkRules) -> ir.Table:
    """Rows that share the key with another, where no veto column says two things: place, and the first place that has it."""
    rows = numbered.filter(*filled(numbered, key.parts), *fitting(numbered, key), *distinctive(numbered, key, rules))
    by = [*key.parts, "branch"]
    told = rows.group_by(*by).agg(
        first=rows.place.min(),
        size=rows.count(),
        **{f"{v}_lo": rows[v].min() for v in key.veto},
        **{f"{v}_hi": rows[v].max() for v in key.veto},
    )
    agreed = [told[f"{v}_lo"].isnull() | (told[f"{v}_lo"] == told[f"{v}_hi"]) for v in key.veto]
    return rows.select("place", *by).join(told.filter(told["size"] > 1, *agreed), by).select("place", "first")


def _told(rows: ir.Table, rules: LinkRules) -> dict[str, ir.Value]:
    """Rule, score and evidence of each row by the most trusted key it shares."""
    keys = dict(enumerate(rules.group))

    def by_key(values: list[ir.Value], otherwise: ir.Value) -> ir.Value:
        return ibis.cases(*[(rows.order == n, v) for n, v in zip(keys, values, strict=True)], else_=otherwise)

    def told(title: str, parts: tuple[str, ...]) -> ir.Value:
        text: ir.StringValue = ibis.literal(f"{title}：")
        for n, part in enumerate(parts):
            text = text + (ibis.literal("｜") + rows[part] if n else rows[part])
        return text

    return {
        "rule": by_key([ibis.literal(k.id) for k in keys.values()], ibis.literal(rules.alone.id)),
        "score": by_key([ibis.literal(k.score) for k in keys.values()], ibis.literal(rules.alone.score)),
        "evidence": by_key([told(k.title, k.parts) for k in keys.values()], ibis.literal(rules.alone.title)),
    }
