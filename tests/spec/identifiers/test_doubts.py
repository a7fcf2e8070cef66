"""疑点而非错误：what is unlisted, old or assumed is told, and the number stays right."""

from datetime import date
from types import ModuleType

import ibis
import pyarrow as pa
import pytest

from evenhand.identifiers import (
    CodeTables,
    consistency,
    division,
    filing_no,
    operation_licence,
    production_licence,
    registration_no,
    resident_id,
    uscc,
)
from evenhand.rulebook import shipped_pack

LISTS = ("uscc_prefix", "divisions", "division_history", "food_production_categories")


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    pack = shipped_pack("fujian")
    return CodeTables.from_rows(**{name: pack.codes(name) for name in LISTS})


@pytest.mark.parametrize(
    ("module", "number", "doubts"),
    [
        (uscc, "91350102MA2XTE0T4E", []),
        (uscc, "91350102MA2XTE0T5H", ["organisation_check"]),
        (uscc, uscc.build(department="5", category="4", division="350102", body="MA2XTE0T"), ["category"]),
        (uscc, uscc.build(department="N", category="2", division="350182", body="MA2XTE0T"), []),
        (uscc, uscc.build(department="9", category="1", division="350402", body="MA2XTE0T"), []),
        (uscc, uscc.build(department="9", category="1", division="350999", body="MA2XTE0T"), ["county"]),
        (uscc, "91110000600037341L", ["county_elsewhere"]),
        (uscc, "91350100M000100Y44", []),
        (production_licence, "SC11333019700024", ["county_elsewhere"]),
        (production_licence, production_licence.build(category="199", division="350102", sequence="0001"), ["category"]),
        (production_licence, "QS350106010123", ["legacy"]),
        (operation_licence, "JY11108071215650", ["county_elsewhere"]),
        (operation_licence, operation_licence.build(kind="1", division="350177", sequence="000001"), ["county"]),
        (filing_no, "YB13501020000012", ["filing_check"]),
        (registration_no, "3501022000123", ["legacy"]),
        (resident_id, "350102900101001", ["legacy"]),
        (resident_id, resident_id.build(division="110105", born="19900101", sequence="001"), []),
    ],
)
def test_doubts_are_told_and_the_number_is_not_refused(module: ModuleType, number: str, doubts: list[str], tables: CodeTables) -> None:
    assert [doubt.reason for doubt in module.warnings(number, tables=tables)] == doubts


@pytest.mark.parametrize("prefix", ["A1", "N2", "Y1"])
def test_letters_in_the_first_places_are_legal(prefix: str) -> None:
    assert uscc.is_valid(uscc.build(department=prefix[0], category=prefix[1], division="350102", body="MA2XTE0T"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("350402", "350404"), ("350403", "350404"), ("350427", "350405"), ("350681", "350604"), ("350625", "350605"),
        ("350182", "350112"), ("350784", "350703"), ("350822", "350803"), ("350202", "350203"), ("350204", "350203"),
        ("350221", "350212"), ("350321", None), ("350102", "350102"), ("110105", None),
    ],
)  # fmt: skip
def test_old_code_is_translated_for_statistics_and_a_split_unit_is_not(old: str, new: str | None, tables: CodeTables) -> None:
    assert division.translate(old, tables=tables) == new


@pytest.mark.parametrize(("year", "name", "new"), [(2002, "杏林区", None), (2003, "福建省厦门市海沧区", "350205")])
def test_year_decides_what_a_code_used_again_means(year: int, name: str, new: str | None, tables: CodeTables) -> None:
    period = division.period_on("350205", tables=tables, on=date(year, 6, 1))

    assert period is not None
    assert (period.name, period.current_code) == (name, new)


def test_explanation_names_the_old_county_with_its_years(tables: CodeTables) -> None:
    code = uscc.build(department="9", category="2", division="350427", body="MA2XTE0T")

    meanings = {part.zh: part.meaning for part in uscc.explain(code, tables=tables)}

    assert meanings["登记管理部门"] == "工商（市场监管）"
    assert meanings["机构类别"] == "个体工商户"
    assert meanings["登记管理机关行政区划"] == "沙县（1983-2021年；现为350405）"


def test_explanation_of_a_licence_names_its_category(tables: CodeTables) -> None:
    meanings = {part.zh: part.meaning for part in production_licence.explain("SC12735010400038", tables=tables)}

    assert meanings["食品类别编码"] == "食品：保健食品"
    assert meanings["首次发证地行政区划"] == "福建省福州市仓山区"


@pytest.mark.parametrize(
    ("code", "meaning", "doubts"),
    [
        ("330106", "浙江省杭州市西湖区", []),
        ("310115", "上海市浦东新区", []),
        ("710000", "台湾省", []),
        ("330197", "浙江省（区划表未收录）", ["county_elsewhere"]),
        ("350102", "福建省福州市鼓楼区", []),
    ],
)
def test_a_division_of_another_province_is_named_and_not_doubted(code: str, meaning: str, doubts: list[str]) -> None:
    pack = shipped_pack("fujian")
    tables = CodeTables.from_rows(**{name: pack.codes(name) for name in (*LISTS, "divisions_outside")})
    number = uscc.build(department="9", category="1", division=code, body="MA2XTE0T")
    table = ibis.memtable(pa.table({"n": [number]}))

    assert meaning in [part.meaning for part in uscc.explain(number, tables=tables)]
    assert [doubt.reason for doubt in uscc.warnings(number, tables=tables)] == doubts
    column = ibis.duckdb.connect().to_pyarrow(division.county_column(table.n, start=2, tables=tables).name("d")).to_pylist()
    assert column == ["".join(doubts)]


def test_every_part_stands_where_it_says(tables: CodeTables) -> None:
    for module, number in ((uscc, "91350102MA2XTE0T4E"), (production_licence, "SC10635010200015"), (operation_licence, "JY13501020000011")):
        for part in module.explain(number, tables=tables):
            assert number[part.place - 1 : part.place - 1 + len(part.text)] == part.text


@pytest.mark.parametrize(
    ("module", "start", "pattern"),
    [(uscc, 2, "91{}MA2XTE0T"), (registration_no, 0, "{}60000004"), (operation_licence, 3, "JY1{}000001")],
)
def test_county_column_tells_the_same_doubt_as_the_scalar(module: ModuleType, start: int, pattern: str, tables: CodeTables) -> None:
    codes = ("350102", "350182", "350999", "330197", "100000", "350000")
    numbers = [with_check(module, pattern.format(code)) for code in codes]
    table = ibis.memtable(pa.table({"n": numbers}))

    found = ibis.duckdb.connect().to_pyarrow(division.county_column(table.n, start=start, tables=tables).name("d"))

    assert found.to_pylist() == ["".join(doubt.reason for doubt in module.warnings(number, tables=tables)) for number in numbers]
    assert found.to_pylist() == ["", "", "county", "county_elsewhere", "", ""]


def with_check(module: ModuleType, body: str) -> str:
    if module is uscc:
        return uscc.build(department=body[0], category=body[1], division=body[2:8], body=body[8:])
    return body + str(module.check_digit(body.removeprefix("JY")))


def test_category_columns_tell_the_unlisted_pairs(tables: CodeTables) -> None:
    codes = ibis.memtable(pa.table({"n": ["91350102MA2XTE0T4E", "54350102MA2XTE0T4E", None]}))
    licences = ibis.memtable(pa.table({"n": ["SC10635010200015", "SC19935010200015", "QS350106010123"]}))

    engine = ibis.duckdb.connect()

    assert engine.to_pyarrow(uscc.category_column(codes.n, tables=tables)).to_pylist() == ["", "category", None]
    assert engine.to_pyarrow(production_licence.category_column(licences.n, tables=tables)).to_pylist() == ["", "category", ""]


def test_division_is_joined_with_its_name_and_present_code(tables: CodeTables) -> None:
    table = ibis.memtable(pa.table({"uscc": ["91350427MA2XTE0T4E", "91999999MA2XTE0T4E"]}))

    joined = division.add_division(table, column="uscc", start=2, divisions=division.division_table(tables))

    rows = sorted(ibis.duckdb.connect().to_pyarrow(joined).to_pylist(), key=lambda row: row["uscc"])
    assert rows == [
        {"uscc": "91350427MA2XTE0T4E", "uscc_division": "350427", "uscc_division_name": "沙县", "uscc_division_current": "350405"},
        {"uscc": "91999999MA2XTE0T4E", "uscc_division": "999999", "uscc_division_name": None, "uscc_division_current": None},
    ]


AGREEMENT = [
    ("92350105MA8UAB1268", "350102600000041", True),
    ("91350102MA2XTE0T4E", "350102000000013", True),
    ("91350102MA2XTE0T4E", "350102400000037", True),
    ("92350105MA8UAB1268", "350102000000013", False),
    ("91350102MA2XTE0T4E", "350102600000041", False),
    (uscc.build(department="9", category="3", division="350102", body="MA2XTE0T"), "350102000000013", True),
    (uscc.build(department="1", category="2", division="350102", body="MA2XTE0T"), "350102000000013", None),
    ("91350102MA2XTE0T4E", "3501022000123", None),
    ("91350102MA2XTE0T4E", "350102600000042", None),
    ("91350102MA2XTE0T4F", "350102600000041", None),
]


@pytest.mark.parametrize(("code", "number", "expected"), AGREEMENT)
def test_individual_business_has_a_registration_number_of_type_six_to_nine(code: str, number: str, expected: bool | None) -> None:
    assert consistency.registration_agrees(code, number) is expected


def test_agreement_columns_answer_as_the_scalars() -> None:
    kinds = ["企业", "个体工商户", "事业单位", "无此类", None]
    codes, numbers, _ = zip(*AGREEMENT, strict=True)
    table = ibis.memtable(pa.table({"code": codes, "number": numbers, "kind": [kinds[place % 5] for place in range(len(codes))]}))

    found = ibis.duckdb.connect().to_pyarrow(
        table.mutate(
            a=consistency.registration_agreement_column(table.code, table.number),
            b=consistency.prefix_agreement_column(table.code, table.kind),
        )
    )

    assert found["a"].to_pylist() == [expected for *_, expected in AGREEMENT]
    assert found["b"].to_pylist() == [consistency.prefix_agrees(row["code"], row["kind"] or "") for row in found.to_pylist()]
