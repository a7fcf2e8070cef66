"""Scores and bands: points add up, every score has one grade, what is not known is never harmless."""

from datetime import date
from decimal import Decimal

import pytest

from evenhand.grade import FACTS, GRADES, GROUNDS, Ground, grade_of, periods, read_grade_rules, shipped_rules, standing_on
from evenhand.rulebook import shipped_pack
from tests.factories.grades import make_dossier, make_dossiers

RULES = shipped_rules()
SCHEME = RULES.schemes["FJ-DEFAULT"]
SINCE = dict.fromkeys(GROUNDS, date(2022, 1, 1))
DAY = date(2026, 6, 30)


@pytest.mark.parametrize("name", RULES.schemes)
def test_every_tenth_of_a_point_has_exactly_one_grade(name: str):
    bands = RULES.schemes[name].bands

    grades = [grade_of(score, bands) for score in range(1001)]

    assert grades == sorted(grades)
    assert set(grades) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("score", "grade"),
    [(0, "A"), (300, "A"), (305, "B"), (450, "B"), (455, "C"), (600, "C"), (605, "D"), (1000, "D"), (301, "B"), (601, "D")],
)
def test_a_border_belongs_to_the_lower_grade(score: int, grade: str):
    assert GRADES[grade_of(score, SCHEME.bands)] == grade


@pytest.mark.parametrize(("score", "grade"), [(199, "A"), (200, "B"), (400, "C"), (600, "D")])
def test_a_border_of_credit_belongs_to_the_higher_class(score: int, grade: str):
    assert GRADES[grade_of(score, RULES.schemes["FJ-CREDIT"].bands)] == grade


def test_points_add_up_to_the_score_and_lie_between_best_and_worst():
    for dossier in make_dossiers(seed=11, count=300):
        for model in RULES.models.values():
            for period in periods(dossier, model, RULES, begin=date(2024, 1, 1), end=DAY, since=SINCE):
                told, scheme = period.standing, RULES.schemes[period.scheme]
                parts = {part: sum(p.used for p in told.points if p.indicator.part == part) for part in scheme.parts}
                assert told.score == sum(min(int(scheme.parts[part] * 10), points) for part, points in parts.items())
                assert told.low <= told.score <= told.high
                assert all(p.low <= p.used <= p.high <= p.most for p in told.points)
                assert told.best <= told.worst


def test_what_was_never_inspected_is_not_harmless():
    told = standing_on(make_dossier(), RULES.models["sale"], SCHEME, RULES, day=DAY, since=SINCE)

    inspected = next(p for p in told.points if p.indicator.id == "D-1")
    assert (inspected.used, inspected.low, inspected.high, inspected.known) == (72, 0, 240, False)
    assert told.worst > told.best


def test_a_source_that_is_not_delivered_tells_nothing():
    since = {kind: day for kind, day in SINCE.items() if kind != "complaint"}

    told = standing_on(make_dossier(), RULES.models["sale"], SCHEME, RULES, day=DAY, since=since)

    assert next(p for p in told.points if p.indicator.id == "D-4").known is False


def test_a_canteen_without_a_number_of_diners_keeps_its_range():
    canteen = make_dossier(tags=frozenset({"T01-05", "T04-05"}))

    told = standing_on(canteen, RULES.models["catering"], SCHEME, RULES, day=DAY, since=SINCE)

    size = next(p for p in told.points if p.indicator.id == "C-S1")
    assert (size.used, size.low, size.high, size.why) == (40, 20, 100, "未填写")


def test_the_facts_name_no_inspector_and_no_office():
    assert [name for name in FACTS if "inspector" in name or "office" in name or "staff" in name] == []


def test_the_order_of_grounds_never_matters():
    grounds = [Ground(kind="sampling", day=date(2026, 1, n), outcome="不合格", level="省抽") for n in (1, 5, 9)]
    model, span = RULES.models["sale"], {"begin": date(2024, 1, 1), "end": DAY, "since": SINCE}

    one = periods(make_dossier(grounds=grounds), model, RULES, **span)
    other = periods(make_dossier(grounds=grounds[::-1]), model, RULES, **span)

    assert [(p.begins, p.grade, p.standing.score) for p in one] == [(p.begins, p.grade, p.standing.score) for p in other]


def test_the_table_of_producers_is_whole():
    points = read_grade_rules(shipped_pack()).lists["food_producer_static_risk", "static_score"]

    assert len(shipped_pack().codes("food_producer_static_risk").rows) == 101
    assert (points["0101"], points["0104"], points["2901"]) == (135, 140, 315)
    assert points["0301"] == max(points["030101"], points["030102"])


@pytest.mark.parametrize("area", ["0.01", "200", "200.5", "1000", "1000.01", "99999"])
def test_every_area_has_points(area: str):
    told = standing_on(make_dossier(sale_area=Decimal(area)), RULES.models["sale"], SCHEME, RULES, day=DAY, since=SINCE)

    assert next(p for p in told.points if p.indicator.id == "S-S1").used > 0
