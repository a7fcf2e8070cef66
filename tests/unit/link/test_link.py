"""Which records belong together, and what a person must decide."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evenhand.engine import Engine
from evenhand.link import link
from evenhand.rulebook import shipped_pack
from tests.factories.records import CODES, make_record, make_records

HERE = {"county_code": "350102", "place_key": "350102|五四路|8"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def linked(engine: Engine, *rows: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Membership by record, and the conflicts in their order."""
    found = link(engine.table(make_records(rows)), pack=shipped_pack(), engine=engine)
    members = engine.arrow(found.membership).to_pylist()
    assert sorted(m["record_id"] for m in members) == sorted(r["record_id"] for r in rows if r["kind"] not in {"agency", "inspector"})
    doubts = engine.arrow(found.conflict).to_pylist()
    return {m["record_id"]: m for m in members}, sorted(doubts, key=lambda d: (d["rule"], d["left_id"], d["right_id"]))


def subjects(members: dict[str, Any]) -> dict[str, str]:
    return {record: member["subject_id"] for record, member in members.items()}


def test_records_with_the_same_valid_code_are_one_subject(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="甲"), make_record("r2", uscc=CODES[0], name="乙"), make_record("r3", uscc=CODES[1], name="甲"))

    assert subjects(members)["r1"] == subjects(members)["r2"] != subjects(members)["r3"]
    assert members["r1"]["rule"] == "LK-01"
    assert members["r1"]["evidence"] == f"统一社会信用代码一致：{CODES[0]}"


@pytest.mark.parametrize("column", ["organisation_code", "registration_no", "licence_no"])
def test_an_official_number_attaches_a_record_without_code(engine, column):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="甲", **{column: "350102000000013"}), make_record("r2", name="乙", **{column: "350102000000013"}))

    assert subjects(members)["r1"] == subjects(members)["r2"]
    assert members["r2"]["evidence"].endswith("：350102000000013")


def test_the_organisation_code_inside_the_unified_code_counts(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0]), make_record("r2", organisation_code=CODES[0][8:17]))

    assert subjects(members)["r1"] == subjects(members)["r2"]


def test_name_and_place_attach_a_record_without_code(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="闽味小吃", **HERE), make_record("r2", name="闽味小吃", **HERE))

    assert subjects(members)["r1"] == subjects(members)["r2"]
    assert members["r2"]["evidence"] == "名称、经营场所一致：闽味小吃｜350102|五四路|8"


def test_a_number_under_two_valid_codes_attaches_nobody_and_goes_to_a_person(engine):
    rows = [make_record("r1", uscc=CODES[0], licence_no="L"), make_record("r2", uscc=CODES[1], licence_no="L"), make_record("r3", licence_no="L", name="丙")]

    members, doubts = linked(engine, *rows)

    assert len(set(subjects(members).values())) == 3
    assert [(d["rule"], d["record_id"]) for d in doubts] == [("LK-C1", "r1"), ("LK-C2", "r3")]
    assert {doubts[0]["left_id"], doubts[0]["right_id"]} == {subjects(members)["r1"], subjects(members)["r2"]}


def test_a_second_number_that_names_another_subject_goes_to_a_person(engine):
    rows = [make_record("r1", uscc=CODES[0], organisation_code="O"), make_record("r2", uscc=CODES[1], licence_no="L"), make_record("r3", organisation_code="O", licence_no="L")]

    members, doubts = linked(engine, *rows)

    assert subjects(members)["r3"] == subjects(members)["r1"]
    assert [(d["rule"], d["record_id"]) for d in doubts] == [("LK-C3", "r3")]


def test_a_branch_never_joins_its_head_office_by_name_place_or_licence(engine):
    head = make_record("r1", uscc=CODES[0], name="永辉超市有限公司", licence_no="L", **HERE)
    branch = make_record("r2", name="永辉超市有限公司五四分店", name_match="永辉超市有限公司", name_branch="五四分店", licence_no="L", **HERE)

    members, _ = linked(engine, head, branch)

    assert subjects(members)["r1"] != subjects(members)["r2"]


def test_a_branch_under_the_code_of_its_head_office_is_one_subject_with_it(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="永辉"), make_record("r2", uscc=CODES[0], name="永辉", name_branch="五四分店"))

    assert subjects(members)["r1"] == subjects(members)["r2"]


def test_a_chain_of_likenesses_never_joins_two_valid_codes(engine):
    there = {"county_code": "350103", "place_key": "350103|八一七路|1"}
    chain = [
        make_record("r1", uscc=CODES[0], name="闽味小吃", **HERE), make_record("r2", name="闽味小吃", phone="1", **HERE), make_record("r3", name="闽味小吃", phone="1", licence_no="L"),
        make_record("r4", name="闽味小吃", licence_no="L", **there), make_record("r5", uscc=CODES[1], name="闽味小吃", **there),
    ]  # fmt: skip

    found = subjects(linked(engine, *chain)[0])

    assert found["r1"] == found["r2"] != found["r5"] == found["r4"]


@pytest.mark.parametrize("wrong", ["91350102MA2XTE0T4F", "91350102MA2XTE0T4", "91350102MA2XET0T4E"])
def test_a_slip_in_the_code_with_the_same_name_attaches(engine, wrong):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="闽味小吃"), make_record("r2", uscc=wrong, name="闽味小吃"))

    assert subjects(members)["r1"] == subjects(members)["r2"]


def test_a_slip_in_the_code_with_nothing_else_in_common_does_not_attach(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="甲"), make_record("r2", uscc="91350102MA2XTE0T4F", name="乙"))

    assert subjects(members)["r1"] != subjects(members)["r2"]


def test_name_and_county_attach_only_where_the_name_is_alone_in_the_county(engine):
    county = {"name": "福州闽味源餐饮有限公司", "county_code": "350102"}
    one = make_record("r1", uscc=CODES[0], **county)
    other = make_record("r2", uscc=CODES[1], **county)

    alone = subjects(linked(engine, one, make_record("r3", **county))[0])
    shared = subjects(linked(engine, one, other, make_record("r3", **county))[0])

    assert alone["r3"] == alone["r1"]
    assert shared["r3"] not in {shared["r1"], shared["r2"]}


def test_a_common_short_name_never_decides_with_the_county_alone(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="沙县小吃", county_code="350102"), make_record("r2", name="沙县小吃", county_code="350102"))

    assert subjects(members)["r1"] != subjects(members)["r2"]


def test_another_legal_person_vetoes_name_and_county(engine):
    county = {"name": "福州闽味源餐饮有限公司", "county_code": "350102"}

    members, _ = linked(engine, make_record("r1", uscc=CODES[0], legal_person="陈一", **county), make_record("r2", legal_person="林二", **county))

    assert subjects(members)["r1"] != subjects(members)["r2"]


def test_a_former_name_attaches_inside_the_county(engine):
    old = make_record("r2", name="老字号小吃店", county_code="350102")

    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="新字号小吃店", former_name="老字号小吃店", county_code="350102"), old)

    assert subjects(members)["r1"] == subjects(members)["r2"]


def test_records_without_any_code_join_among_themselves_through_others(engine):
    rows = [make_record("r1", name="阿明", licence_no="L"), make_record("r2", name="阿明", licence_no="L", phone="1"), make_record("r3", name="阿明", phone="1"), make_record("r4", name="阿明")]

    members, _ = linked(engine, *rows)

    found = subjects(members)
    assert found["r1"] == found["r2"] == found["r3"] != found["r4"]
    assert [members[r]["rule"] for r in ("r1", "r2", "r3", "r4")] == ["LK-53", "LK-53", "LK-56", "LK-90"]


def test_a_name_that_is_part_of_another_name_never_matches(engine):
    members, _ = linked(engine, make_record("r1", uscc=CODES[0], name="闽味小吃店", **HERE), make_record("r2", name="闽味小吃", **HERE))

    assert subjects(members)["r1"] != subjects(members)["r2"]


def test_equal_rows_are_one_subject_each_with_its_own_membership(engine):
    members, _ = linked(engine, *[make_record(f"r{n}", name="阿明", **HERE) for n in range(5)])

    assert len(members) == 5
    assert len(set(subjects(members).values())) == 1


def test_reference_data_have_no_membership(engine):
    members, _ = linked(engine, make_record("r1", kind="agency"), make_record("r2", kind="inspector"), make_record("r3", name="甲"))

    assert list(members) == ["r3"]


def test_no_records_give_no_membership_and_no_conflict(engine):
    assert linked(engine) == ({}, [])


def test_the_order_of_rows_never_matters(engine):
    rows = [make_record(f"r{n:02}", name=f"店{n % 7}", licence_no=f"L{n % 5}" if n % 3 else None, uscc=CODES[n % 4] if n % 2 else None, **HERE) for n in range(40)]
    shuffled = random.Random(7).sample(rows, len(rows))

    assert linked(engine, *rows) == linked(engine, *shuffled)
