"""Which records belong together, and what a person must decide.

Each case is a small world of its own: its values carry the number of the case, so one run of link answers all of them.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evenhand.engine import Engine
from evenhand.link import link
from evenhand.rulebook import shipped_pack
from tests.factories.records import make_record, make_records

A, B = "91______MA2XTE0T4E", "92______MA8UAB1268"
HERE = {"county_code": "鼓楼", "place_key": "鼓楼|五四路|8"}
THERE = {"county_code": "台江", "place_key": "台江|八一七路|1"}
FULL = {"name": "福州闽味源餐饮有限公司", "county_code": "鼓楼"}
OWN = "郑春梅早餐摊"

CASES: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "records with one valid code are one subject": ("12 3", {"1": {"uscc": A, "name": "甲"}, "2": {"uscc": A, "name": "乙"}, "3": {"uscc": B, "name": "甲"}}),
    "an organisation code attaches": ("12", {"1": {"uscc": A, "organisation_code": "O"}, "2": {"name": "乙", "organisation_code": "O"}}),
    "a registration number attaches": ("12", {"1": {"uscc": A, "registration_no": "35010200"}, "2": {"name": "乙", "registration_no": "35010200"}}),
    "a licence number attaches": ("12", {"1": {"uscc": A, "licence_no": "L"}, "2": {"name": "乙", "licence_no": "L"}}),
    "name and place attach": ("12", {"1": {"uscc": A, "name": "闽味小吃", **HERE}, "2": {"name": "闽味小吃", **HERE}}),
    "a number under two codes attaches nobody": ("1 2 3", {"1": {"uscc": A, "licence_no": "L"}, "2": {"uscc": B, "licence_no": "L"}, "3": {"licence_no": "L"}}),
    "a branch never joins its head office by name, place or licence": (
        "1 2", {"1": {"uscc": A, "name": "永辉", "licence_no": "L", **HERE}, "2": {"name": "永辉", "name_branch": "五四分店", "licence_no": "L", **HERE}},
    ),
    "two branches without codes stay apart": ("1 2", {"1": {"name": "永辉", "name_branch": "一店", **HERE}, "2": {"name": "永辉", "name_branch": "二店", **HERE}}),
    "a branch under the code of its head office is one with it": ("12", {"1": {"uscc": A, "name": "永辉"}, "2": {"uscc": A, "name": "永辉", "name_branch": "五四分店"}}),
    "a chain of likenesses never joins two codes": (
        "12 3 45",
        {
            "1": {"uscc": A, "name": "闽味小吃", **HERE}, "2": {"name": "闽味小吃", "phone": "1", **HERE}, "3": {"name": "闽味小吃", "phone": "1", "licence_no": "L"},
            "4": {"name": "闽味小吃", "licence_no": "L", **THERE}, "5": {"uscc": B, "name": "闽味小吃", **THERE},
        },
    ),
    "a slip in the code with the same name attaches": ("12", {"1": {"uscc": A, "name": "闽味小吃"}, "2": {"uscc": A[:-1] + "F", "name": "闽味小吃"}}),
    "a lost character with the same name attaches": ("12", {"1": {"uscc": A, "name": "闽味小吃"}, "2": {"uscc": A[:-1], "name": "闽味小吃"}}),
    "two changed places with the same name attach": ("12", {"1": {"uscc": A, "name": "闽味小吃"}, "2": {"uscc": A.replace("E0", "0E"), "name": "闽味小吃"}}),
    "three changed places do not": ("1 2", {"1": {"uscc": A, "name": "闽味小吃"}, "2": {"uscc": A[:-3] + "XYZ", "name": "闽味小吃"}}),
    "a slip with nothing else in common does not": ("1 2", {"1": {"uscc": A, "name": "甲"}, "2": {"uscc": A[:-1] + "F", "name": "乙"}}),
    "a full name alone in its county attaches": ("12", {"1": {"uscc": A, **FULL}, "2": FULL}),
    "a full name twice in its county does not": ("1 2 3", {"1": {"uscc": A, **FULL}, "2": {"uscc": B, **FULL}, "3": FULL}),
    "a short name never decides with the county": ("1 2", {"1": {"uscc": A, "name": "小吃", "county_code": "鼓楼"}, "2": {"name": "小吃", "county_code": "鼓楼"}}),
    "another legal person vetoes name and county": ("1 2", {"1": {"uscc": A, "legal_person": "陈一", **FULL}, "2": {"legal_person": "林二", **FULL}}),
    "a former name attaches in the county": ("12", {"1": {"uscc": A, "name": "新字号小吃", "former_name": "老字号小吃", "county_code": "鼓楼"}, "2": {"name": "老字号小吃", "county_code": "鼓楼"}}),
    "a former name in another county does not": ("1 2", {"1": {"uscc": A, "name": "新字号", "former_name": "老字号", "county_code": "鼓楼"}, "2": {"name": "老字号", "county_code": "台江"}}),
    "records without codes join through others": ("123 4", {"1": {"licence_no": "L"}, "2": {"licence_no": "L", "name": OWN, "phone": "1"}, "3": {"name": OWN, "phone": "1"}, "4": {"name": OWN}}),
    "a name that is part of another never matches": ("1 2", {"1": {"uscc": A, "name": "闽味小吃店", **HERE}, "2": {"name": "闽味小吃", **HERE}}),
    "equal rows are one subject": ("123", {n: {"name": "阿明", **HERE} for n in "123"}),
    "another place vetoes name and county": ("1 2", {"1": {"uscc": A, **FULL, **HERE}, "2": FULL | {"place_key": "鼓楼|温泉路|9"}}),
    "another licence number vetoes name and county": ("1 2", {"1": {"uscc": A, "licence_no": "L", **FULL}, "2": {"licence_no": "M", **FULL}}),
    "a name and an office join records without codes": ("12", {"1": {"name": OWN, "office": "华大所"}, "2": {"name": OWN, "office": "华大所"}}),
    "two licence numbers under one name and office do not": (
        "1 2", {"1": {"name": OWN, "office": "华大所", "licence_no": "L"}, "2": {"name": OWN, "office": "华大所", "licence_no": "M"}},
    ),
    "cells that slipped into the name join nobody": ("1 2", {"1": {"name": "01", "office": "已整改"}, "2": {"name": "01", "office": "已整改"}}),
    "a trade alone joins nobody by its office": ("1 2", {"1": {"name": "早餐店", "office": "华大所"}, "2": {"name": "早餐店", "office": "华大所"}}),
    "a rounded registration number joins nobody": ("1 2", {"1": {"name": "甲", "registration_no": "3.50104E+14"}, "2": {"name": "乙", "registration_no": "3.50104E+14"}}),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def linked(engine: Engine, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Membership by record, and the conflicts in their order."""
    found = link(engine.table(make_records(rows)), pack=shipped_pack(), engine=engine)
    members = engine.arrow(found.membership).to_pylist()
    assert len({m["record_id"] for m in members}) == len(members)
    return {m["record_id"]: m for m in members}, sorted(
        engine.arrow(found.conflict).to_pylist(), key=lambda d: (d["rule"], d["left_id"], d["right_id"])
    )


def world(number: int, rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one case, told apart from every other case."""
    return [
        make_record(f"{number:02}-{name}", **{column: _own(number, column, value) for column, value in row.items()}, **_state(row))
        for name, row in rows.items()
    ]


def _own(number: int, column: str, value: str) -> str:
    if column == "uscc":
        return value.replace("______", f"{number:06}")
    if column == "registration_no":
        return value if "E" in value else f"{value}{number:02}00013"
    return value if column == "name_branch" else f"{value}{chr(0x4E00 + number)}"


def _state(row: dict[str, Any]) -> dict[str, str]:
    return {"uscc_state": "valid" if row["uscc"] in {A, B} else "wrong"} if "uscc" in row else {}


@pytest.fixture(scope="module")
def told(engine: Engine) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    rows = [row for number, (_, given) in enumerate(CASES.values()) for row in world(number, given)]
    return *linked(engine, rows), rows


@pytest.mark.parametrize("case", CASES)
def test_records_are_one_subject_when(told, case):
    number = list(CASES).index(case)
    groups = defaultdict(list)
    for record_id, member in sorted(told[0].items()):
        if record_id.startswith(f"{number:02}-"):
            groups[member["subject_id"]].append(record_id[3:])

    assert sorted("".join(g) for g in groups.values()) == CASES[case][0].split()


def test_every_membership_names_its_rule_and_its_evidence(told):
    one, other = told[0]["00-1"], told[0]["04-2"]

    assert (one["rule"], one["score"], one["evidence"]) == ("LK-01", 1.0, "统一社会信用代码一致：91000000MA2XTE0T4E")
    assert (other["rule"], other["evidence"]) == ("LK-31", f"名称、经营场所一致：闽味小吃{chr(0x4E04)}｜鼓楼|五四路|8{chr(0x4E04)}")
    assert all(member["rule"] and member["evidence"] and member["subject_id"][0] == "S" for member in told[0].values())


def test_a_number_under_two_codes_and_the_record_it_leaves_open_go_to_a_person(told):
    members, doubts, _ = told

    found = [d for d in doubts if d["record_id"].startswith("05-")]
    assert [(d["rule"], d["record_id"]) for d in found] == [("LK-C1", "05-1"), ("LK-C2", "05-3")]
    assert {members["05-1"]["subject_id"], members["05-2"]["subject_id"]} == {found[0]["left_id"], found[0]["right_id"]}


def test_the_order_of_rows_never_matters(engine, told):
    members, doubts, rows = told

    assert linked(engine, random.Random(7).sample(rows, len(rows))) == (members, doubts)


def test_a_second_number_that_names_another_subject_goes_to_a_person(engine):
    rows = {
        "1": {"uscc": A, "organisation_code": "O"},
        "2": {"uscc": B, "licence_no": "L"},
        "3": {"organisation_code": "O", "licence_no": "L"},
    }

    members, doubts = linked(engine, [*world(0, rows), make_record("agency", kind="agency"), make_record("inspector", kind="inspector")])

    assert sorted(members) == ["00-1", "00-2", "00-3"]  # offices and inspectors are no subjects
    assert members["00-3"]["subject_id"] == members["00-1"]["subject_id"]
    assert [(d["rule"], d["record_id"]) for d in doubts] == [("LK-C3", "00-3")]


def test_no_records_give_no_membership_and_no_conflict(engine):
    assert linked(engine, []) == ({}, [])
