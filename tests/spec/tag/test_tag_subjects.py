"""What gives a subject its tags, and what does not."""

from collections.abc import Callable
from datetime import date

from evenhand.engine import Engine
from evenhand.tag import TagRules, failing_cases

Given = Callable[..., dict[str, set[str]]]
JY = "JY33501020000011"


def licence(**cells: object) -> dict[str, object]:
    return {"subject_id": "S1", "licence_no": JY, "licence_kind": "JY", "status": "有效", "issued_on": date(2024, 1, 2)} | cells


def source_row(**cells: object) -> dict[str, object]:
    return {"subject_id": "S1", "licence_no": JY, "issued_on": date(2024, 1, 2)} | cells


def subject(**cells: object) -> dict[str, object]:
    return {"subject_id": "S1", "status": "存续", "founded_on": date(2015, 1, 1)} | cells


def test_every_worked_case_of_the_shipped_rules_stands(tag_rules: TagRules, tag_engine: Engine):
    assert [problem.zh for problem in failing_cases(tag_rules, engine=tag_engine)] == []


def test_every_dictionary_and_keyword_rule_has_cases_both_ways(tag_rules: TagRules):
    asks_names = [rule for family in tag_rules.families for rule in family.rules() if rule.read == "subject" and "name" in rule.where]

    assert asks_names
    assert [rule.id for rule in asks_names if rule.cases is None] == []


def test_all_twelve_families_stand_in_the_pack(tag_rules: TagRules):
    assert [family.family for family in tag_rules.families] == [f"T{n:02}" for n in range(1, 13)]


def test_a_snack_bar_in_kindergarten_road_is_no_kindergarten(tags_of: Given):
    found = tags_of(subject=[subject(name="鼓楼区幼儿园路小吃店", forms="集中用餐单位食堂")])

    assert "T06-02" not in found["S1"]


def test_a_kindergarten_in_kindergarten_road_is_one(tags_of: Given):
    found = tags_of(subject=[subject(name="鼓楼区幼儿园路实验幼儿园", forms="集中用餐单位食堂")])

    assert "T06-02" in found["S1"]


def test_only_the_present_issue_of_a_licence_speaks(tags_of: Given):
    found = tags_of(
        subject=[subject()],
        licence=[licence(form="餐饮服务")],
        operation_licence=[source_row(online=False), source_row(online=True, issued_on=date(2019, 1, 2))],
    )

    assert "T08-02" not in found["S1"]


def test_every_row_of_the_present_issue_speaks(tags_of: Given):
    found = tags_of(
        subject=[subject()], licence=[licence(form="餐饮服务")], operation_licence=[source_row(online=None), source_row(online=True)]
    )

    assert "T08-02" in found["S1"]


def test_a_cancelled_licence_gives_no_form(tags_of: Given):
    found = tags_of(subject=[subject()], licence=[licence(form="餐饮服务", status="注销")], operation_licence=[source_row()])

    assert "T01-04" not in found["S1"]
    assert "T02-06" in found["S1"]


def test_doubled_rows_of_one_licence_are_not_several_licences(tags_of: Given):
    found = tags_of(subject=[subject()], licence=[licence(form="餐饮服务")], operation_licence=[source_row(), source_row()])

    assert "T02-05" not in found["S1"]


def test_special_food_is_seen_in_the_second_class_of_a_producer(tags_of: Given):
    held = {"licence_no": "SC10635010200015", "licence_kind": "SC", "form": "食品生产"}
    found = tags_of(
        subject=[subject()],
        licence=[licence(**held)],
        production_licence=[source_row(licence_no="SC10635010200015", class_codes="0606、2701")],
    )

    assert {"T03-106", "T03-0606", "T03-127", "T05-01"} <= found["S1"]


def test_a_missing_revenue_leaves_the_size_open_above_the_smallest(tags_of: Given):
    rows = [source_row(staff=500, approved_on=date(2026, 1, 1))]
    found = tags_of(subject=[subject(industry="1411")], registration=rows)

    assert not {code for code in found["S1"] if code.startswith("T09")}


def test_two_years_without_a_visit_are_not_held_against_a_young_shop(tags_of: Given):
    found = tags_of(subject=[subject(), subject(subject_id="S2", founded_on=date(2025, 1, 1))])

    assert "T12-05" in found["S1"]
    assert "T12-05" not in found["S2"]


def test_a_visit_inside_two_years_covers(tags_of: Given):
    visits = [{"subject_id": "S1", "inspected_on": date(2024, 7, 1)}, {"subject_id": "S2", "inspected_on": date(2024, 6, 30)}]
    found = tags_of(subject=[subject(), subject(subject_id="S2")], inspection=visits)

    assert "T12-05" not in found["S1"]
    assert "T12-05" in found["S2"]


def test_three_complaints_in_a_year_are_many_and_two_are_not(tags_of: Given):
    told = [("S1", 3), ("S2", 2)]
    complaints = [{"subject_id": s, "complaint_no": f"{s}-{n}", "received_on": date(2026, 1, 1)} for s, times in told for n in range(times)]
    found = tags_of(subject=[subject(), subject(subject_id="S2")], complaint=complaints)

    assert "T12-02" in found["S1"]
    assert "T12-02" not in found["S2"]
