"""Link: the order of the steps, and the two tables they give."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.decisions import Decisions, no_decisions
from evenhand.engine import Engine
from evenhand.link.anchors import VALID, subject_id
from evenhand.link.attach import common_names, hits, shared_numbers, unvetoed
from evenhand.link.likeness import COMPARED, likeness
from evenhand.link.likeness_rules import Likeness, read_likeness
from evenhand.link.merging import Previous, judged, name_clusters
from evenhand.link.remainder import grouped
from evenhand.link.rules import Doubt, LinkRules, read_link_rules
from evenhand.link.settling import allowed, settle
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["Linked", "link"]

_KINDS: Final = tuple(name for name, extract in EXTRACTS.items() if extract.bears_subject)


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Which subject each record belongs to, and what a person must decide."""

    membership: ir.Table
    """One row per record that speaks of a subject: columns of `TABLES["membership"]`."""
    conflict: ir.Table
    """One row per doubt: columns of `TABLES["conflict"]`."""
    forward: ir.Table
    """One row per id that no subject bears any more: columns of `TABLES["forward"]`."""
    weights: ir.Table
    """One row per compared record and part: columns of `TABLES["link_weight"]`."""


def link(record: ir.Table, *, pack: Pack, engine: Engine, decisions: Decisions | None = None, previous: Previous | None = None) -> Linked:
    """Tell which records speak of the same subject (主体归并).

    Args:
        record: one row per row of every delivery, columns of `TABLES["record"]`.
        pack: its `link/keys.yaml` holds keys, order, limits.
        engine: saves what is used twice.
        decisions: what people decided; none when not given.
        previous: ids of the release before, which subjects keep; none for the first.

    Returns:
        Membership with exactly one row per record of a kind that bears a subject, the doubts, and where old ids lead. None of them
        depends on the order of rows or of independent decisions.

    Raises:
        BadInput: the pack's linking rules are missing or bad.
    """
    rules, model, decisions = read_link_rules(pack), read_likeness(pack), decisions or no_decisions()
    subjects = record.filter(record.kind.isin(_KINDS)).mutate(branch=record.name_branch.fill_null(""))
    settled = settle(subjects, decisions, rules, engine)
    # A problem stands under the head of its inspection: it follows that record, unless it has a valid code itself.
    rows, followers = _followers(settled.rows, engine)
    # The organisation code is part of the unified code, so it is read out of it when it is not given.
    cored = rows.filter(rows.uscc_state.isin(VALID)).mutate(
        core=rows.uscc, organisation_code=ibis.coalesce(rows.organisation_code, rows.uscc.substr(8, 9))
    )
    unheld = engine.save(rows.filter(~rows.uscc_state.isin(VALID) | rows.uscc_state.isnull()).select(*_needed(rules)))
    said, decided, still_open = _attached(unheld, cored, rules, settled.forbidden, engine=engine)
    liked = likeness(still_open, cored, model, order=len(rules.attach), engine=engine) if model else None
    if liked:
        alike = engine.save(allowed(liked.decided, settled.forbidden))
        still_open = engine.save(still_open.anti_join(alike, "record_id"))
        decided = ibis.union(decided.mutate(score=_score(decided, rules)), alike, distinct=False)
    else:
        decided = decided.mutate(score=_score(decided, rules))
    remainder = grouped(still_open, rules=rules, decisions=decisions, engine=engine)
    clustered = _clustered(cored, decided, remainder, settled.apart, rules)
    clustered = ibis.union(clustered, _following(clustered, followers, rules), distinct=False)
    doubts = _conflict(cored, said, decided, remainder, rules)
    if liked and model:
        doubts = ibis.union(doubts, _unsure(liked.doubtful, remainder, model), distinct=False)
    weights = liked.weights if liked else engine.table(TABLES["link_weight"].schema.to_pyarrow().empty_table())
    return _named(clustered, engine.save(doubts), weights, rules, decisions, previous, engine)


def _followers(rows: ir.Table, engine: Engine) -> tuple[ir.Table, ir.Table]:
    """The rows that lead, and one row per problem that follows an inspection: record_id, leader, inspection_no."""
    heads = rows.filter(rows.kind == "inspection", rows.inspection_no.notnull())
    heads = heads.group_by("inspection_no").agg(leader=heads.record_id.min())
    lost = rows.filter(rows.kind == "inspection_problem", ~rows.uscc_state.isin(VALID))
    followers = engine.save(lost.select("record_id", "inspection_no").join(heads, "inspection_no"))
    return rows.anti_join(followers, "record_id"), followers


def _following(clustered: ir.Table, followers: ir.Table, rules: LinkRules) -> ir.Table:
    heads = clustered.select("anchor", "coded", leader="record_id").semi_join(followers, "leader")
    found = followers.join(heads, "leader")
    return found.select(
        "record_id", "anchor", "coded", rule=ibis.literal(rules.follow.id), score=ibis.literal(rules.follow.score),
        evidence=ibis.literal(f"{rules.follow.title}：") + found.inspection_no,
    )  # fmt: skip


def _score(decided: ir.Table, rules: LinkRules) -> ir.FloatingValue:
    return ibis.cases(*[(decided.rule == key.id, ibis.literal(key.score)) for key in rules.attach], else_=ibis.literal(0.0))


def _unsure(doubtful: ir.Table, remainder: ir.Table, model: Likeness) -> ir.Table:
    """Doubts of the model: the record's own cluster beside the code it resembles; the smallest record stands for the pair."""
    pairs = doubtful.join(remainder.select("record_id", low="anchor"), "record_id").rename(high="code")
    first = pairs.group_by("low", "high").agg(evidence=pairs.evidence.argmin(pairs.record_id), record_id=pairs.record_id.min())
    return first.select(rule=ibis.literal(model.doubt.id), low="low", high="high", evidence="evidence", record_id="record_id")


def _named(
    clustered: ir.Table,
    doubts: ir.Table,
    weights: ir.Table,
    rules: LinkRules,
    decisions: Decisions,
    previous: Previous | None,
    engine: Engine,
) -> Linked:
    """Membership and doubts with their ids. Without decisions and a previous release an id follows from the anchor alone."""
    if not decisions.lines and previous is None:
        own = subject_id(clustered.anchor)
        membership = clustered.mutate(own_id=own, subject_id=own)
        conflict = doubts.mutate(left_id=subject_id(doubts.low), right_id=subject_id(doubts.high), judged=ibis.null("string"))
        forward = engine.table(TABLES["forward"].schema.to_pyarrow().empty_table())
    else:
        clustered = engine.keep(clustered)
        named = name_clusters(clustered, decisions, previous, engine)
        ids = named.clusters
        rows = clustered.join(ids, "anchor")
        merged = rows.merge.notnull() & (rows.own_id != rows.subject_id)
        by_people = ibis.literal(f"{rules.people.merge.title}：") + rows.merge + ibis.literal("；") + rows.evidence
        membership = rows.mutate(
            rule=merged.ifelse(ibis.literal(rules.people.merge.id), rows.rule), evidence=merged.ifelse(by_people, rows.evidence)
        )
        lows, highs = ids.select(low="anchor", left_id="subject_id"), ids.select(high="anchor", right_id="subject_id")
        pairs = doubts.join(lows, "low").join(highs, "high")
        pairs = pairs.filter(pairs.left_id != pairs.right_id)
        conflict = judged(pairs, membership, ids, decisions, engine)
        forward = named.forward
    return Linked(
        membership=_as("membership", membership),
        conflict=engine.save(_as("conflict", conflict)),
        forward=_as("forward", forward),
        weights=_as("link_weight", weights),
    )


def _as(name: str, table: ir.Table) -> ir.Table:
    return table.select(*TABLES[name].names).cast(TABLES[name].schema)


def _needed(rules: LinkRules) -> list[str]:
    used = {c for key in (*rules.attach, *rules.group) for c in (*key.parts, *key.veto)}
    return sorted(used | {"record_id", "uscc", "branch", *COMPARED})


def _attached(
    unheld: ir.Table, cored: ir.Table, rules: LinkRules, forbidden: ir.Table | None, *, engine: Engine
) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Ask the keys tier by tier: what each said, what was decided, and the records still open."""
    common = engine.save(common_names(cored, unheld, rules))
    said, decided, still_open = [], [], unheld
    for _, tier in groupby(enumerate(rules.attach), key=lambda placed: placed[1].tier):
        keys = list(tier)
        told = _all([hits(still_open, cored, key, order=n, common=common, rules=rules) for n, key in keys])
        told = engine.save(allowed(told, forbidden))
        for column in sorted({c for _, key in keys for c in key.veto}):
            told = engine.save(unvetoed(told, still_open, cored, column, rules=tuple(key.id for _, key in keys if column in key.veto)))
        said.append(told)
        decided.append(engine.save(_most_trusted(said[-1].filter(said[-1].low == said[-1].high))))
        still_open = engine.save(still_open.anti_join(decided[-1], "record_id"))
    return _all(said), _all(decided), still_open


def _all(tables: list[ir.Table]) -> ir.Table:
    return ibis.union(*tables, distinct=False) if len(tables) > 1 else tables[0]


def _most_trusted(said: ir.Table) -> ir.Table:
    """One row per record: what its first key in the order says."""
    first = said.group_by("record_id").agg(order=said.order.min())
    return said.join(first, ["record_id", "order"])


def _clustered(cored: ir.Table, decided: ir.Table, remainder: ir.Table, apart: ir.Table | None, rules: LinkRules) -> ir.Table:
    """One row per record: record_id, anchor, coded, rule, score, evidence."""
    people = rules.people.code
    by_person = cored.settled.notnull()
    exact = cored.select(
        "record_id", anchor="core", coded=ibis.literal(value=True),
        rule=by_person.ifelse(ibis.literal(people.id), ibis.literal(rules.exact.id)), score=ibis.literal(rules.exact.score),
        evidence=by_person.ifelse(ibis.literal(f"{people.title}：") + cored.settled, ibis.literal(f"{rules.exact.title}：") + cored.core),
    )  # fmt: skip
    attached = decided.select("record_id", anchor="low", coded=ibis.literal(value=True), rule="rule", score="score", evidence="evidence")
    alone = [
        t.select("record_id", "anchor", "rule", "score", "evidence").mutate(coded=ibis.literal(value=False))
        for t in (remainder, apart)
        if t is not None
    ]
    names = ("record_id", "anchor", "coded", "rule", "score", "evidence")
    return ibis.union(*[t.select(*names) for t in (exact, attached, *alone)], distinct=False)


def _conflict(cored: ir.Table, said: ir.Table, decided: ir.Table, remainder: ir.Table, rules: LinkRules) -> ir.Table:
    """One row per kind of doubt and pair of codes (low, high); the smallest record stands for the pair."""
    numbers = [n for n, key in enumerate(rules.attach) if key.tier == "number"]
    doubts = [_doubt(shared_numbers(cored, rules.attach[n]), rules.doubts.number_shared) for n in numbers]
    undecided = _most_trusted(said.filter(said.low != said.high).semi_join(remainder, "record_id"))
    doubts.append(_doubt(undecided, rules.doubts.undecided))
    chosen = decided.select("record_id", core="low")
    other = said.filter(said.low == said.high, said.order.isin(numbers)).join(chosen, "record_id")
    other = other.filter(other.low != other.core)
    pairs = other.select("record_id", "evidence", low=ibis.least(other.core, other.low), high=ibis.greatest(other.core, other.low))
    doubts.append(_doubt(pairs, rules.doubts.contradicted))
    every = ibis.union(*doubts, distinct=False)
    each = every.group_by("rule", "low", "high", "evidence").agg(record_id=every.record_id.min())
    return each.group_by("rule", "low", "high").agg(
        evidence=each.evidence.group_concat("；", order_by=each.evidence), record_id=each.record_id.min()
    )


def _doubt(pairs: ir.Table, doubt: Doubt) -> ir.Table:
    return pairs.select(
        rule=ibis.literal(doubt.id), low="low", high="high", record_id="record_id",
        evidence=ibis.literal(f"{doubt.title}；") + pairs.evidence,
    )  # fmt: skip
