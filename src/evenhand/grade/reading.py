"""Grading rules of a pack: read, checked against each other, frozen. Every fault of a pack is told at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from evenhand.errors import BadInput, Problem
from evenhand.grade.faults import CHOICE, COMMON, faults
from evenhand.grade.messages import GRADE_NO_RULES, GRADE_RULES_BAD
from evenhand.grade.ruleset import GradeRules, GroundWords
from evenhand.grade.shapes import Indicator, Model, Scheme, Source, tenths
from evenhand.rulebook import Pack

__all__ = ["read_grade_rules"]

_GROUNDS: Final = "grading/grounds.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Common(_Frozen):
    indicators: tuple[Indicator, ...]


class _Choice(_Frozen):
    term: str
    name: str
    meaning: str
    source: Source
    history_from: date
    models: dict[str, dict[date, str]]


def read_grade_rules(pack: Pack) -> GradeRules:
    """Read the folder `grading` of a pack; raises BadInput with every fault of it."""
    documents = pack.documents("grading")
    missing = [name for name in (COMMON, CHOICE, _GROUNDS) if name not in documents]
    missing += [folder for folder in ("grading/models", "grading/schemes") if not any(f.startswith(f"{folder}/") for f in documents)]
    if missing:
        raise BadInput(Problem(GRADE_NO_RULES, {"pack": pack.name, "file": name}) for name in missing)
    problems: list[Problem] = []
    models = {m.name: m for m in _each(documents, "grading/models/", Model, problems)}
    schemes = {s.name: s for s in _each(documents, "grading/schemes/", Scheme, problems)}
    common, choice, words = (
        _one(documents, name, shape, problems) for name, shape in ((COMMON, _Common), (CHOICE, _Choice), (_GROUNDS, GroundWords))
    )
    if problems:
        raise BadInput(problems)
    rules = GradeRules(
        models=models, schemes=schemes, common={one.id: one for one in common.indicators}, choice=choice.models, history_from=choice.history_from, words=words, lists=_lists(models, pack, problems),
    )  # fmt: skip
    problems += [Problem(GRADE_RULES_BAD, {"file": file, "where": where, "why": why}) for file, where, why in faults(rules)]
    if problems:
        raise BadInput(problems)
    return rules


def _each(documents: Mapping[str, Any], folder: str, shape: type[Any], problems: list[Problem]) -> Iterator[Any]:
    for file in documents:
        if file.startswith(folder):
            made = _one(documents, file, shape, problems)
            if made is not None:
                yield made


def _one(documents: Mapping[str, Any], file: str, shape: type[Any], problems: list[Problem]) -> Any:
    try:
        return shape.model_validate(documents[file])
    except ValidationError as fault:
        problems += [
            Problem(
                GRADE_RULES_BAD,
                {"file": file, "where": ".".join(map(str, e["loc"])) or "全文", "why": e["msg"].removeprefix("Value error, ")},
            )
            for e in fault.errors()
        ]
        return None


def _lists(models: Mapping[str, Model], pack: Pack, problems: list[Problem]) -> dict[tuple[str, str], dict[str, int]]:
    """Points of each code list that a model names: by code, and by every code that begins longer ones (the highest of them)."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for model in models.values():
        for listed in [way.listed for one in model.indicators for way in one.ways if way.listed]:
            points: dict[str, int] = {}
            for row in pack.codes(listed.codes):
                try:
                    value = tenths(Decimal(row[listed.points]))
                except (KeyError, InvalidOperation):
                    continue  # a class without points in the annex: another way of the indicator gives them
                code = row[listed.key]
                for length in range(4, len(code) + 1):
                    points[code[:length]] = max(points.get(code[:length], 0), value)
            if not points:
                problems.append(
                    Problem(GRADE_RULES_BAD, {"file": f"codes/{listed.codes}.csv", "where": listed.points, "why": "没有任何分值"})
                )
            found[listed.codes, listed.points] = points
    return found
