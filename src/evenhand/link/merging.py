"""Merging: clusters that people joined, ids that outlive a delivery, and pairs that people judged.

A cluster is named by its anchor. Its own id is the one it had in the previous release, else one made from the anchor; merges by people lie
above that, so withdrawing one gives every id back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.decisions import Decisions
from evenhand.engine import Engine
from evenhand.link.anchors import subject_id

__all__ = ["Named", "Previous", "judged", "merges", "name_clusters"]


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What the previous release said: its membership (record_id, own_id) and forwards (old_id, new_id)."""

    membership: ir.Table
    forward: ir.Table


@dataclass(frozen=True, kw_only=True)
class Named:
    """Ids of clusters."""

    clusters: ir.Table
    """One row per anchor: anchor, own_id, subject_id, merge (the decision that joined it to another cluster, else NULL)."""
    forward: ir.Table
    """One row per id that no subject bears any more: columns of `TABLES["forward"]`."""


def name_clusters(clustered: ir.Table, decisions: Decisions, previous: Previous | None, engine: Engine) -> Named:
    """Give each cluster its id.

    Args:
        clustered: one row per record: record_id, anchor; `coded` when the anchor is a valid code.
        decisions: merges by people.
        previous: ids of the release before; None for the first.
        engine: saves what is used twice.
    """
    anchors = clustered.group_by("anchor").agg(coded=clustered.coded.max())
    own = engine.save(_carried(clustered, anchors, previous, engine) if previous else anchors.mutate(own_id=subject_id(anchors.anchor)))
    joined = engine.table(_joined(decisions, clustered, own, engine))
    whole = own.left_join(joined, "own_id")
    clusters = engine.save(whole.select("anchor", "own_id", subject_id=whole.kept_id.coalesce(whole.own_id), merge="merge"))
    gone = clusters.filter(clusters.own_id != clusters.subject_id).select(
        old_id="own_id", new_id="subject_id", why=ibis.literal("人工合并")
    )
    if previous:
        gone = ibis.union(gone, _outgrown(clustered, clusters, previous), distinct=False)
    alive = clusters.select(old_id="subject_id").distinct()
    gone = gone.anti_join(alive, "old_id")
    forward = gone.group_by("old_id").agg(new_id=gone.new_id.min(), why=gone.why.min())
    return Named(clusters=clusters, forward=engine.save(forward))


def _carried(clustered: ir.Table, anchors: ir.Table, previous: Previous, engine: Engine) -> ir.Table:
    """Own ids, kept from the previous release: each old id goes to the cluster named after it, else to the one with its smallest record.

    A cluster that could keep several keeps the one made from its anchor, else the smallest. Nobody is given an id that another keeps.
    """
    anchors = anchors.mutate(made_id=subject_id(anchors.anchor))
    held = clustered.select("record_id", "anchor").join(previous.membership, "record_id")
    claims = held.group_by("own_id", "anchor").agg(first=held.record_id.min()).join(anchors, "anchor")
    claims = claims.mutate(strange=claims.made_id != claims.own_id)
    rank = ibis.row_number().over(group_by="own_id", order_by=["strange", "first"])
    won = engine.save(claims.mutate(rank=rank).filter(ibis._.rank == 0).select("own_id", "anchor", "strange"))
    rank = ibis.row_number().over(group_by="anchor", order_by=["strange", "own_id"])
    kept = won.mutate(rank=rank).filter(ibis._.rank == 0).select("anchor", kept_id="own_id")
    whole = engine.save(anchors.left_join(kept, "anchor").select("anchor", "coded", "made_id", "kept_id"))
    taken = whole.filter(whole.kept_id.notnull()).select(taken_id="kept_id")
    fresh = whole.filter(whole.kept_id.isnull()).left_join(taken, [("made_id", "taken_id")])
    other = subject_id(fresh.anchor + "#")
    named = fresh.select("anchor", "coded", own_id=fresh.taken_id.isnull().ifelse(fresh.made_id, other))
    return ibis.union(whole.filter(whole.kept_id.notnull()).select("anchor", "coded", own_id="kept_id"), named, distinct=False)


def _outgrown(clustered: ir.Table, clusters: ir.Table, previous: Previous) -> ir.Table:
    """Ids of the previous release whose records now stand under another id, and forwards that still lead somewhere."""
    held = clustered.select("record_id", "anchor").join(previous.membership, "record_id")
    first = held.group_by("own_id").agg(record_id=held.record_id.min())
    now = first.join(clustered.select("record_id", "anchor"), "record_id").join(clusters.select("anchor", "subject_id"), "anchor")
    moved = now.select(old_id="own_id", new_id="subject_id", why=ibis.literal("归并变化"))
    through = previous.forward.select("old_id", "new_id").join(moved.select(middle="old_id", last="new_id"), [("new_id", "middle")])
    through = through.select("old_id", new_id="last", why=ibis.literal("归并变化"))
    return ibis.union(moved, through, distinct=False)


def _joined(decisions: Decisions, clustered: ir.Table, own: ir.Table, engine: Engine) -> pa.Table:
    """Own ids that people joined to another: own_id, kept_id, merge. A merge that would join two valid codes is left out whole."""
    named = decisions.joins
    found: dict[str, tuple[str, str, bool]] = {}
    if named.num_rows:
        asked = engine.table(pa.table({"reference": named["reference"].unique()}))
        by_record = clustered.join(asked, [("record_id", "reference")]).select(reference="record_id", anchor="anchor")
        by_code = own.join(asked, [("anchor", "reference")]).select(reference="anchor", anchor="anchor")
        rows = ibis.union(by_record, by_code, distinct=True).join(own, "anchor").select("reference", "anchor", "own_id", "coded")
        found = {r["reference"]: (r["own_id"], r["anchor"], r["coded"]) for r in engine.arrow(rows).to_pylist()}
    return merges(((row["decision"], row["reference"]) for row in named.to_pylist()), found)


def merges(named: Iterable[tuple[str, str]], found: dict[str, tuple[str, str, bool]]) -> pa.Table:
    """Which own ids are joined, and under which id.

    Args:
        named: decision and reference, in the order of decisions.
        found: own id, anchor and whether the anchor is a code, by reference.

    >>> merges([("d1", "a"), ("d1", "b")], {"a": ("S2", "r2", False), "b": ("S1", "r1", False)}).to_pylist()
    [{'own_id': 'S1', 'kept_id': 'S1', 'merge': 'd1'}, {'own_id': 'S2', 'kept_id': 'S1', 'merge': 'd1'}]
    """
    wishes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for decision, reference in named:
        if reference in found:
            own_id, _, coded = found[reference]
            wishes[decision].append((own_id, coded))
    group: dict[str, set[str]] = {}
    why: dict[str, str] = {}
    coded_ids = {own_id for own_id, _, coded in found.values() if coded}
    for decision, members in wishes.items():
        together = set[str]().union(*(group.get(own_id, {own_id}) for own_id, _ in members))
        if len(together) < 2 or len(together & coded_ids) > 1:  # noqa: PLR2004 — two make a merge; two codes forbid it
            continue
        for own_id in together:
            group[own_id] = together
            why.setdefault(own_id, decision)
    rows = [(own_id, next(iter(together & coded_ids), min(together)), why[own_id]) for own_id, together in sorted(group.items())]
    return pa.table({name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(("own_id", "kept_id", "merge"))})


def judged(conflict: ir.Table, members: ir.Table, codes: ir.Table, decisions: Decisions, engine: Engine) -> ir.Table:
    """Leave out doubts that people settled; one whose evidence is new comes back with the old judgement in `judged`.

    Args:
        conflict: one row per doubt.
        members: one row per record: record_id, subject_id.
        codes: one row per coded cluster: anchor, subject_id.
        decisions: pairs judged not the same.
        engine: holds the small tables.
    """
    if not decisions.aparts.num_rows:
        return conflict.mutate(judged=ibis.null("string"))
    told = engine.table(decisions.aparts)
    asked = ibis.union(told.select(reference="left"), told.select(reference="right"), distinct=True)
    ids = engine.save(ibis.union(
        members.join(asked, [("record_id", "reference")]).select(reference="record_id", subject_id="subject_id"),
        codes.join(asked, [("anchor", "reference")]).select(reference="anchor", subject_id="subject_id"), distinct=True,
    ))  # fmt: skip
    lefts, rights = ids.select(left="reference", one="subject_id"), ids.select(right="reference", other="subject_id")
    pairs = told.join(lefts, "left").join(rights, "right")
    pairs = pairs.mutate(left_id=ibis.least(pairs.one, pairs.other), right_id=ibis.greatest(pairs.one, pairs.other))
    pairs = engine.save(
        pairs.group_by("left_id", "right_id").agg(seen=pairs.seen.group_concat("\n", order_by="decision"), judged=pairs.judged.max())
    )
    low, high = ibis.least(conflict.left_id, conflict.right_id), ibis.greatest(conflict.left_id, conflict.right_id)
    rows = conflict.mutate(low=low, high=high).left_join(pairs.rename(low="left_id", high="right_id"), ["low", "high"])
    lines = ibis.literal("\n") + rows.seen + ibis.literal("\n")
    known = rows.judged.notnull() & ((rows.seen == "") | lines.contains(ibis.literal("\n") + rows.evidence + ibis.literal("\n")))
    return rows.filter(~known).select(*conflict.columns, "judged")
