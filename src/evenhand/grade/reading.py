"""Grading rules of a pack: read, checked against each other, frozen. Every fault of a pack is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from evenhand.errors import BadInput, Problem
from evenhand.grade.facts import FACTS, GROUNDS, Kind
from evenhand.grade.messages import GRADE_NO_MODEL, GRADE_NO_RULES, GRADE_NO_SCHEME, GRADE_RULES_BAD
from evenhand.grade.shapes import Indicator, Model, Scheme, Source, Test, Trigger, tenths
from evenhand.rulebook import Pack

__all__ = ["GradeRules", "GroundWords", "most", "read_grade_rules"]

_COMMON: Final = "grading/common.yaml"
_CHOICE: Final = "grading/choice.yaml"
_GROUNDS: Final = "grading/grounds.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroundWords(_Frozen):
    """Words by which a source row is known as a ground: text it contains → class, the first that fits; checklist items of self-checks and recalls."""

    penalty: dict[str, str]
    penalty_level: dict[str, str]
    complaint: dict[str, str]
    abnormal: dict[str, str]
    certificate: dict[str, str]
    self_check: tuple[str, ...]
    recall: tuple[str, ...]


class _Common(_Frozen):
    indicators: tuple[Indicator, ...]


class _Choice(_Frozen):
    term: str
    name: str
    meaning: str
    source: Source
    history_from: date
    models: dict[str, dict[date, str]]


@dataclass(frozen=True, kw_only=True)
class GradeRules:
    """All of a pack. `choice`: by model, the scheme by first day in force; `history_from`: first day that is graded. `lists`: points in tenths by code, by name of the list and column."""

    models: Mapping[str, Model]
    schemes: Mapping[str, Scheme]
    common: Mapping[str, Indicator]
    choice: Mapping[str, Mapping[date, str]]
    history_from: date
    words: GroundWords
    lists: Mapping[tuple[str, str], Mapping[str, int]]

    def model(self, name: str) -> Model:
        """Return the model of that name; raises BadInput naming those there are."""
        if name not in self.models:
            raise BadInput(Problem(GRADE_NO_MODEL, {"name": name, "known": "、".join(self.models)}))
        return self.models[name]

    def scheme(self, name: str) -> Scheme:
        """Return the scheme of that name; raises BadInput naming those there are."""
        if name not in self.schemes:
            raise BadInput(Problem(GRADE_NO_SCHEME, {"name": name, "known": "、".join(self.schemes)}))
        return self.schemes[name]

    def chosen(self, model: str, *, on: date) -> str | None:
        """Return the name of the scheme in force for a model on a day; None before the first."""
        past = [day for day in self.choice.get(model, {}) if day <= on]
        return self.choice[model][max(past)] if past else None

    def indicators(self, model: str, scheme: Scheme) -> tuple[Indicator, ...]:
        """Return the indicators that count for a model under a scheme, in the order of its parts."""
        own = self.models[model].indicators
        used = [*own, *(one for one in self.common.values() if one.id in scheme.points)]
        return tuple(one for part in scheme.parts for one in used if one.part == part)


def most(indicator: Indicator, scheme: Scheme) -> int:
    """Return the most tenths that an indicator can give under a scheme."""
    return tenths(scheme.points[indicator.id] if indicator.max is None else indicator.max)


def read_grade_rules(pack: Pack) -> GradeRules:
    """Read the folder `grading` of a pack; raises BadInput with every fault of it."""
    documents = pack.documents("grading")
    missing = [name for name in (_COMMON, _CHOICE, _GROUNDS) if name not in documents]
    missing += [folder for folder in ("grading/models", "grading/schemes") if not any(f.startswith(f"{folder}/") for f in documents)]
    if missing:
        raise BadInput(Problem(GRADE_NO_RULES, {"pack": pack.name, "file": name}) for name in missing)
    problems: list[Problem] = []
    models = {m.name: m for m in _each(documents, "grading/models/", Model, problems)}
    schemes = {s.name: s for s in _each(documents, "grading/schemes/", Scheme, problems)}
    common, choice, words = (
        _one(documents, name, shape, problems) for name, shape in ((_COMMON, _Common), (_CHOICE, _Choice), (_GROUNDS, GroundWords))
    )
    if problems:
        raise BadInput(problems)
    rules = GradeRules(
        models=models, schemes=schemes, common={one.id: one for one in common.indicators}, choice=choice.models, history_from=choice.history_from, words=words, lists=_lists(models, pack, problems),
    )  # fmt: skip
    problems += [Problem(GRADE_RULES_BAD, {"file": file, "where": where, "why": why}) for file, where, why in _faults(rules)]
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


def _faults(rules: GradeRules) -> Iterator[tuple[str, str, str]]:
    """What is wrong between files: (file, where, why)."""
    for model in rules.models.values():
        file = f"grading/models/{model.name}.yaml"
        for one in model.indicators:
            for why in _indicator_faults(one, rules):
                yield file, one.id, why
            if one.ways and one.max is None:
                yield file, one.id, "静态指标须写明最高分 max"
        yield from ((file, "covers", why) for why in _condition_faults(model.covers))
    for one in rules.common.values():
        yield from ((_COMMON, one.id, why) for why in _indicator_faults(one, rules))
    for scheme in rules.schemes.values():
        yield from ((f"grading/schemes/{scheme.name.lower()}.yaml", where, why) for where, why in _scheme_faults(scheme, rules))
    for model_name, dated in rules.choice.items():
        if model_name not in rules.models:
            yield _CHOICE, model_name, f"没有这个模型；可用 {'、'.join(rules.models)}"
        for day, name in dated.items():
            if name not in rules.schemes:
                yield _CHOICE, f"{model_name}.{day}", f"没有方案 {name}；可用 {'、'.join(rules.schemes)}"
            elif model_name in rules.models and model_name not in rules.schemes[name].models:
                yield _CHOICE, f"{model_name}.{day}", f"方案 {name} 不适用于这个模型"


def _condition_faults(condition: Mapping[str, Test]) -> Iterator[str]:
    for name, test in condition.items():
        if name not in FACTS:
            yield f"没有事实 {name}；可用 {'、'.join(FACTS)}"
            continue
        kind = FACTS[name].kind
        if (test.any or test.none) and kind is not Kind.CODES:
            yield f"{name} 不是代码集合，不能用 any、none"
        if (test.above is not None or test.upto is not None) and kind is not Kind.NUMBER:
            yield f"{name} 不是数，不能用 above、upto"
        if test == Test():
            yield f"{name} 没有写比较"


def _indicator_faults(one: Indicator, rules: GradeRules) -> Iterator[str]:
    kinds = [bool(one.ways), one.ratio is not None, one.active is not None, one.latest is not None]
    if sum(kinds) != 1:
        yield "ways、ratio、active、latest 须恰写一种"
    if (one.unknown or one.ratio or one.latest) and not one.empty:
        yield "没有写空缺时怎样计（empty）"
    if one.empty and one.empty[-1].when:
        yield "empty 的最后一条不能带条件：总要有一条适用"
    for condition in (one.unknown, *(way.when for way in one.ways), *(empty.when for empty in one.empty)):
        yield from _condition_faults(condition)
    for way in one.ways:
        if sum((way.points is not None, bool(way.bands), way.listed is not None)) != 1:
            yield "每一种计分须恰写 points、bands、listed 之一"
        if way.bands:
            yield from _band_faults(way.fact, [band.upto for band in way.bands])
            if way.empty is None:
                yield f"{way.fact} 空缺时计几分没有写（empty）"
        given = [way.points or Decimal(0), way.empty or Decimal(0), *(band.points for band in way.bands)]
        if one.max is not None and max(given) > one.max:
            yield f"分值 {max(given)} 超过最高分 {one.max}"
    for ground in (one.ratio, one.active, one.latest):
        if ground and ground.ground not in GROUNDS:
            yield f"没有依据 {ground.ground}；可用 {'、'.join(GROUNDS)}"
    if one.active:
        least = [step.least for step in one.active.steps]
        if least != sorted(set(least)):
            yield "steps 的件数须递增"
    if one.ratio and (lacking := {m.checklist for m in rules.models.values() if m.checklist} - set(one.ratio.tables)):
        yield f"缺要点表 {'、'.join(sorted(lacking))}"


def _band_faults(fact: str, borders: list[Decimal | None]) -> Iterator[str]:
    if fact not in FACTS or FACTS[fact].kind is not Kind.NUMBER:
        yield f"分段的事实“{fact}”不存在或者不是数"
    inner = [border for border in borders[:-1] if border is not None]
    if len(inner) != len(borders) - 1 or borders[-1] is not None:
        yield "分段的最后一段不写 upto，其余各段都写：每个数恰有一段"
    if inner != sorted(set(inner)):
        yield "分段的界限须递增，不得重叠"


def _scheme_faults(scheme: Scheme, rules: GradeRules) -> Iterator[tuple[str, str]]:
    if set(scheme.parts) != set(scheme.part_terms):
        yield "part_terms", "各部分都须有名称"
    if unknown := sorted(set(scheme.models) - set(rules.models)):
        yield "models", f"没有模型 {'、'.join(unknown)}"
    if sum(scheme.parts.values()) != 100:  # noqa: PLR2004 — a scale of 100 points is what a score is
        yield "parts", f"各部分合计 {sum(scheme.parts.values())} 分，应为 100 分"
    if unknown := sorted(set(scheme.points) - set(rules.common)):
        yield "points", f"没有指标 {'、'.join(unknown)}"
    if not scheme.bands.A < scheme.bands.B < scheme.bands.C:
        yield "bands", "界限须 A < B < C：否则有的分数没有等级或者有两个等级"
    for part, top in scheme.parts.items():
        common = sum((p for i, p in scheme.points.items() if i in rules.common and rules.common[i].part == part), Decimal(0))
        for name in set(scheme.models) & set(rules.models):
            own = [one for one in rules.models[name].indicators if one.part == part]
            given = common + sum((one.max or Decimal(0) for one in own), Decimal(0))
            if given < top or (given > top and not rules.models[name].exclusive):
                yield f"parts.{part}", f"模型 {name} 的指标最高合计 {given} 分，应为 {top} 分"
    yield from _frequency_faults(scheme)
    yield from _trigger_faults(scheme.triggers)


def _frequency_faults(scheme: Scheme) -> Iterator[tuple[str, str]]:
    if not scheme.frequency:
        return
    if set(scheme.frequency) != set("ABCD") or scheme.frequency_source is None:
        yield "frequency", "四个等级的频次和来源都须写明"
        return
    rates = [scheme.frequency[grade].visits / scheme.frequency[grade].years for grade in "ABCD"]
    if rates != sorted(rates):
        yield "frequency", "风险高的等级频次不得低于风险低的"
    if scheme.floor_years and rates[0] * scheme.floor_years < 1:
        yield "frequency", f"A 级频次低于每 {scheme.floor_years} 年一次的下限"
    for grade, cap in scheme.caps.items():
        if cap < scheme.frequency[grade].visits / scheme.frequency[grade].years:  # type: ignore[index]
            yield f"caps.{grade}", "年度检查上限低于同一等级应有的频次"


def _trigger_faults(triggers: tuple[Trigger, ...]) -> Iterator[tuple[str, str]]:
    ids = [one.id for one in triggers]
    for one in triggers:
        if ids.count(one.id) > 1:
            yield one.id, "编号重复"
        if bool(one.ground) == bool(one.clean_months):
            yield one.id, "ground 与 clean_months 须恰写一种"
        for ground in (*([one.ground] if one.ground else []), *one.grounds):
            if ground not in GROUNDS:
                yield one.id, f"没有依据 {ground}；可用 {'、'.join(GROUNDS)}"
        if one.lasts_months and one.after_closed:
            yield one.id, "lasts_months 与 after_closed 只能写一种"
        if one.at_least > 1 and not (one.within_months or one.within_days) or (one.at_least > 1 and not one.lasts_months):
            yield one.id, "多件才触发的，须写明在多长时间内（within）和持续多久（lasts_months）"
        if sum((one.effect.to is not None, one.effect.lift > 0, one.effect.lower > 0)) != 1:
            yield one.id, "effect 须恰写 to、lift、lower 之一"
