"""Advice and supposition: what would change the grade, and when it counts."""

from datetime import date

from evenhand.grade import GRADES, GROUNDS, Ground, advise, shipped_rules, what_if
from tests.factories.grades import make_dossier

RULES = shipped_rules()
SALE = RULES.models["sale"]
SINCE = dict.fromkeys(GROUNDS, date(2024, 1, 1))
ASOF = date(2026, 6, 30)
SOUND = Ground(kind="inspection", day=date(2026, 5, 4), outcome="符合", total=34, failed=0)


def test_a_good_grade_needs_no_advice():
    assert advise(make_dossier(grounds=[SOUND]), SALE, RULES, asof=ASOF, since=SINCE) is None


def test_a_listed_shop_is_told_to_leave_the_list_and_when_it_counts():
    listed = make_dossier(grounds=[SOUND, Ground(kind="dishonest", day=date(2026, 1, 5))])

    found = advise(listed, SALE, RULES, asof=ASOF, since=SINCE, target="C")

    assert found
    steps, day = found.ways[0]
    assert [step.name for step in steps] == ["FJ-T6"]
    assert day == date(2026, 7, 1)


def test_a_window_that_ends_by_itself_needs_no_step():
    failed = make_dossier(grounds=[SOUND, Ground(kind="sampling", day=date(2026, 3, 3), outcome="不合格", level="省抽")])

    found = advise(failed, SALE, RULES, asof=ASOF, since=SINCE)

    assert found
    assert found.ways == (((), date(2027, 3, 3)),)


def test_no_smaller_set_of_steps_would_do():
    twice = make_dossier(
        grounds=[
            SOUND,
            Ground(kind="dishonest", day=date(2026, 1, 5)),
            Ground(kind="inspection", day=date(2026, 5, 5), outcome="不符合", failed=9),
        ]
    )

    found = advise(twice, SALE, RULES, asof=ASOF, since=SINCE, target="A")

    assert found
    assert {step.name for step in found.ways[0][0]} == {"FJ-T3", "FJ-T6"}


def test_a_supposed_refusal_is_d_for_two_years():
    before, after = what_if(make_dossier(grounds=[SOUND]), [Ground(kind="refusal", day=ASOF)], SALE, RULES, asof=ASOF, since=SINCE)

    assert GRADES[before[0].grade] == "A"
    assert (GRADES[after[0].grade], after[0].begins) == ("D", ASOF)
    assert next(p.begins for p in after if GRADES[p.grade] != "D") == date(2028, 6, 30)
