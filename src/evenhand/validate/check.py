"""Judge every row of every data set by every rule: outcomes, counts, findings.

Rules that speak of several data sets run in one pass over all of them; the others in one pass per data set. A pass is one projection with one
small number per rule, saved. The counts are one grouping of it; the findings are its failing rows, joined back to their texts, and worded only there.
Few large expressions, not many small ones: building and translating an expression costs more than running it on a county.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

import ibis
import ibis.expr.types as ir
from ibis import selectors as s

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES
from evenhand.validate.columns import base_table, columns_of
from evenhand.validate.functions import Cell
from evenhand.validate.language import Scope, compile_expression
from evenhand.validate.lookups import Neighbours, with_lookups
from evenhand.validate.rules import QualityRule, Template

__all__ = ["OUTCOMES", "Checked", "check", "names_used", "outcomes"]

OUTCOMES: Final = ("fail", "pass", "unknown", "skipped")
"""Answers by their number in the outcome columns."""

_FAIL, _PASS, _UNKNOWN, _SKIPPED = range(4)
_ANSWERS: Final = {"passed": _PASS, "failed": _FAIL, "unknown": _UNKNOWN, "skipped": _SKIPPED}
_READS_EMPTY: Final = {"pass": _PASS, "fail": _FAIL, "unknown": _UNKNOWN}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What validation found: `findings` as TABLES["finding"], `counts` as TABLES["check_count"]."""

    findings: ir.Table
    counts: ir.Table


def check(
    standard: Mapping[str, ir.Table], record: ir.Table, *, rules: Iterable[QualityRule], asof: date, engine: Engine, pack: Pack
) -> Checked:
    """Judge every row of the standardised data sets.

    Args:
        standard: tables of `standard_schema`, by kind; kinds that are not delivered are left out.
        record: TABLES["record"], one row per row of all data sets; gives each row its office.
        rules: from `read_rules`.
        asof: local calendar day the judgement speaks of.
        engine: where intermediate tables are kept.
        pack: code lists that conditions name.

    Returns:
        Findings: every failing row of every rule, and the undecided rows of rules with `list_unknown`.
        Counts: one row per rule x kind x source x office; passed + failed + unknown + skipped = rows.
    """
    near = Neighbours(standard=standard, pack=pack, asof=asof, engine=engine)
    findings, counts = [], []
    for kinds, mine in _passes(tuple(rules), (*(k for k in EXTRACTS if k in standard), "record")):
        base = base_table(kinds, standard=standard, record=record, wanted=names_used(mine))
        judged = engine.save(outcomes(base, mine, near=near))
        wide = engine.save(_wide_counts(judged, mine))
        counts.append(_counts(wide, mine))
        told = _with_findings(wide, mine, engine=engine)
        if told:
            findings.append(_findings(base, judged, told, near=near))
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


def names_used(rules: Iterable[QualityRule]) -> set[str]:
    """Names of the columns that these rules read or show."""
    return {name for rule in rules for e in (*rule.decides, *rule.tells) for name in e.names} | {
        n for rule in rules for n in (rule.field, f"{rule.field}_raw")
    }


def outcomes(base: ir.Table, rules: Sequence[QualityRule], *, near: Neighbours) -> ir.Table:
    """Return one row per row of the base: its keys and one small number per rule, an index into `OUTCOMES`.

    Column `answer_<n>` belongs to the n-th rule; it is NULL where the rule does not speak of the row's data set.
    """
    table, scope = with_lookups(base, [e for rule in rules for e in rule.decides], near=near)
    columns = {f"answer_{n}": _outcome(rule, scope) for n, rule in enumerate(rules)}
    return table.select(table.record_id, table.kind, table.source, office=table.record_office.fill_null(""), **columns)


def _outcome(rule: QualityRule, scope: Scope) -> Cell:
    # A cast instead of a branch: each condition then stands once and is worked out once.
    condition = _cell(compile_expression(rule.condition.tree, scope))
    answer = condition.cast("int8").fill_null(ibis.literal(_READS_EMPTY[rule.empty], "int8"))
    if rule.when is not None:
        applies = _cell(compile_expression(rule.when.tree, scope)).fill_null(False)  # noqa: FBT003 — Ibis takes it by position only
        answer = applies.ifelse(answer, ibis.literal(_SKIPPED, "int8"))
    return answer if len(rule.data) == 1 else scope.columns["kind"].isin(rule.data).ifelse(answer, ibis.null("int8"))


def _cell(value: Cell) -> Cell:
    return value if isinstance(value, ibis.Expr) else ibis.literal(value)


def _wide_counts(judged: ir.Table, rules: Sequence[QualityRule]) -> ir.Table:
    """One grouping of all rules at once: column `n_<rule>_<answer>`."""
    sums = {
        f"n_{n}_{answer}": (judged[f"answer_{n}"] == answer).cast("int64").sum()
        for n in range(len(rules))
        for answer in range(len(OUTCOMES))
    }
    return judged.group_by("kind", "source", "office").agg(**sums)


def _with_findings(wide: ir.Table, rules: Sequence[QualityRule], *, engine: Engine) -> dict[int, QualityRule]:
    """Rules that have something to tell, by their place: only these are worded."""
    sums = {
        f"{n}": wide[f"n_{n}_{_FAIL}"].sum() + (wide[f"n_{n}_{_UNKNOWN}"].sum() if rule.list_unknown else 0) for n, rule in enumerate(rules)
    }
    row = engine.arrow(wide.agg(**sums)).to_pylist()[0]
    return {n: rule for n, rule in enumerate(rules) if row[str(n)]}


def _counts(wide: ir.Table, rules: Sequence[QualityRule]) -> ir.Table:
    """The counts turned so that each rule has its row."""
    long = wide.pivot_longer(
        s.startswith("n_"),
        names_to=["rule_number", "answer"],
        names_pattern=r"n_(\d+)_(\d+)",
        names_transform={"rule_number": int, "answer": int},
        values_to="rows",
    )
    by_answer = {name: long.rows.sum(where=long.answer == answer).cast("int64") for name, answer in _ANSWERS.items()}
    counted = long.filter(long.rows.notnull()).group_by("rule_number", "kind", "source", "office").agg(**by_answer)
    return counted.inner_join(_facts(dict(enumerate(rules))), "rule_number")


def _facts(rules: Mapping[int, QualityRule]) -> ir.Table:
    """What is the same in every row of a rule, to be joined by its number."""
    rows = [(n, r.id, r.dimension, r.field, r.severity, r.confidence) for n, r in rules.items()]
    schema = ibis.schema(
        {
            "rule_number": "int8",
            "rule": "string",
            "dimension": "string",
            "rule_field": "string",
            "rule_severity": "string",
            "sure": "float64",
        }
    )
    return ibis.memtable(rows, schema=schema)


def _findings(base: ir.Table, judged: ir.Table, rules: Mapping[int, QualityRule], *, near: Neighbours) -> ir.Table:
    """Findings of one pass: its failing rows with their texts, one row per broken rule, worded."""
    codes = [f"answer_{n}" for n in rules]
    told = judged.filter(
        reduce(or_, [judged[f"answer_{n}"].isin([_FAIL, _UNKNOWN] if rule.list_unknown else [_FAIL]) for n, rule in rules.items()])
    )
    marked = told.select(*codes, judged_id=told.record_id, judged_office=told.office)
    table, scope = with_lookups(base, [e for rule in rules.values() for e in rule.tells], near=near)
    rows = near.engine.save(table.inner_join(marked, [("record_id", "judged_id")]).drop("judged_id"))
    long = rows.pivot_longer(
        s.startswith("answer_"), names_to="rule_number", names_pattern=r"answer_(\d+)", names_transform=int, values_to="rule_answer"
    )
    open_ones = [n for n, rule in rules.items() if rule.list_unknown]
    listed = (
        (long.rule_answer == _FAIL) | ((long.rule_answer == _UNKNOWN) & long.rule_number.isin(open_ones))
        if open_ones
        else long.rule_answer == _FAIL
    )
    broken = long.filter(listed).inner_join(_facts(rules), "rule_number")
    joined = {text: broken[column.get_name()] for text, column in scope.joined.items()}
    return _worded(broken, rules, scope=Scope(columns=columns_of(broken, asof=near.asof), joined=joined, pack=near.pack))


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
