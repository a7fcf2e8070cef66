"""What is wrong with the grading rules of a pack taken together: everything that one file alone cannot tell."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from evenhand.grade.facts import FACTS, GROUNDS, Kind
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.shapes import Band, Frequency, Indicator, Scheme, Test, Trigger, Way

__all__ = ["CHOICE", "COMMON", "faults"]

COMMON: Final = "grading/common.yaml"
CHOICE: Final = "grading/choice.yaml"


def faults(rules: GradeRules) -> Iterator[tuple[str, str, str]]:
    """Give everything that is wrong between the files: (file, where, why)."""
    for model in rules.models.values():
        file = f"grading/models/{model.name}.yaml"
        told = [(one.id, why) for one in model.indicators for why in _indicator_faults(one, rules)]
        told += [(one.id, "静态指标须写明最高分 max") for one in model.indicators if one.ways and one.max is None]
        told += [("covers", why) for why in _condition_faults(model.covers)]
        yield from ((file, where, why) for where, why in told)
    for one in rules.common.values():
        yield from ((COMMON, one.id, why) for why in _indicator_faults(one, rules))
    for scheme in rules.schemes.values():
        yield from (
            (f"grading/schemes/{scheme.name.partition('@')[0].lower()}.yaml", where, why) for where, why in _scheme_faults(scheme, rules)
        )
    yield from ((CHOICE, where, why) for where, why in _choice_faults(rules))


def _choice_faults(rules: GradeRules) -> Iterator[tuple[str, str]]:
    for model, dated in rules.choice.items():
        if model not in rules.models:
            yield f"models.{model}", f"没有这个模型；可用 {'、'.join(rules.models)}"
            continue
        for day, name in dated.items():
            if name not in rules.schemes:
                yield f"models.{model}.{day}", f"没有方案 {name}；可用 {'、'.join(rules.schemes)}"
            elif model not in rules.schemes[name].models:
                yield f"models.{model}.{day}", f"方案 {name} 不适用于这个模型"


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
    if sum((bool(one.ways), one.ratio is not None, one.active is not None, one.latest is not None)) != 1:
        yield "ways、ratio、active、latest 须恰写一种"
    if (one.unknown or one.ratio or one.latest) and not one.empty:
        yield "没有写空缺时怎样计（empty）"
    if one.empty and one.empty[-1].when:
        yield "empty 的最后一条不能带条件：总要有一条适用"
    for condition in (one.unknown, *(way.when for way in one.ways), *(empty.when for empty in one.empty)):
        yield from _condition_faults(condition)
    for way in one.ways:
        yield from _way_faults(way, one.max)
    yield from _ground_faults(one, rules)


def _way_faults(way: Way, most: Decimal | None) -> Iterator[str]:
    if sum((way.points is not None, bool(way.bands), way.listed is not None)) != 1:
        yield "每一种计分须恰写 points、bands、listed 之一"
    if way.bands:
        yield from _band_faults(way.fact, way.bands)
        if way.empty is None:
            yield f"{way.fact} 空缺时计几分没有写（empty）"
    given = max([way.points or Decimal(0), way.empty or Decimal(0), *(band.points for band in way.bands)])
    if most is not None and given > most:
        yield f"分值 {given} 超过最高分 {most}"


def _ground_faults(one: Indicator, rules: GradeRules) -> Iterator[str]:
    for told in (one.ratio, one.active, one.latest):
        if told and told.ground not in GROUNDS:
            yield f"没有依据 {told.ground}；可用 {'、'.join(GROUNDS)}"
    least = [step.least for step in one.active.steps] if one.active else []
    if least != sorted(set(least)):
        yield "steps 的件数须递增"
    if one.ratio and (lacking := {m.checklist for m in rules.models.values() if m.checklist} - set(one.ratio.tables)):
        yield f"缺要点表 {'、'.join(sorted(lacking))}"


def _band_faults(fact: str, bands: tuple[Band, ...]) -> Iterator[str]:
    borders = [band.upto for band in bands]
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
        for name in sorted(set(scheme.models) & set(rules.models)):
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
    each: dict[str, Frequency] = {str(grade): frequency for grade, frequency in scheme.frequency.items()}
    rates = [each[grade].visits / each[grade].years for grade in "ABCD"]
    if rates != sorted(rates):
        yield "frequency", "风险高的等级频次不得低于风险低的"
    if scheme.floor_years and rates[0] * scheme.floor_years < 1:
        yield "frequency", f"A 级频次低于每 {scheme.floor_years} 年一次的下限"
    for grade, cap in scheme.caps.items():
        if grade not in each or cap < each[grade].visits / each[grade].years:
            yield f"caps.{grade}", "年度检查上限低于同一等级应有的频次"


def _trigger_faults(triggers: tuple[Trigger, ...]) -> Iterator[tuple[str, str]]:
    ids = [one.id for one in triggers]
    for place, one in enumerate(triggers):
        if one.id in ids[:place]:
            yield one.id, "编号重复"
        if bool(one.ground) == bool(one.clean_months):
            yield one.id, "ground 与 clean_months 须恰写一种"
        for ground in (*([one.ground] if one.ground else []), *one.grounds):
            if ground not in GROUNDS:
                yield one.id, f"没有依据 {ground}；可用 {'、'.join(GROUNDS)}"
        if one.lasts_months and one.after_closed:
            yield one.id, "lasts_months 与 after_closed 只能写一种"
        if one.at_least > 1 and not ((one.within_months or one.within_days) and one.lasts_months):
            yield one.id, "多件才触发的，须写明在多长时间内（within）和持续多久（lasts_months）"
        if sum((one.effect.to is not None, one.effect.lift > 0, one.effect.lower > 0)) != 1:
            yield one.id, "effect 须恰写 to、lift、lower 之一"
