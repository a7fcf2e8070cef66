"""Grades in words: the sentences an owner reads, and the table an officer reads (等级说明)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from evenhand.grade.days import FOREVER
from evenhand.grade.dossier import Value, passes
from evenhand.grade.facts import FACTS
from evenhand.grade.grading import Fired, Period
from evenhand.grade.scoring import Point, score_text
from evenhand.grade.shapes import GRADES, Bands, Model, Scheme, band_points, tenths
from evenhand.rulebook import cited

__all__ = ["PointRow", "band_text", "fired_text", "frequency_text", "named", "point_rows", "sentences"]

_TAG: Final = re.compile(r"T[0-9]{2}-[0-9A-Z]+")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class PointRow:
    """One indicator as an officer reads it: fact → rule → source; `used` of `top`, in tenths of a point; `settled`: law as it stands, no value that waits for confirmation."""

    id: str
    term: str
    part: str
    points: str
    most: str
    range: str
    known: bool
    why: str
    source: str
    settled: bool
    used: int
    top: int


def named(text: str, names: Mapping[str, str]) -> str:
    """Return the text with the names of tags in the place of their codes.

    >>> named("T04-05、T04-06", {"T04-05": "热食"})
    '热食、T04-06'
    """
    return _TAG.sub(lambda found: names.get(found[0], found[0]), text)


def point_rows(period: Period, scheme: Scheme, names: Mapping[str, str], facts: Mapping[str, Value] | None = None) -> list[PointRow]:
    """Return every indicator of a period, in the order of the parts; their points add up to the parts, the parts to the score.

    Args:
        period: the graded period.
        scheme: the one it was graded by.
        names: of tags, by code.
        facts: of the subject, to tell what a number measures; without them it is told where its points leave no doubt.
    """
    return [_row(point, scheme, names, facts) for point in period.standing.points]


def _row(point: Point, scheme: Scheme, names: Mapping[str, str], facts: Mapping[str, Value] | None) -> PointRow:
    one = point.indicator
    span = "" if point.low == point.high else f"{score_text(point.low)}–{score_text(point.high)}"
    return PointRow(
        id=one.id, term=one.term, part=scheme.part_terms[one.part], points=score_text(point.used), most=score_text(point.most), range=span, known=point.known,
        why=_why(point, names, facts), source=cited(one.source), settled=one.source.confidence == "VERIFIED", used=point.used, top=point.most,
    )  # fmt: skip


def _why(point: Point, names: Mapping[str, str], facts: Mapping[str, Value] | None) -> str:
    """Return why a point counts; a bare number is told with the fact it measures and its unit."""
    if not _NUMBER.fullmatch(point.why):
        return named(point.why, names)
    number = Decimal(point.why)
    measured = {
        way.fact
        for way in point.indicator.ways
        if way.fact and tenths(band_points(way.bands, number)) == point.used and (facts is None or passes(facts, way.when))
    }
    told = [f"{FACTS[name].title} {point.why} {FACTS[name].unit}" for name in measured]
    return told[0] if len(told) == 1 else point.why


def band_text(bands: Bands) -> str:
    """Return the bands in words.

    >>> from evenhand.rulebook import Source
    >>> band_text(Bands(A=30, B=45, C=60, closed="upper", source=Source(title="x", read_on="2026-01-01", confidence="DESIGN")))
    'A：0 至 30 分；B：高于 30 分至 45 分；C：高于 45 分至 60 分；D：高于 60 分'
    """
    a, b, c = (f"{border.normalize():f}" for border in (bands.A, bands.B, bands.C))
    if bands.closed == "upper":
        return f"A：0 至 {a} 分；B：高于 {a} 分至 {b} 分；C：高于 {b} 分至 {c} 分；D：高于 {c} 分"
    return f"A：低于 {a} 分；B：{a} 分以上、低于 {b} 分；C：{b} 分以上、低于 {c} 分；D：{c} 分以上"


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""


def fired_text(fired: Fired) -> str:
    """Return a trigger at work in words: what, since when, until when, what it does."""
    effect = fired.trigger.effect
    does = f"直接评为 {effect.to} 级" if effect.to else f"上调 {effect.lift} 级" if effect.lift else f"下调 {effect.lower} 级"
    until = "，了结前一直有效" if fired.ends == FOREVER else f"，至 {_day(fired.ends)}前有效"
    return f"{fired.trigger.term}（{fired.trigger.id}），自 {_day(fired.begins)}起{does}{until}"


def frequency_text(period: Period, scheme: Scheme) -> str:
    """Return the frequency of visits that follows from the grade; empty for a scheme without one."""
    grade = GRADES[period.grade]
    if not scheme.frequency:
        return ""
    frequency = scheme.frequency[grade]  # type: ignore[index]
    return (
        f"{grade} 级每 {frequency.years} 年至少检查 {frequency.visits} 次"
        if frequency.years > 1
        else f"{grade} 级每年至少检查 {frequency.visits} 次"
    )


def sentences(
    period: Period, model: Model, scheme: Scheme, names: Mapping[str, str], facts: Mapping[str, Value] | None = None
) -> list[str]:
    """Return the grade as an owner reads it: grade, how the score adds up, what changed it, how sure it is, what follows. `names`, `facts`: see `point_rows`."""
    told, grade = period.standing, GRADES[period.grade]
    parts = []
    for part, term in scheme.part_terms.items():
        mine = [p for p in told.points if p.indicator.part == part]
        parts.append(f"{term} {score_text(min(int(scheme.parts[part] * 10), sum(p.used for p in mine)))} 分")
    found = [
        f"按{model.term}模型（{scheme.term}），自 {_day(period.begins)}起风险等级为 {grade} 级。",
        f"总分 {score_text(told.score)} 分，由{'、'.join(parts)}相加；按分数属于 {GRADES[told.base]} 级（{band_text(scheme.bands)}）。",
    ]
    weighing = [p for p in told.points if p.used]
    if weighing:
        found.append(
            "得分的各项：" + "；".join(f"{p.indicator.term} {score_text(p.used)} 分（{_why(p, names, facts)}）" for p in weighing) + "。"
        )
    found += [f"{fired_text(one)}。" for one in told.fired]
    if period.held:
        found.append(f"应评等级为 {GRADES[told.due]} 级；等级变动后 {scheme.guard_days} 日内不再变动（情形严重的除外），暂按 {grade} 级。")
    if told.known_percent < 100:  # noqa: PLR2004 — a percentage
        found.append(
            f"有数据的指标占全部分值的 {told.known_percent}%；其余补齐后，等级最好为 {GRADES[told.best]} 级，最差为 {GRADES[told.worst]} 级。"
        )
    if frequency := frequency_text(period, scheme):
        found.append(f"{frequency}。")
    return found
