"""Judge every row of every data set by every rule: outcomes, counts, findings.

Rules that speak of several data sets run in one pass over all of them, or in a few where these are too many; the others in one pass
per data set. A pass is one projection with two bits per rule, saved. Most rows have the same bits as many others, so the counts are
taken from the rows grouped by their bits; the findings are the failing rows alone, joined back to their texts, and worded only there.
Few large expressions, not many small ones: building and translating an expression costs more than running it on a county.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, or_
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES
from evenhand.validate.columns import base_table, columns_of
from evenhand.validate.functions import Cell
from evenhand.validate.language import Scope, compile_expression, known_column
from evenhand.validate.lookups import Neighbours, with_lookups
from evenhand.validate.rules import QualityRule, Template

__all__ = ["OUTCOMES", "ROWS_AT_ONCE", "Checked", "check"]

ROWS_AT_ONCE: Final = 6_000_000
"""Rows of several data sets in one pass: three gibibytes."""

OUTCOMES: Final = ("fail", "pass", "unknown", "skipped")
"""Answers by their number, two bits each, in the words of a judged row."""

_FAIL, _PASS, _UNKNOWN, _SKIPPED = range(4)
_ANSWERS: Final = {"passed": _PASS, "failed": _FAIL, "unknown": _UNKNOWN, "skipped": _SKIPPED}
_RULES_PER_WORD: Final = 31  # of 64 bits; the sign stays free
_READS_EMPTY: Final = {"pass": _PASS, "fail": _FAIL, "unknown": _UNKNOWN}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What validation found: `findings` as TABLES["finding"], `counts` as TABLES["check_count"]."""

    findings: ir.Table
    counts: ir.Table


def check(
    standard: Mapping[str, ir.Table],
    record: ir.Table,
    *,
    rules: Iterable[QualityRule],
    asof: date,
    engine: Engine,
    pack: Pack,
    at_once: int = ROWS_AT_ONCE,
) -> Checked:
    """Judge every row of the standardised data sets.

    Args:
        standard: tables of `standard_schema`, by kind; kinds that are not delivered are left out.
        record: TABLES["record"], one row per row of all data sets; gives each row its office.
        rules: from `read_rules`.
        asof: local calendar day the judgement speaks of.
        engine: where intermediate tables are kept.
        pack: code lists that conditions name.
        at_once: how many rows one pass may hold, unless a single data set has more; results never depend on it.

    Returns:
        Findings: every failing row of every rule, and the undecided rows of rules with `list_unknown`.
        Counts: one row per rule x kind x source x office; passed + failed + unknown + skipped = rows.
    """
    near = Neighbours(standard=standard, pack=pack, asof=asof, engine=engine)
    findings, counts = [], []
    sizes = {row["kind"]: row["rows"] for row in engine.arrow(record.group_by("kind").agg(rows=record.count())).to_pylist()}
    delivered = (*(k for k in EXTRACTS if k in standard), "record")
    for kinds, mine in _portions(_passes(tuple(rules), delivered), sizes, at_once):
        base = base_table(_wanted(kinds, mine, _names_decided), standard=standard, record=record)
        judged = engine.save(_judged(base, mine, near=near))
        counted = engine.save(_counts(judged, mine))
        counts.append(counted)
        told = _with_findings(counted, mine, engine=engine)
        if told:
            findings.append(_findings(kinds, judged, told, record=record, near=near))
        else:
            engine.drop(judged)
    return Checked(findings=_together(findings, "finding"), counts=_together(counts, "check_count"))


def _passes(rules: Sequence[QualityRule], delivered: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[QualityRule, ...]]]:
    """Rules of several data sets run once over all of them, one under the other; then each data set with the rules of its own."""
    shared = tuple(rule for rule in rules if len(rule.data) > 1 and set(rule.data) & set(delivered))
    kinds = tuple(kind for kind in delivered if any(kind in rule.data for rule in shared))
    if kinds:
        yield kinds, shared
    for kind in delivered:
        own = tuple(rule for rule in rules if rule.data == (kind,))
        if own:
            yield (kind,), own


def _portions(
    passes: Iterable[tuple[tuple[str, ...], tuple[QualityRule, ...]]], sizes: Mapping[str, int], at_once: int
) -> Iterator[tuple[tuple[str, ...], tuple[QualityRule, ...]]]:
    """Part a pass over several data sets where it would not fit into memory: each portion has the rules that speak of it."""
    for kinds, rules in passes:
        portions: list[list[str]] = []
        held = 0
        for kind in kinds:
            size = sizes.get(kind, 0)
            if not portions or held + size > at_once:
                portions.append([])
                held = 0
            portions[-1].append(kind)
            held += size
        for portion in portions:
            yield tuple(portion), tuple(rule for rule in rules if set(rule.data) & set(portion))


def _wanted(kinds: Sequence[str], rules: Sequence[QualityRule], names: Callable[[QualityRule], set[str]]) -> dict[str, set[str]]:
    """The names that the rows of each kind need."""
    return {kind: {name for rule in rules if kind in rule.data for name in names(rule)} for kind in kinds}


def _names_decided(rule: QualityRule) -> set[str]:
    known = (known_column(call) for e in rule.decides for call in e.calls)
    return {name for e in rule.decides for name in e.names} | {found.column for found in known if found}


def _names_told(rule: QualityRule) -> set[str]:
    return {name for e in rule.tells for name in e.names} | {rule.field, f"{rule.field}_raw"}


def _judged(base: ir.Table, rules: Sequence[QualityRule], *, near: Neighbours) -> ir.Table:
    """Return one row per row of the base: its keys and the answers of the rules, two bits each, in numbered columns `word_<n>`.

    The n-th rule has bits 2n and 2n+1, counted over words of `_RULES_PER_WORD` rules. Where it does not speak of the row's data set they
    mean nothing, except that they never mean fail.
    """
    table, scope = with_lookups(base, [(e, rule.data) for rule in rules for e in rule.decides], near=near)
    words: dict[str, list[Cell]] = {}
    for n, rule in enumerate(rules):
        word, shift = _place(n)
        words.setdefault(f"word_{word}", []).append(_outcome(rule, scope).cast("int64") << shift)
    columns = {word: reduce(add, parts) for word, parts in words.items()}
    return table.select(table.record_id, table.kind, table.source, office=table.record_office.fill_null(""), **columns)


def _place(n: int) -> tuple[int, int]:
    """Word and first bit of the n-th rule."""
    return n // _RULES_PER_WORD, n % _RULES_PER_WORD * 2


def _outcome(rule: QualityRule, scope: Scope) -> Cell:
    # A cast instead of a branch: each condition then stands once and is worked out once.
    condition = _cell(compile_expression(rule.condition.tree, scope))
    answer = condition.cast("int8").fill_null(ibis.literal(_READS_EMPTY[rule.empty], "int8"))
    applies = [] if len(rule.data) == 1 else [scope.columns["kind"].isin(rule.data)]
    if rule.when is not None:
        applies.append(_cell(compile_expression(rule.when.tree, scope)).fill_null(False))  # noqa: FBT003 — Ibis takes it by position only
    # One branch inside the other, not an AND: what does not concern the row is then not worked out.
    return reduce(lambda inner, test: test.ifelse(inner, ibis.literal(_SKIPPED, "int8")), reversed(applies), answer)


def _cell(value: Cell) -> Cell:
    return value if isinstance(value, ibis.Expr) else ibis.literal(value)


def _answer(table: ir.Table, words: Sequence[str]) -> Cell:
    """The answer of the rule that the row's `rule_word` and `rule_shift` point to."""
    word = ibis.cases(*[(table.rule_word == int(name.removeprefix("word_")), table[name]) for name in words])
    return (word >> table.rule_shift) & 3


def _words(table: ir.Table) -> list[str]:
    return [name for name in table.columns if name.startswith("word_")]


def _counts(judged: ir.Table, rules: Sequence[QualityRule]) -> ir.Table:
    """One row per rule, kind, source and office: how many rows got which answer."""
    words = _words(judged)
    alike = judged.group_by("kind", "source", "office", *words).agg(rows=judged.count())
    long = alike.inner_join(_facts(dict(enumerate(rules))), [("kind", "rule_kind")])
    answered = long.mutate(answer=_answer(long, words))
    sums = {name: (answered.answer == answer).ifelse(answered.rows, 0).sum().cast("int64") for name, answer in _ANSWERS.items()}
    return answered.group_by("rule_number", "rule", "dimension", "kind", "source", "office").agg(**sums)


def _with_findings(counts: ir.Table, rules: Sequence[QualityRule], *, engine: Engine) -> dict[int, QualityRule]:
    """Rules that have something to tell, by their place: only these are worded."""
    sums = engine.arrow(counts.group_by("rule_number").agg(failed=counts.failed.sum(), unknown=counts.unknown.sum()))
    told = {row["rule_number"] for row in sums.to_pylist() if row["failed"] or (row["unknown"] and rules[row["rule_number"]].list_unknown)}
    return {n: rule for n, rule in enumerate(rules) if n in told}


def _facts(rules: Mapping[int, QualityRule]) -> ir.Table:
    """What is the same in every row of a rule, one row per rule and kind it speaks of."""
    rows = [
        (kind, n, *_place(n), r.id, r.dimension, r.field, r.severity, r.confidence, r.list_unknown)
        for n, r in rules.items()
        for kind in (EXTRACTS if r.data == ("record",) else r.data)
    ]
    schema = ibis.schema(
        {
            "rule_kind": "string",
            "rule_number": "int64",
            "rule_word": "int64",
            "rule_shift": "int64",
            "rule": "string",
            "dimension": "string",
            "rule_field": "string",
            "rule_severity": "string",
            "sure": "float64",
            "lists_unknown": "boolean",
        }
    )
    return ibis.memtable(rows, schema=schema)


def _findings(kinds: Sequence[str], judged: ir.Table, rules: Mapping[int, QualityRule], *, record: ir.Table, near: Neighbours) -> ir.Table:
    """Findings of one pass: its failing rows with their texts, one row per broken rule, worded."""
    marked = near.engine.save(_marked(judged, rules))
    near.engine.drop(judged)
    # The texts of failing rows alone: most of the cost is reading and joining them.
    # Each kind looks its own rows up: the same look-up of all of them for each kind would not fit into the memory promised.
    of_kind = {kind: marked.filter(marked.judged_kind == kind) for kind in kinds}
    standard = {k: near.standard[k].semi_join(mine, [("record_id", "judged_id")]) for k, mine in of_kind.items() if k in near.standard}
    failing = record.semi_join(marked, [("record_id", "judged_id")])
    base = base_table(_wanted(kinds, tuple(rules.values()), _names_told), standard=standard, record=failing)
    table, scope = with_lookups(base, [(e, rule.data) for rule in rules.values() for e in rule.tells], near=near)
    # Into files, the texts and the findings: together with the joins they would not fit into memory.
    rows = near.engine.keep(table.inner_join(marked, [("record_id", "judged_id")]).drop("judged_id", "judged_kind"))
    near.engine.drop(marked)
    long = rows.inner_join(_facts(rules), [("kind", "rule_kind")])
    answered = long.mutate(rule_answer=_answer(long, _words(rows)))
    broken = answered.filter((answered.rule_answer == _FAIL) | ((answered.rule_answer == _UNKNOWN) & answered.lists_unknown))
    joined = {text: broken[column.get_name()] for text, column in scope.joined.items()}
    worded = _worded(broken, rules, scope=Scope(columns=columns_of(broken, asof=near.asof), joined=joined, pack=near.pack))
    return near.engine.keep(worded)


def _marked(judged: ir.Table, rules: Mapping[int, QualityRule]) -> ir.Table:
    """The judged rows that have something to tell: their words, and their keys under names of their own."""
    tests = []
    for name in _words(judged):
        word, high = judged[name], judged[name] >> 1
        mine = [(shift, rule) for (at, shift), rule in ((_place(n), rule) for n, rule in rules.items()) if name == f"word_{at}"]
        fails = sum(1 << shift for shift, _ in mine)
        opens = sum(1 << shift for shift, rule in mine if rule.list_unknown)
        # Fail is 00: neither bit is set where the mask is. Unknown is 10: the high bit alone.
        tests.append(((word | high) & fails) != fails)
        if opens:
            tests.append((high & (word ^ opens) & opens) != 0)
    told = judged.filter(reduce(or_, tests))
    return told.select(*_words(judged), judged_id=told.record_id, judged_kind=told.kind, judged_office=told.office)


def _worded(broken: ir.Table, rules: Mapping[int, QualityRule], *, scope: Scope) -> ir.Table:
    """Word each finding: the text as it came, the proposal, the reason. Each is one choice by the number of the rule."""
    number = broken.rule_number
    proposals = [(number == n, _text(compile_expression(rule.proposal.tree, scope))) for n, rule in rules.items() if rule.proposal]
    proposal = ibis.cases(*proposals, else_=ibis.null("string")) if proposals else ibis.null("string")
    reason = ibis.cases(*[(number == n, _sentence(rule.reason, scope)) for n, rule in rules.items()], else_="")
    fields = {rule.field: [n for n, r in rules.items() if r.field == rule.field] for rule in rules.values()}
    value = ibis.cases(
        *[(number.isin(ns), _text(scope.columns.get(f"{f}_raw", scope.columns[f]))) for f, ns in fields.items()], else_=ibis.null("string")
    )
    return broken.select(
        "rule", "record_id", "kind", "source", field=broken.rule_field, severity=broken.rule_severity, office=broken.judged_office, outcome=(broken.rule_answer == _FAIL).ifelse("fail", "unknown"),
        value=value, proposal=proposal, reason=reason, sure=broken.sure,
    ).mutate(confidence=lambda t: t.proposal.notnull().ifelse(t.sure, ibis.null("float64")))  # fmt: skip


def _text(value: Cell) -> Cell:
    cell = _cell(value)
    return cell if cell.type().is_string() else cell.cast("string")


def _sentence(template: Template, scope: Scope) -> Cell:
    """Join the parts of the sentence; an empty cell reads 空."""
    parts = [ibis.literal(p) if isinstance(p, str) else _text(compile_expression(p.tree, scope)).fill_null("空") for p in template.parts]
    return reduce(lambda left, right: left + right, parts)


def _together(tables: Sequence[ir.Table], name: str) -> ir.Table:
    """One table of the declared columns in their order and types; an empty one when there is nothing."""
    schema = TABLES[name].schema
    if not tables:
        return ibis.memtable([], schema=schema)
    return _union([table.select(**{c: table[c].cast(kind) for c, kind in schema.items()}) for table in tables])


def _union(tables: Sequence[ir.Table]) -> ir.Table:
    # Halves, not a chain: a chain of hundreds is too deep for the SQL writer.
    if len(tables) == 1:
        return tables[0]
    middle = len(tables) // 2
    return _union(tables[:middle]).union(_union(tables[middle:]), distinct=False)
