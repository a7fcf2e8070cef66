"""Which codes are proposed for records without a right one, by which rule, and who may act on them.

Each case is a small world of its own inside one table: a registered subject and a record that means it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evenhand.decisions import Decisions, RepairVerdict
from evenhand.engine import Engine
from evenhand.identifiers import uscc
from tests.factories.records import make_record
from tests.factories.repairs import proposals

Row = dict[str, Any]
BODIES = [f"MA{n}XTE{m}T" for n in "123456789ABCDEFGH" for m in "012"]
CODES = [uscc.build(department="9", category="1", division="350102", body=body) for body in BODIES]
NEXT = iter(CODES)


def code() -> str:
    """A code that no other case uses."""
    return next(NEXT)


def swapped(text: str) -> str:
    """The text with its places 12 and 13 changed round."""
    return text[:11] + text[12] + text[11] + text[13:]


def world(registered: str, given: Row, *, same: Row | None = None, **more: Any) -> Row:
    """A registered subject, a record that means it, columns that both share, and what else `proposals` is to know of the record."""
    return {"registered": registered, "given": given, "same": same or {}, **more}


A = {
    name: code()
    for name in (
        "letter",
        "sign",
        "swap",
        "lost",
        "doubled",
        "long",
        "beside",
        "cut",
        "alone",
        "put",
        "weak",
        "both",
        "former",
        "parts",
        "twice",
        "none",
    )
}
NAMED = {"name": "福州闽味源餐饮有限公司", "phone": "13800000000"}

WORLDS = {
    "letter": world(A["letter"], {"uscc": A["letter"].replace("0", "O", 1)}, same={"phone": "1"}),
    "sign": world(A["sign"], {"uscc": A["sign"][:9] + "K" + A["sign"][10:]}, same={"phone": "2"}),
    "swap": world(A["swap"], {"uscc": swapped(A["swap"])}, same={"phone": "3"}),
    "lost": world(A["lost"], {"uscc": A["lost"][:10] + A["lost"][11:]}, same={"phone": "4"}),
    "doubled": world(A["doubled"], {"uscc": A["doubled"][:11] + A["doubled"][10:]}, same={"phone": "5"}),
    "long": world(A["long"], {"uscc": f"代码{A['long']}有效"}, same={"phone": "6"}),
    "beside": world(A["beside"], {"uscc": None, "uscc_state": "empty"}, same={"phone": "7"}, cells={"licence_no_raw": A["beside"]}),
    "cut": world(A["cut"], {"uscc": A["cut"][:15]}, same={"phone": "8"}),
    "alone": world(A["alone"], {"uscc": A["alone"][:9] + "K" + A["alone"][10:]}),
    "put": world(A["put"], {"uscc": None}, same={"licence_no": "L", "name": "甲"}, link="LK-13"),
    "weak": world(A["weak"], {"uscc": None}, same={"name": "乙乙乙"}, link="LK-42"),
    "both": world(A["both"], {"uscc": A["both"][:9] + "K" + A["both"][10:]}, same={"name": "丙"}, link="LK-21"),
    "former": world(A["former"], {"uscc": None}, same={"name": "同名的小店"}),
    "parts": world(code(), {"uscc": None, "organisation_code": "MA2PARTS" + "9", "county_code": "350102", "name": "福州推算食品有限公司"}),
    "none": world(A["none"], {"uscc": None, "name": "谁也不认识"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


@pytest.fixture(scope="module")
def found(engine: Engine) -> dict[str, list[Row]]:
    rows, subjects, cells = [], {}, {}
    for name, case in WORLDS.items():
        rows.append(
            make_record(f"{name}-register", kind="registration", source="登记", uscc=case["registered"], uscc_state="valid", **case["same"])
        )
        rows.append(make_record(name, **case["same"] | case["given"]))
        if "link" in case:
            subjects[name] = (case["registered"], case["link"])
        if "cells" in case:
            cells[name] = case["cells"]
    return proposals(engine, rows, subjects=subjects, cells=cells)


@pytest.mark.parametrize(
    ("case", "rule", "words"),
    [
        ("letter", "RP-11", "“O”应为“0”"), ("sign", "RP-13", "第10位“K”应为"), ("swap", "RP-12", "第12位与后一位颠倒"), ("lost", "RP-14", "漏写"), ("doubled", "RP-14", "多写"),
        ("long", "RP-15", "夹在较长的文本中"), ("beside", "RP-16", "代码写在“许可证编号”栏"), ("cut", "RP-32", "尾部被截断"), ("alone", "RP-31", "第10位“K”应为"),
        ("put", "RP-20", "LK-13"), ("weak", "RP-27", "LK-42"), ("both", "RP-01", "LK-21"), ("former", "RP-42", "同名主体"),
    ],
)  # fmt: skip
def test_the_registered_code_is_the_first_proposal_with_its_reason(found, case, rule, words):
    first = found[case][0]

    assert (first["after"], first["rank"], first["rule"]) == (WORLDS[case]["registered"], 1, rule)
    assert words in first["evidence"]


def test_the_evidence_names_what_agrees_and_the_record_that_confirms(found):
    assert "一致：电话" in found["swap"][0]["evidence"]
    assert "由市场主体登记“登记”的记录 swap-register 证实" in found["swap"][0]["evidence"]


def test_the_text_as_it_came_stands_beside_the_proposal(found):
    assert found["swap"][0]["before"] == swapped(A["swap"])
    assert found["put"][0]["before"] is None


def test_a_rule_measured_precise_enough_acts_alone_and_no_other(found):
    assert {case: found[case][0]["state"] for case in ("both", "put", "weak", "sign", "former")} == {
        "both": "auto", "put": "auto", "weak": "review", "sign": "review", "former": "review"
    }  # fmt: skip


def test_a_code_put_together_from_parts_is_only_a_hint(engine):
    body = "MA2PARTX"
    whole = uscc.build(department="9", category="1", division="350102", body=body)
    record = make_record(
        "r1", organisation_code=whole[8:17], county_code="350102", name="福州推算食品有限公司", name_match="福州推算食品有限公司"
    )

    [proposal] = proposals(engine, [record])["r1"]

    assert (proposal["after"], proposal["state"], proposal["rule"]) == (whole, "hint", "RP-51")


def test_nothing_is_proposed_where_nothing_is_known(found):
    assert "none" not in found


def test_a_right_code_gets_no_proposal(found):
    assert not [record for record in found if record.endswith("-register")]


def test_two_candidates_go_to_a_person_however_trusted_the_rule(engine):
    one, other = code(), code()
    rows = [
        make_record("a", kind="registration", uscc=one, uscc_state="valid", licence_no="L", name="甲"),
        make_record("b", kind="registration", uscc=other, uscc_state="valid"),
        make_record("r", uscc=swapped(other), licence_no="L", name="甲"),
    ]

    told = proposals(engine, rows, subjects={"r": (one, "LK-13")})["r"]

    assert {row["after"]: row["state"] for row in told} == {one: "review", other: "review"}
    assert sum(row["confidence"] for row in told) <= 1


def test_a_rejected_proposal_stays_to_be_seen_and_an_accepted_one_stands_alone(engine):
    one, other = code(), code()
    rows = [
        make_record("a" * 24, kind="registration", uscc=one, uscc_state="valid", phone="1"),
        make_record("b" * 24, uscc=swapped(one), phone="1"),
        make_record("c" * 24, uscc=swapped(one), phone="1"),
    ]
    said = {"at": datetime(2026, 7, 1, tzinfo=UTC), "by": "陈一", "why": "查过执照"}
    verdicts = (
        RepairVerdict(id="d1", record="b" * 24, verdict="reject", code=one, **said),
        RepairVerdict(id="d2", record="c" * 24, verdict="replace", code=other, **said),
    )

    told = proposals(engine, rows, decisions=Decisions(lines=verdicts, digest="x"))

    assert [(row["after"], row["state"]) for row in told["b" * 24]] == [(one, "rejected")]
    assert [(row["after"], row["state"], row["rule"]) for row in told["c" * 24]] == [(other, "decided", "RP-D1")]
