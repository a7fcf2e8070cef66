"""Link: the order of the steps, and the two tables they give."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.link.anchors import VALID, subject_id
from evenhand.link.attach import common_names, hits, shared_numbers, unvetoed
from evenhand.link.remainder import grouped
from evenhand.link.rules import Doubt, LinkRules, read_link_rules
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


def link(record: ir.Table, *, pack: Pack, engine: Engine) -> Linked:
    """Tell which records speak of the same subject (主体归并).

    Args:
        record: one row per row of every delivery, columns of `TABLES["record"]`.
        pack: its `link/keys.yaml` holds keys, order, limits.
        engine: saves what is used twice.

    Returns:
        Membership with exactly one row per record of a kind that bears a subject, and the doubts. Neither depends on the order of rows.

    Raises:
        BadInput: the pack's linking rules are missing or bad.
    """
    rules = read_link_rules(pack)
    # The organisation code is part of the unified code, so it is read out of it when it is not given.
    subjects = record.filter(record.kind.isin(_KINDS)).mutate(branch=record.name_branch.fill_null(""))
    cored = subjects.filter(subjects.uscc_state.isin(VALID)).mutate(
        core=subjects.uscc, organisation_code=ibis.coalesce(subjects.organisation_code, subjects.uscc.substr(8, 9))
    )
    unheld = engine.save(subjects.filter(~subjects.uscc_state.isin(VALID) | subjects.uscc_state.isnull()).select(*_needed(rules)))
    said, decided, still_open = _attached(unheld, cored, rules, engine=engine)
    remainder = grouped(still_open, rules=rules, engine=engine)
    return Linked(
        membership=_membership(cored, decided, remainder, rules), conflict=engine.save(_conflict(cored, said, decided, remainder, rules))
    )


def _needed(rules: LinkRules) -> list[str]:
    used = {c for key in (*rules.attach, *rules.group) for c in (*key.parts, *key.veto)}
    return sorted(used | {"record_id", "uscc", "branch", "name_match", "name_core"})


def _attached(unheld: ir.Table, cored: ir.Table, rules: LinkRules, *, engine: Engine) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Ask the keys tier by tier: what each said, what was decided, and the records still open."""
    common = engine.save(common_names(cored, unheld, rules))
    said, decided, still_open = [], [], unheld
    for _, tier in groupby(enumerate(rules.attach), key=lambda placed: placed[1].tier):
        keys = list(tier)
        told = engine.save(_all([hits(still_open, cored, key, order=n, common=common, rules=rules) for n, key in keys]))
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


def _membership(cored: ir.Table, decided: ir.Table, remainder: ir.Table, rules: LinkRules) -> ir.Table:
    names = TABLES["membership"].names
    exact = cored.select(
        "record_id", subject_id=subject_id(cored.core), rule=ibis.literal(rules.exact.id), score=ibis.literal(rules.exact.score),
        evidence=ibis.literal(f"{rules.exact.title}：") + cored.core,
    )  # fmt: skip
    scores = [(decided.rule == key.id, ibis.literal(key.score)) for key in rules.attach]
    attached = decided.select(
        "record_id",
        subject_id=subject_id(decided.low),
        rule="rule",
        score=ibis.cases(*scores, else_=ibis.literal(0.0)),
        evidence="evidence",
    )
    own = remainder.select("record_id", subject_id=subject_id(remainder.anchor), rule="rule", score="score", evidence="evidence")
    return ibis.union(exact.select(*names), attached.select(*names), own.select(*names), distinct=False).cast(TABLES["membership"].schema)


def _conflict(cored: ir.Table, said: ir.Table, decided: ir.Table, remainder: ir.Table, rules: LinkRules) -> ir.Table:
    """One row per kind of doubt and pair of subjects; the smallest record stands for the pair."""
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
    one = every.group_by("rule", "left_id", "right_id").agg(
        evidence=every.evidence.argmin(every.record_id + every.evidence), record_id=every.record_id.min()
    )
    return one.select(*TABLES["conflict"].names).cast(TABLES["conflict"].schema)


def _doubt(pairs: ir.Table, doubt: Doubt) -> ir.Table:
    return pairs.select(
        rule=ibis.literal(doubt.id), left_id=subject_id(pairs.low), right_id=subject_id(pairs.high), record_id="record_id",
        evidence=ibis.literal(f"{doubt.title}；") + pairs.evidence,
    )  # fmt: skip
