"""No rule without a case: each border has one on it and one above it, each way, step and trigger one that gives it, each trigger one that does not."""

import itertools
from collections.abc import Iterator
from decimal import Decimal

from evenhand.grade import Case, case_period, read_cases, shipped_rules
from evenhand.rulebook import shipped_pack

RULES = shipped_rules()
CASES = [case for cases in read_cases(shipped_pack()).values() for case in cases]
#: By clause: why there is no case of its own.
NOT_BY_ITSELF: dict[str, str] = {}


def points_of(indicator: str, model: str) -> list[Case]:
    return [case for case in CASES if indicator in case.expect.points and case.model == model]


def borders() -> Iterator[tuple[str, str, str, Decimal, Decimal | None]]:
    """Model, indicator, fact, border and the next border of every band."""
    for model in RULES.models.values():
        for indicator in model.indicators:
            for way in indicator.ways:
                uptos = [band.upto for band in way.bands]
                for upto, following in itertools.pairwise(uptos):
                    if upto is not None:
                        yield model.name, indicator.id, way.fact, upto, following


def test_each_border_has_a_case_on_it_and_a_case_just_above_it() -> None:
    lacking = []
    for model, indicator, fact, upto, following in borders():
        told = [Decimal(str(case.facts[fact])) for case in points_of(indicator, model) if fact in case.facts]
        if upto not in told:
            lacking.append(f"{indicator}：{fact} = {upto}")
        if not any(upto < value <= (following or value) and value - upto <= 1 for value in told):
            lacking.append(f"{indicator}：{fact} > {upto}")

    assert lacking == []


def test_each_fixed_number_of_points_has_a_case() -> None:
    lacking = [
        f"{indicator.id} = {way.points}"
        for model in RULES.models.values()
        for indicator in model.indicators
        for way in indicator.ways
        if way.points is not None
        and not any(case.expect.points[indicator.id] == way.points for case in points_of(indicator.id, model.name))
    ]

    assert lacking == []


def test_each_step_of_what_happened_has_a_case() -> None:
    every = [*RULES.common.values(), *(one for model in RULES.models.values() for one in model.indicators)]
    told = {(name, points) for case in CASES for name, points in case.expect.points.items()}
    lacking = [
        one.id
        for one in every
        if one.active and len({points for name, points in told if name == one.id}) < len({s.percent for s in one.active.steps}) + 1
    ]

    assert lacking == []


def test_each_trigger_has_a_case_that_fires_it_and_one_that_does_not_though_something_happened() -> None:
    fired: set[str] = set()
    quiet: set[str] = set()
    for case in CASES:
        period = case_period(case, RULES)
        if period is None or case.expect.triggers is None:
            continue
        now = {one.trigger.id for one in period.standing.fired}
        fired |= now
        happened = {ground["kind"] for ground in case.grounds}
        quiet |= {t.id for t in RULES.schemes[period.scheme].triggers if t.id not in now and ({t.ground, *t.grounds} & happened)}
    every = {t.id for scheme in RULES.schemes.values() for t in scheme.triggers}

    assert sorted(every - fired - set(NOT_BY_ITSELF)) == []
    assert sorted(every - quiet - set(NOT_BY_ITSELF)) == []


def test_each_grade_of_each_scheme_has_a_case() -> None:
    told = {(period.scheme, case.expect.grade) for case in CASES if case.expect.grade and (period := case_period(case, RULES))}

    assert sorted((scheme, grade) for scheme in RULES.schemes for grade in "ABCD" if (scheme, grade) not in told) == []
