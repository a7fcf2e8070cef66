"""A model in words, as pages and handbooks print it: whom it covers, points, bands, triggers, frequency, each with its source (模型条文)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from evenhand.grade.facts import FACTS, GROUNDS
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.shapes import Band, Indicator, Model, Scheme, Source, Test, Trigger, Way
from evenhand.grade.wording import band_text, named
from evenhand.rulebook import cited

__all__ = ["Line", "condition_text", "frequency_lines", "indicator_lines", "trigger_lines"]

_READ: Final = 4
"""Longer lists of tags are not read."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One printed rule: id, what it is about, how it counts, where it comes from, whether that is settled law, a note."""

    id: str
    term: str
    rule: tuple[str, ...]
    source: str
    settled: bool
    confidence: str
    note: str
    part: str = ""
    most: str = ""


def _line(source: Source, *, ident: str, term: str, rule: tuple[str, ...], part: str = "", most: str = "") -> Line:
    return Line(
        id=ident, term=term, rule=rule, source=cited(source), settled=source.confidence == "VERIFIED", confidence=source.confidence, note=source.note, part=part, most=most,
    )  # fmt: skip


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def condition_text(condition: Mapping[str, Test], names: Mapping[str, str]) -> str:
    """Return a condition in words; empty when it asks nothing.

    >>> condition_text({"tags": Test(any=("T04-05",))}, {"T04-05": "热食"})
    '有“热食”标签'
    """
    return "，且".join(part for name, test in condition.items() for part in _tests(name, test, names))


def _tests(name: str, test: Test, names: Mapping[str, str]) -> Iterator[str]:
    title, unit = FACTS[name].title, FACTS[name].unit
    if test.any:
        yield "有" + "、".join(f"“{named(code, names)}”" for code in test.any) + ("标签" if len(test.any) == 1 else "标签之一")
    if test.none:
        yield (
            f"没有“{named(test.none[0], names)}”等标签"
            if len(test.none) > _READ
            else "没有" + "、".join(f"“{named(c, names)}”" for c in test.none) + "标签"
        )
    if test.one_of:
        yield f"{title}为" + "、".join("是" if value == "true" else value for value in test.one_of)
    if test.above is not None:
        yield f"{title}高于 {_number(test.above)}{unit}"
    if test.upto is not None:
        yield f"{title}不超过 {_number(test.upto)}{unit}"
    if test.empty is not None:
        yield f"{title}{'未填' if test.empty else '已填'}"


def indicator_lines(model: Model, scheme: Scheme, rules: GradeRules, names: Mapping[str, str]) -> list[Line]:
    """Return every indicator of a model under a scheme, in the order of the parts."""
    return [
        _line(
            one.source, ident=one.id, term=one.term, rule=tuple(_rules_of(one, model, names)), part=scheme.part_terms[one.part],
            most=_number(scheme.points[one.id] if one.max is None else one.max),
        )
        for one in rules.indicators(model.name, scheme)
    ]  # fmt: skip


def _rules_of(one: Indicator, model: Model, names: Mapping[str, str]) -> Iterator[str]:
    for way in one.ways:
        yield from _way(way, names)
    if len(one.ways) > 1:
        yield "几项都符合的，取最高分" if one.pick == "highest" else "取最先符合的一项"
    if one.ratio:
        keys, items = one.ratio.tables[model.checklist]
        yield f"取最近 {one.ratio.months} 个月内最后一次检查：最高分 × 不符合项加权之和 ÷ 适用项加权之和；重点项权重 {one.ratio.key_weight}，一般项权重 1"
        yield f"没有写明检查项数的，按要点表 {items} 项（重点 {keys} 项）计"
        yield "只有结果的：" + "，".join(f"{verdict} {percent}%" for verdict, percent in one.ratio.verdicts.items())
    if one.active:
        span = f"最近 {one.active.months} 个月" if one.active.months else "仍在期内"
        what = "、".join(f"{'、'.join(wanted)}的" for wanted in one.active.where.values())
        yield f"{span}{what}{GROUNDS[one.active.ground]}：" + "，".join(
            f"{step.least} 件以上计 {step.percent}%" for step in one.active.steps
        )
    if one.latest:
        yield f"取最近一次{GROUNDS[one.latest.ground]}：" + "，".join(
            f"{outcome} 计 {percent}%" for outcome, percent in one.latest.percents.items()
        )
    for empty in one.empty:
        when = condition_text(empty.when, names)
        yield f"无法判断的（{empty.why}{'；' + when if when else ''}），计最高分的 {empty.percent}%" + (
            "" if empty.sure else "，同时给出最好和最差的可能"
        )


def _way(way: Way, names: Mapping[str, str]) -> Iterator[str]:
    when = condition_text(way.when, names)
    if way.points is not None:
        yield f"{when or '其他'}：{_number(way.points)} 分"
    elif way.listed:
        yield "按生产类别查《静态风险因素量化分值表》，多个类别取最高分"
    else:
        unit = FACTS[way.fact].unit
        yield (
            f"{when + '，' if when else ''}{FACTS[way.fact].title}"
            + "；".join(_bands(way.bands, unit))
            + (f"；未填的计 {_number(way.empty)} 分" if way.empty is not None else "")
        )


def _bands(bands: tuple[Band, ...], unit: str) -> Iterator[str]:
    last: Decimal | None = None
    for band in bands:
        low = f"高于 {_number(last)}" if last is not None else ""
        high = f"不超过 {_number(band.upto)}" if band.upto is not None else ""
        yield f"{low}{'、' if low and high else ''}{high} {unit} {_number(band.points)} 分"
        last = band.upto


def trigger_lines(scheme: Scheme, names: Mapping[str, str]) -> list[Line]:
    """Return every trigger of a scheme: what fires it, what it does, how long."""
    return [_line(one.source, ident=one.id, term=one.term, rule=tuple(_trigger(one, names))) for one in scheme.triggers]


def _trigger(one: Trigger, names: Mapping[str, str]) -> Iterator[str]:
    effect = one.effect
    yield f"至少评为 {effect.to} 级" if effect.to else f"上调 {effect.lift} 级" if effect.lift else f"下调 {effect.lower} 级"
    if one.lasts_months:
        yield f"自当日起 {one.lasts_months} 个月"
    elif one.after_closed:
        yield f"自当日起，至整改完成后 {one.after_closed} 个月"
    elif one.clean_months:
        yield f"满 {one.clean_months} 个月起，至再有违法违规记录止；其间须有可用的检查结果"
    else:
        yield "自当日起，至了结或者移出之日止"
    if one.serious:
        yield "情形严重，不受稳定保护限制"
    if one.except_tags:
        yield "不适用于有" + "、".join(f"“{named(code, names)}”" for code in one.except_tags) + "标签的主体"
    if one.task:
        yield one.task


def frequency_lines(scheme: Scheme) -> list[Line]:
    """Return bands, frequency and floors of a scheme."""
    found = [_line(scheme.bands.source, ident="", term="等级界限", rule=(band_text(scheme.bands),))]
    if scheme.frequency and scheme.frequency_source:
        each = "；".join(
            f"{grade} 级每 {f.years} 年不少于 {f.visits} 次" if f.years > 1 else f"{grade} 级每年不少于 {f.visits} 次"
            for grade, f in scheme.frequency.items()
        )
        found.append(_line(scheme.frequency_source, ident="", term="检查频次", rule=(each,)))
    found += [_line(floor.source, ident="", term="频次下限", rule=(floor.term,)) for floor in scheme.floors]
    return found
