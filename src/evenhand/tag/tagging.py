"""Tagging: every rule asked of its view, and one row per subject and tag.

Rules that alone give a tag from a view with one row per subject need no gathering; of all others the first rule, then the smallest evidence, stands.
"""

import functools
import operator
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.standards import TABLES
from evenhand.tag.conditions import condition
from evenhand.tag.rules import Absent, Rule, TagRules
from evenhand.tag.views import EVENTS, Views, build_views
from evenhand.tag.words import Words

__all__ = ["MISSING", "evidence_text", "tag_grades", "tag_subjects"]

_ONE_ROW: Final = ("subject", "size")
"""Views with one row per subject."""
_OPEN: Final = ibis.date("9999-12-31")
MISSING: Final = "（未填）"


def tag_subjects(tables: Mapping[str, ir.Table], *, rules: TagRules, engine: Engine, asof: date) -> ir.Table:
    """Give every subject its tags (主体标签): columns of `TABLES["tag"]`, one row per subject and tag code.

    Args:
        tables: those of `NEEDED`, by name; `grade` too once a stage brings it. Missing extracts count as empty.
        rules: what `read_tag_rules` gave.
        engine: saves what is used twice.
        asof: the day from which periods such as the last twelve months are counted.
    """
    views = build_views(tables, engine=engine)
    asked = _Asked(views, rules, asof=asof)
    alone, shared, events = [], [], []
    for rule, code in asked.listed:
        if rule.read in EVENTS and rule.count == 1:
            events.append(asked.hits(rule, code))
        elif rule.read in _ONE_ROW and asked.ways[code] == 1:
            alone.append(asked.hits(rule, code))
        else:
            shared.append(asked.hits(rule, code))
    if events:
        shared.append(ibis.union(*events, distinct=False).join(views.members, "record_id").drop("record_id").select(*_HIT))
    gathered = [
        *alone,
        *([_gathered(engine.save(ibis.union(*shared, distinct=False)) if len(shared) > 1 else shared[0])] if shared else []),
    ]
    # Worked out before it is named and sorted: all at once went out of memory at five million subjects.
    hits = engine.save(ibis.union(*gathered, distinct=False)) if len(gathered) > 1 else gathered[0]
    return _named(hits, asked, views, engine=engine)


def tag_grades(tag: ir.Table, subject: ir.Table, grade: ir.Table, *, rules: TagRules, engine: Engine, asof: date) -> ir.Table:
    """Add to the tags of subjects those that follow from their grades on `asof`: columns of `TABLES["tag"]`.

    Args:
        tag: what `tag_subjects` gave before there were grades.
        subject: the subjects.
        grade: grade periods; those that stand on `asof` count.
        rules: what `read_tag_rules` gave; its rules that read `grade` are asked.
        engine: saves what is used twice.
        asof: the day.
    """
    day = ibis.literal(asof)
    now = grade.filter(grade.known_to.isnull() & (grade.begins_on <= day) & (grade.ends_on.isnull() | (grade.ends_on > day)))
    graded = tag_subjects({"subject": subject, "grade": now}, rules=rules.reading("grade"), engine=engine, asof=asof)
    names = TABLES["tag"].names
    return ibis.union(tag.select(*names), graded.select(*names).cast(tag.select(*names).schema()), distinct=False)


_HIT: Final = ("sid", "tag", "rule", "evidence", "since", "until")


class _Asked:
    """The rules in their order, numbered, and the questions they put."""

    def __init__(self, views: Views, rules: TagRules, *, asof: date) -> None:
        self.views, self.rules, self.asof = views, rules, asof
        self.place = {tag.code: n for n, tag in enumerate(rules.tags)}
        self.listed: list[tuple[Rule, str]] = [(rule, tag.code) for tag in rules.tags for rule in tag.rules]
        self.listed += [(rule, "") for family in rules.families for each in family.each for rule in each.rules]
        self.rule_place = {rule.id: n for n, (rule, _) in enumerate(self.listed)}
        self.ways = Counter(code for _, code in self.listed)

    def _words(self, rule: Rule) -> Mapping[str, Words]:
        return next(family.words for family in self.rules.families if any(known.id == rule.id for known in family.rules()))

    def rows(self, rule: Rule) -> ir.Table:
        """Return the rows of the rule's view that pass."""
        view, words = self.views[rule.read], self._words(rule)
        rows = view.filter(condition(view, rule.where, words=words, asof=self.asof)) if rule.where else view
        for absent in rule.none:
            rows = rows.anti_join(self._holders(absent, words), "sid")
        return rows

    def _holders(self, absent: Absent, words: Mapping[str, Words]) -> ir.Table:
        view = self.views[absent.read]
        rows = view.filter(condition(view, absent.where, words=words, asof=self.asof)) if absent.where else view
        return (rows.join(self.views.members, "record_id") if absent.read in EVENTS else rows).select("sid").distinct()

    def hits(self, rule: Rule, code: str) -> ir.Table:
        """Return the hits of one rule: `_HIT`, with `record_id` in place of `sid` for single events."""
        rows = self.rows(rule)
        key = "record_id" if rule.read in EVENTS else "sid"
        if rule.count > 1:
            rows, key = self._counted(rows, rule), "sid"
        tag: ir.IntegerValue | str = ibis.literal(self.place[code] if code else 0, "int16")
        if not code:
            members = pa.table(
                {rule.column: list(self.rules.members[rule.id]), "tag": [self.place[c] for c in self.rules.members[rule.id].values()]}
            )
            rows, tag = rows.join(ibis.memtable(members), rule.column), "tag"
        since = rows[rule.since].cast("date") if rule.since else ibis.null("date")
        until = (
            rows[rule.until].cast("date")
            if rule.until
            else since + ibis.interval(days=rule.lasts_days)
            if rule.lasts_days
            else ibis.null("date")
        )
        number = ibis.literal(self.rule_place[rule.id], "int16")
        text = evidence_text(rows, rule.evidence)
        tagged = rows[tag].cast("int16") if isinstance(tag, str) else tag
        return rows.select(**{key: rows[key]}, tag=tagged, rule=number, evidence=text, since=since, until=until.cast("date"))

    def _counted(self, rows: ir.Table, rule: Rule) -> ir.Table:
        tied = rows.join(self.views.members, "record_id") if rule.read in EVENTS else rows
        days = {name: tied[name].max() for name in {rule.since, rule.until} if name}
        counted = tied.group_by("sid").agg(count=tied[rule.of].nunique() if rule.of else tied.count(), **days)
        return counted.filter(counted["count"] >= rule.count)


def evidence_text(rows: ir.Table, template: str) -> ir.StringValue:
    """Return the sentence of each row with the cells it names put in."""
    parts: list[ir.StringValue] = []
    for n, piece in enumerate(re.split(r"\{(\w+)\}", template)):
        if n % 2:
            parts.append(rows[piece].cast("string").fill_null(MISSING))
        elif piece:
            parts.append(ibis.literal(piece))
    return functools.reduce(operator.add, parts)


def _gathered(hits: ir.Table) -> ir.Table:
    """One row per subject and tag: the first rule, its smallest evidence, the whole period."""
    keyed = hits.mutate(key=(hits.rule + 1000).cast("string") + hits.evidence, until=ibis.coalesce(hits.until, _OPEN))
    kept = keyed.group_by("sid", "tag").agg(key=keyed.key.min(), since=keyed.since.min(), until=keyed.until.max())
    return kept.select(
        "sid", "tag", rule=(kept.key.substr(0, 4).cast("int16") - 1000).cast("int16"), evidence=kept.key.substr(4), since="since", until=kept.until.nullif(_OPEN),
    )  # fmt: skip


def _named(hits: ir.Table, asked: _Asked, views: Views, *, engine: Engine) -> ir.Table:
    """Put ids and words in the place of numbers."""
    tags, rules = asked.rules.tags, [rule for rule, _ in asked.listed]
    small = pa.int16()
    tag_names = engine.table(
        pa.table(
            {
                "tag": pa.array(range(len(tags)), small),
                "code": [t.code for t in tags],
                "value": [t.value for t in tags],
                "family": [t.code[:3] for t in tags],
            }
        )
    )
    rule_names = engine.table(_rule_names(rules, small))
    named = hits.rename(rule_no="rule").join(tag_names, "tag").join(rule_names, "rule_no").join(views.subjects, "sid")
    return named.mutate(source=ibis.literal("rule"), effective_from=named.since, effective_to=named.until)


def _rule_names(rules: Sequence[Rule], small: pa.DataType) -> pa.Table:
    return pa.table({
        "rule_no": pa.array(range(len(rules)), small), "rule": [r.id for r in rules], "rule_version": pa.array([r.version for r in rules], pa.int64()),
        "confidence": [r.certainty for r in rules],
    })  # fmt: skip
