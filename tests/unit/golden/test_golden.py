"""One value per field of each subject, and the status of licences and subjects."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.golden import golden
from evenhand.rulebook import shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import CODES, make_extract, make_record, make_records

ASOF = date(2026, 6, 30)
TABLE_NAMES = ("subject", "licence", "site", "history")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def made(engine: Engine, rows: list[dict[str, Any]], **extracts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The four tables, sorted by their key: one subject per valid code; records without one belong to the first code."""
    record = engine.table(make_records(rows))
    homes = [{"record_id": r["record_id"], "subject_id": "S" + (r["uscc"] if r["uscc_state"] == "valid" else CODES[0])} for r in rows]
    membership = engine.table(pa.Table.from_pylist(homes, schema=TABLES["membership"].schema.to_pyarrow()))
    finding = engine.table(TABLES["finding"].schema.to_pyarrow().empty_table())
    standard = {kind: engine.table(make_extract(kind, given)) for kind, given in extracts.items()}
    tables = golden(standard, record, membership, finding, pack=shipped_pack(), engine=engine, asof=ASOF)
    return {
        name: sorted(engine.arrow(getattr(tables, name)).to_pylist(), key=lambda r: [str(r[k]) for k in TABLES[name].order])
        for name in TABLE_NAMES
    }


def test_every_table_has_the_columns_and_types_of_the_standard(engine):
    empty = engine.table(make_records([]))
    none = engine.table(TABLES["membership"].schema.to_pyarrow().empty_table())
    finding = engine.table(TABLES["finding"].schema.to_pyarrow().empty_table())

    tables = golden({}, empty, none, finding, pack=shipped_pack(), engine=engine, asof=ASOF)

    for name in TABLE_NAMES:
        assert getattr(tables, name).schema() == TABLES[name].schema
        assert engine.count(getattr(tables, name)) == 0


def test_the_registered_name_wins_and_the_others_stay_in_history(engine):
    rows = [
        make_record("r1", uscc=CODES[0], name="甲店", kind="operation_licence", source="经营"),
        make_record("r2", uscc=CODES[0], name="甲小吃店", kind="registration", source="登记"),
    ]

    tables = made(engine, rows)

    assert [s["name"] for s in tables["subject"]] == ["甲小吃店"]
    assert [(h["field"], h["value"], h["chosen"]) for h in tables["history"]] == [("name", "甲小吃店", True), ("name", "甲店", False)]
    assert tables["history"][0]["reason"] == "市场主体登记优先；最近 2026-01-01"


def test_history_names_the_step_that_set_each_value_apart(engine):
    rows = [
        make_record("r1", uscc=CODES[0], name="甲", kind="registration"),
        make_record("r2", uscc=CODES[0], name="乙", kind="credit", observed_on=date(2026, 1, 1)),
        make_record("r3", uscc=CODES[0], name="丙", kind="credit", observed_on=date(2025, 1, 1)),
        make_record("r4", uscc=CODES[1], name="丁"),
        make_record("r5", uscc=CODES[1], name="戊"),
    ]

    told = {h["value"]: h["rule"] for h in made(engine, rows)["history"]}

    # 乙 and 丙 both lost to 甲 by their source; between 丁 and 戊 no step decides.
    assert told == {"甲": "GS-04.source", "乙": "GS-04.source", "丙": "GS-04.source", "丁": "GS-04.record", "戊": "GS-04.record"}


def test_a_field_with_one_value_has_no_history(engine):
    assert made(engine, [make_record("r1", uscc=CODES[0], name="甲"), make_record("r2", uscc=CODES[0], name="甲")])["history"] == []


def test_a_valid_code_wins_over_a_wrong_one_of_a_better_source(engine):
    rows = [
        make_record("r1", uscc="91350102MA2XTE0T4F", name="甲", kind="registration"),
        make_record("r2", uscc=CODES[0], name="甲", kind="complaint"),
    ]

    [subject] = made(engine, rows)["subject"]

    assert (subject["uscc"], subject["uscc_state"], subject["organisation_code"]) == (CODES[0], "valid", CODES[0][8:17])


def test_more_agreeing_sources_win_a_phone(engine):
    rows = [
        make_record(f"r{n}", uscc=CODES[0], source=source, phone=phone)
        for n, (source, phone) in enumerate([("a", "13900000001"), ("b", "13900000002"), ("c", "13900000002")])
    ]

    tables = made(engine, rows)

    assert tables["subject"][0]["phone"] == "13900000002"
    assert tables["history"][1]["reason"] == "号码有效；2 个来源一致；最近 2026-01-01；食品经营许可优先"


def test_among_equals_the_later_day_wins_and_then_the_smallest_record(engine):
    later = [
        make_record("r1", uscc=CODES[0], name="旧", observed_on=date(2025, 1, 1)),
        make_record("r2", uscc=CODES[0], name="新", observed_on=date(2026, 1, 1)),
    ]
    equal = [make_record("r4", uscc=CODES[1], name="乙"), make_record("r3", uscc=CODES[1], name="丙")]

    subjects = {s["uscc"]: s["name"] for s in made(engine, later + equal)["subject"]}

    assert subjects == {CODES[0]: "新", CODES[1]: "丙"}


def test_a_subject_has_one_main_site_and_takes_its_place_from_it(engine):
    here = {"place": "五四路8号", "place_key": "350102|五四路|8", "county_code": "350102"}
    rows = [
        make_record("r1", uscc=CODES[0], kind="registration", **here), make_record("r2", uscc=CODES[0], place="鼓楼区五四路8号", **{k: v for k, v in here.items() if k != "place"}),
        make_record("r3", uscc=CODES[0], kind="complaint", place="别处"),
    ]  # fmt: skip

    tables = made(engine, rows)

    assert [(s["place"], s["is_main"], s["record_count"]) for s in sorted(tables["site"], key=lambda s: s["place"])] == [
        ("别处", False, 1),
        ("鼓楼区五四路8号", True, 2),
    ]
    assert (tables["subject"][0]["place"], tables["subject"][0]["site_count"]) == ("鼓楼区五四路8号", 2)


LICENCE_CASES = [
    ("valid_to the day before", {"valid_to": date(2026, 6, 29)}, "已过期"),
    ("valid_to on the day", {"valid_to": date(2026, 6, 30)}, "即将到期"),
    ("90 working days ahead", {"valid_to": date(2026, 11, 9)}, "即将到期"),
    ("91 working days ahead", {"valid_to": date(2026, 11, 10)}, "有效"),
    ("stated valid, yet past", {"valid_to": date(2026, 6, 29), "licence_status": "10"}, "已过期"),
    ("stated expired, yet ahead", {"valid_to": date(2027, 6, 29), "licence_status": "20"}, "不明"),
    ("stated expired without a day", {"licence_status": "20"}, "已过期"),
    ("withdrawn", {"valid_to": date(2027, 1, 1), "licence_status": "30"}, "撤销"),
    ("revoked", {"valid_to": date(2027, 1, 1), "licence_status": "40"}, "吊销"),
    ("retracted", {"valid_to": date(2027, 1, 1), "licence_status": "50"}, "撤回"),
    ("cancelled", {"valid_to": date(2027, 1, 1), "licence_status": "60"}, "注销"),
    ("stated valid without a day", {"licence_status": "10"}, "有效"),
    ("nothing known", {}, "不明"),
]


def test_a_licence_has_the_status_of_its_dates_and_its_stated_status(engine):
    rows = [make_record(f"r{n:02}", uscc=CODES[0], licence_no=f"JY2{n:02}", licence_kind="JY") for n, _ in enumerate(LICENCE_CASES)]
    given = [{"record_id": f"r{n:02}", **fields} for n, (_, fields, _) in enumerate(LICENCE_CASES)]

    licences = made(engine, rows, operation_licence=given)["licence"]

    assert {LICENCE_CASES[int(row["licence_no"][3:])][0]: row["status"] for row in licences} == {
        title: status for title, _, status in LICENCE_CASES
    }
    assert all(row["status_reason"] for row in licences)


def test_the_latest_issued_record_of_a_licence_counts(engine):
    rows = [make_record(f"r{n}", uscc=CODES[0], licence_no="JY2") for n in (1, 2)]
    given = [
        {"record_id": "r1", "issued_on": date(2020, 1, 1), "valid_to": date(2025, 1, 1)},
        {"record_id": "r2", "issued_on": date(2025, 1, 1), "valid_to": date(2030, 1, 1)},
    ]

    [licence] = made(engine, rows, operation_licence=given)["licence"]

    assert (licence["record_id"], licence["status"], licence["record_count"]) == ("r2", "有效", 2)


def test_forms_follow_from_living_licences_in_a_fixed_order(engine):
    kinds = {
        "operation_licence": [("r1", "JY33501020000027", {}), ("r2", "JY13501020000011", {}), ("r3", "JY23501020000027", {"licence_status": "60"})],
        "production_licence": [("r4", "SC20135010200070", {})], "filing": [("r5", "YB13501020000011", {})], "small_registration": [("r6", "X1", {"small_kind": "小作坊"})],
    }  # fmt: skip
    rows = [make_record(i, kind=kind, uscc=CODES[0], licence_no=no) for kind, given in kinds.items() for i, no, _ in given]

    [subject] = made(engine, rows, **{kind: [{"record_id": i, **more} for i, _, more in given] for kind, given in kinds.items()})["subject"]

    assert subject["forms"] == "食品添加剂生产、食品销售、集中用餐单位食堂、小作坊、仅销售预包装食品(备案)"
    assert subject["licence_count"] == 6


STATUS_CASES = [
    ({"registration": [{"registration_status": "存续"}]}, "存续", "登记状态为存续"),
    ({"registration": [{"registration_status": "注销"}]}, "注销", "登记状态为注销"),
    ({"operation_licence": [{"licence_status": "10"}]}, "存续", "没有登记信息，有 1 个有效证照"),
    ({"operation_licence": [{"licence_status": "60"}]}, "注销", "没有登记信息，证照全部注销"),
    ({"operation_licence": [{"licence_status": "20"}]}, "不明", "没有登记信息，也没有有效证照"),
    (
        {"credit": [{"abnormal_on": date(2025, 1, 1), "abnormal_reason": "通过登记的住所无法取得联系"}]},
        "查无下落",
        "因“通过登记的住所无法取得联系”列入经营异常名录，未见移出",
    ),
    (
        {"credit": [{"abnormal_on": date(2025, 1, 1), "abnormal_removed_on": date(2025, 2, 1), "abnormal_reason": "无法联系"}]},
        "不明",
        "没有登记信息，也没有有效证照",
    ),
]


def test_the_status_of_a_subject_comes_with_its_reason(engine):
    rows, given = [], {}
    for n, (extracts, _, _) in enumerate(STATUS_CASES):
        [(kind, [fields])] = extracts.items()
        rows.append(
            make_record(
                f"r{n}",
                kind=kind,
                uscc=f"91350102MA2XTE0T{n}X",
                uscc_state="valid",
                licence_no=f"JY2{n}" if kind == "operation_licence" else None,
            )
        )
        given.setdefault(kind, []).append({"record_id": f"r{n}", **fields})

    subjects = {s["uscc"]: (s["status"], s["status_reason"]) for s in made(engine, rows, **given)["subject"]}

    assert subjects == {f"91350102MA2XTE0T{n}X": (status, reason) for n, (_, status, reason) in enumerate(STATUS_CASES)}


def test_the_order_of_rows_never_matters(engine):
    rows = [
        make_record(
            f"r{n:02}",
            uscc=CODES[n % 3],
            name=f"店{n % 4}",
            phone=str(13900000000 + n % 5),
            place=f"路{n % 3}号",
            licence_no=f"L{n % 6}",
            source=f"s{n % 2}",
        )
        for n in range(30)
    ]
    given = [{"record_id": r["record_id"], "issued_on": date(2024, 1, 1), "form": "1"} for r in rows]

    assert made(engine, rows, operation_licence=given) == made(engine, random.Random(3).sample(rows, 30), operation_licence=given[::-1])


def test_each_record_counts_in_exactly_one_subject_and_one_site(engine):
    rows = [make_record(f"r{n:02}", uscc=CODES[n % 3] if n % 2 else None, name=f"店{n % 4}", place=f"路{n % 3}号") for n in range(24)]

    tables = made(engine, rows)

    assert sum(s["record_count"] for s in tables["subject"]) == sum(s["record_count"] for s in tables["site"]) == 24
