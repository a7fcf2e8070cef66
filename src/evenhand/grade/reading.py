"""Grading rules of a pack: read, checked against each other, frozen. Every fault of a pack is told at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from evenhand.errors import BadInput, Problem
from evenhand.grade.faults import CHOICE, COMMON, faults
from evenhand.grade.messages import GRADE_NO_RULES, GRADE_RULES_BAD
from evenhand.grade.ruleset import GradeRules, GroundWords, dated_choice
from evenhand.grade.shapes import Indicator, Model, Scheme, tenths
from evenhand.rulebook import Pack, Source, days_of_change, misreferred, names_of, resolve

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
    """Read the folder `grading` of a pack; raises BadInput with every fault of it.

    A scheme that refers to a dated value is one scheme for each day on which such a value begins: the first keeps its name, a later one is `NAME@day`.
    """
    documents, _ = pack.plain_documents("grading"), pack.parameters
    missing = [name for name in (COMMON, CHOICE, _GROUNDS) if name not in documents]
    missing += [folder for folder in ("grading/models", "grading/schemes") if not any(f.startswith(f"{folder}/") for f in documents)]
    if missing:
        raise BadInput(Problem(GRADE_NO_RULES, {"pack": pack.name, "file": name}) for name in missing)
    problems: list[Problem] = []
    models: dict[str, Model] = {m.name: m for m in _each(documents, "grading/models/", Model, pack, problems)}
    schemes: dict[str, Scheme] = {}
    later: dict[str, dict[date, str]] = {}
    for file in _below(documents, "grading/schemes/"):
        for made, begins in _versions(file, documents[file], pack, problems):
            schemes[made.name] = made
            if begins:
                later.setdefault(made.name.partition("@")[0], {})[begins] = made.name
    common, choice, words = (
        _one(documents, name, shape, pack, problems) for name, shape in ((COMMON, _Common), (CHOICE, _Choice), (_GROUNDS, GroundWords))
    )
    if problems:
        raise BadInput(problems)
    rules = GradeRules(
        models=models, schemes=schemes, common={one.id: one for one in common.indicators}, choice={m: dated_choice(days, later) for m, days in choice.models.items()},
        later=later, history_from=choice.history_from, words=words, lists=_lists(models, pack, problems),
    )  # fmt: skip
    problems += [
        Problem(GRADE_RULES_BAD, {"file": file, "where": pack.place(file, where.split(".")), "why": why})
        for file, where, why in faults(rules)
    ]
    if problems:
        raise BadInput(problems)
    return rules


def _below(documents: Mapping[str, Any], folder: str) -> list[str]:
    return [file for file in documents if file.startswith(folder)]


def _each(documents: Mapping[str, Any], folder: str, shape: type[Any], pack: Pack, problems: list[Problem]) -> Iterator[Any]:
    for file in _below(documents, folder):
        made = _one(documents, file, shape, pack, problems)
        if made is not None:
            yield made


def _one(documents: Mapping[str, Any], file: str, shape: type[Any], pack: Pack, problems: list[Problem]) -> Any:
    document = _resolved(file, documents[file], pack, pack.on, problems)
    return None if document is None else pack.shaped(file, document, shape, GRADE_RULES_BAD, problems)


def _resolved(file: str, document: Any, pack: Pack, on: date | None, problems: list[Problem]) -> Any:
    try:
        return resolve(document, pack.parameters, on=on)
    except BadInput as refused:
        problems += misreferred(file, refused)
        return None


def _versions(file: str, document: Any, pack: Pack, problems: list[Problem]) -> Iterator[tuple[Scheme, date | None]]:
    """One scheme per state of the dated values it refers to, and the day it begins; the first has begun before any grading."""
    try:
        days = days_of_change(document, pack.parameters)
    except BadInput as refused:
        problems += misreferred(file, refused)
        return
    seen: Any = None
    first = max((min(pack.parameters.get(name).values) for name in names_of(document)), default=None)
    for day in [None, *(day for day in days if first and day > first)]:
        stated = _resolved(file, document, pack, day or first, problems)
        if stated is None or stated == seen:
            continue
        seen = stated
        named = stated | {"name": f"{stated['name']}@{day}"} if day and isinstance(stated, dict) and "name" in stated else stated
        made = pack.shaped(file, named, Scheme, GRADE_RULES_BAD, problems)
        if made is not None:
            yield made, day


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
