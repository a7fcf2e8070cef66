"""Worked cases of grading that a jurist can read: a subject, what happened to it, a day, and what must come out (算例)."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from evenhand.errors import BadInput, Problem
from evenhand.grade.dossier import Dossier, Ground, Value
from evenhand.grade.facts import FACTS, GROUNDS, Kind
from evenhand.grade.grading import Period, periods
from evenhand.grade.messages import GRADE_CASE_FAILS, GRADE_RULES_BAD
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.scoring import score_text
from evenhand.grade.shapes import GRADES
from evenhand.rulebook import Pack

__all__ = ["Case", "case_period", "failing_cases", "read_cases"]

_FOLDER: Final = "cases/grading"
_SIGNS: Final[Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Frozen):
    """What must come out; what is not written is not asked. `score`: the sum, with its arithmetic left visible; `points`: of single indicators."""

    score: str = ""
    points: dict[str, Decimal] = Field(default_factory=dict)
    grade: str = Field(default="", pattern="^[ABCD]?$")
    base: str = Field(default="", pattern="^[ABCD]?$")
    triggers: tuple[str, ...] | None = None
    worst: str = Field(default="", pattern="^[ABCD]?$")
    best: str = Field(default="", pattern="^[ABCD]?$")
    held: bool | None = None


class Case(_Frozen):
    """One worked case. `since`: day from which every source delivers, or nothing for the day before everything."""

    id: str
    title: str
    model: str
    scheme: str = ""
    facts: dict[str, Any] = Field(default_factory=dict)
    grounds: tuple[dict[str, Any], ...] = ()
    asked: date
    since: date = date(2010, 1, 1)
    expect: Expected


def read_cases(pack: Pack) -> dict[str, tuple[Case, ...]]:
    """Return the cases of a pack by file; raises BadInput with every case that cannot be read."""
    found: dict[str, tuple[Case, ...]] = {}
    problems: list[Problem] = []
    for file, document in pack.documents(_FOLDER).items():
        cases: list[Case] = []
        for place, entry in enumerate(document.get("cases", ())):
            made = pack.shaped(file, entry, Case, GRADE_RULES_BAD, problems, within=("cases", place))
            if made is not None:
                cases.append(made)
        found[file] = tuple(cases)
    if problems:
        raise BadInput(problems)
    return found


def case_period(case: Case, rules: GradeRules) -> Period | None:
    """Return the period in which the case's day lies; None when the model does not cover the subject. A named scheme is taken as always in force."""
    read = rules.under(case.scheme, models=(case.model,)) if case.scheme else rules
    dossier = Dossier(
        subject_id=case.id,
        facts={name: _fact(name, value) for name, value in case.facts.items()},
        grounds=tuple(Ground(**one) for one in case.grounds),
    )
    since = dict.fromkeys(GROUNDS, case.since)
    every = periods(dossier, read.model(case.model), read, begin=min(rules.history_from, case.asked), end=case.asked, since=since)
    return next((p for p in every if p.begins <= case.asked and (p.ends is None or case.asked < p.ends)), None)


def _fact(name: str, value: Any) -> Value:
    kind = FACTS[name].kind if name in FACTS else Kind.WORD
    if kind is Kind.CODES:
        return frozenset(value)
    return Decimal(str(value)) if kind is Kind.NUMBER else value


def failing_cases(pack: Pack, rules: GradeRules) -> Iterator[Problem]:
    """Give each case that the rules judge otherwise; nothing when all stand."""
    for file, cases in read_cases(pack).items():
        for case in cases:
            period = case_period(case, rules)
            for what, expected, found in _differences(case.expect, period):
                yield Problem(GRADE_CASE_FAILS, {"file": file, "case": case.id, "what": what, "expected": expected, "found": found})


def _differences(expect: Expected, period: Period | None) -> Iterator[tuple[str, object, object]]:
    if period is None:
        yield "适用", "适用", "不适用"
        return
    told = period.standing
    if expect.score and _sum(expect.score) * 10 != told.score:
        yield "得分", expect.score, score_text(told.score)
    given = {point.indicator.id: point.used for point in told.points}
    for name, points in expect.points.items():
        if points * 10 != given.get(name):
            yield name, points, score_text(given[name]) if name in given else "没有这个指标"
    letters = {"等级": (expect.grade, period.grade), "得分等级": (expect.base, told.base), "最好等级": (expect.best, told.best), "最差等级": (expect.worst, told.worst)}  # fmt: skip
    yield from ((what, wanted, GRADES[found]) for what, (wanted, found) in letters.items() if wanted and wanted != GRADES[found])
    fired = tuple(sorted({one.trigger.id for one in told.fired}))
    if expect.triggers is not None and tuple(sorted(expect.triggers)) != fired:
        yield "触发", " ".join(expect.triggers), " ".join(fired)
    if expect.held is not None and expect.held != period.held:
        yield "暂缓", expect.held, period.held


def _sum(text: str) -> Decimal:
    """Work out a sum such as `30 + 2 * 5`: numbers and the four signs, nothing else."""

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return Decimal(str(node.value))
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            return _SIGNS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(text)

    return value(ast.parse(text, mode="eval").body)
