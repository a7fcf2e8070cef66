"""Judge every row of every data set by every rule: outcomes, counts, findings.

All rules of one data set are worked out in one pass: one projection with one small number per rule, saved. The counts are one
grouping of it; the findings are its failing rows, joined back to their texts, and worded only there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES
from evenhand.validate.columns import base_table, columns_of
from evenhand.validate.functions import Cell
from evenhand.validate.language import Scope, compile_expression
from evenhand.validate.lookups import Neighbours, with_lookups
from evenhand.validate.rules import QualityRule, Template

__all__ = ["OUTCOMES", "Checked", "check", "names_used", "outcome_column", "outcomes"]

OUTCOMES: Final = ("fail", "pass", "unknown", "skipped")
"""Answers by their number in the outcome columns."""

_FAIL, _PASS, _UNKNOWN, _SKIPPED = range(4)
_READS_EMPTY: Final = {"pass": _PASS, "fail": _FAIL, "unknown": _UNKNOWN}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What validation found: `findings` as TABLES["finding"], `counts` as TABLES["check_count"]."""

    findings: ir.Table
    counts: ir.Table


def check(  # noqa: PLR0913 — the stage's inputs, all named
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
    known = tuple(rules)
    near = Neighbours(standard=standard, pack=pack, asof=asof, engine=engine)
    findings, counts = [], []
    for kind in (*(k for k in EXTRACTS if k in standard), "record"):
        mine = tuple(rule for rule in known if kind in rule.data)
        if mine:
            base = base_table(kind, standard=standard.get(kind), record=record, wanted=names_used(mine))
            judged = engine.save(outcomes(base, mine, near=near))
            counts.append(_counts(judged, mine, engine=engine))
            findings += _findings(base, judged, mine, near=near)
    return Checked(findings=_together(findings, "finding"), counts=_together(counts, "check_count"))


def names_used(rules: Iterable[QualityRule]) -> set[str]:
    """Names of the columns that these rules read or show."""
    return {name for rule in rules for e in (*rule.decides, *rule.tells) for name in e.names} | {n for rule in rules for n in (rule.field, f"{rule.field}_raw")}


def outcome_column(rule: QualityRule) -> str:
    """Name of the outcome column of a rule."""
    return "outcome_" + rule.id.replace("-", "_")


def outcomes(base: ir.Table, rules: Sequence[QualityRule], *, near: Neighbours) -> ir.Table:
    """Return one row per row of the base: its keys and one small number per rule, an index into `OUTCOMES`."""
    table, scope = with_lookups(base, [e for rule in rules for e in rule.decides], near=near)
    columns = {outcome_column(rule): _outcome(rule, scope) for rule in rules}
    return table.select(table.record_id, table.kind, table.source, office=table.record_office.fill_null(""), **columns)


def _outcome(rule: QualityRule, scope: Scope) -> Cell:
    # A cast instead of a branch: each condition then stands once and is worked out once.
    condition = _cell(compile_expression(rule.condition.tree, scope))
    answer = condition.cast("int8").fill_null(ibis.literal(_READS_EMPTY[rule.empty], "int8"))
    if rule.when is None:
        return answer
    applies = _cell(compile_expression(rule.when.tree, scope)).fill_null(False)  # noqa: FBT003 — Ibis takes it by position only
    return applies.ifelse(answer, ibis.literal(_SKIPPED, "int8"))


def _cell(value: Cell) -> Cell:
    return value if isinstance(value, ibis.Expr) else ibis.literal(value)


def _counts(judged: ir.Table, rules: Sequence[QualityRule], *, engine: Engine) -> ir.Table:
    """One grouping of all rules at once, then turned so that each rule has its row."""
    sums = {f"{outcome_column(rule)}_{n}": (judged[outcome_column(rule)] == n).cast("int64").sum() for rule in rules for n in range(4)}
    wide = engine.save(judged.group_by("kind", "source", "office").agg(**sums))
    return _union([
        wide.select(
            rule=ibis.literal(rule.id), dimension=ibis.literal(rule.dimension), kind=wide.kind, source=wide.source, office=wide.office,
            passed=wide[f"{outcome_column(rule)}_1"], failed=wide[f"{outcome_column(rule)}_0"], unknown=wide[f"{outcome_column(rule)}_2"], skipped=wide[f"{outcome_column(rule)}_3"],
        )
        for rule in rules
    ])  # fmt: skip


def _findings(base: ir.Table, judged: ir.Table, rules: Sequence[QualityRule], *, near: Neighbours) -> list[ir.Table]:
    """Findings of one data set, one table per rule, over one saved table of the rows that have any."""
    told = judged.filter(reduce(or_, [_listed(judged, rule) for rule in rules]))
    marked = told.select(**{c: told[c] for c in map(outcome_column, rules)}, judged_id=told.record_id, judged_office=told.office)
    table, scope = with_lookups(base, [e for rule in rules for e in rule.tells], near=near)
    saved = near.engine.save(table.inner_join(marked, [("record_id", "judged_id")]).drop("judged_id"))
    joined = {text: saved[column.get_name()] for text, column in scope.joined.items()}
    words = Scope(columns=columns_of(saved, asof=near.asof), joined=joined, pack=near.pack)
    return [_finding(saved.filter(_listed(saved, rule)), rule, scope=words) for rule in rules]


def _listed(table: ir.Table, rule: QualityRule) -> Cell:
    column = table[outcome_column(rule)]
    return column.isin([_FAIL, _UNKNOWN]) if rule.list_unknown else column == _FAIL


def _finding(rows: ir.Table, rule: QualityRule, *, scope: Scope) -> ir.Table:
    """Word the findings of one rule: text as it came, proposal, reason. `scope` speaks of the table of which `rows` is a part."""
    nothing = ibis.null("string"), ibis.null("float64")
    proposal = _text(compile_expression(rule.proposal.tree, scope)) if rule.proposal else nothing[0]
    confidence = nothing[1] if rule.confidence is None else proposal.notnull().ifelse(ibis.literal(rule.confidence, "float64"), nothing[1])
    shown = scope.columns.get(f"{rule.field}_raw", scope.columns.get(rule.field))
    return rows.select(
        rule=ibis.literal(rule.id), record_id=rows.record_id, kind=rows.kind, source=rows.source, office=rows.judged_office, field=ibis.literal(rule.field),
        outcome=(rows[outcome_column(rule)] == _FAIL).ifelse("fail", "unknown"), severity=ibis.literal(rule.severity), value=_text(shown), proposal=proposal,
        reason=_sentence(rule.reason, scope), confidence=confidence,
    )  # fmt: skip


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
