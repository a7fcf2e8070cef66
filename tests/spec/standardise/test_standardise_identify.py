"""Identity columns of a record: numbers in the right column, places with hints, offices by county."""

from datetime import date
from typing import Any, Final

import ibis
import pyarrow as pa
import pytest

from evenhand.standardise import identify, standardise_extract
from evenhand.standards import EXTRACTS, raw_schema

USCC: Final = "91350100M000100Y43"
STATION: Final = "福州市鼓楼区市场监督管理局华大市场监督管理所"
OTHER_STATION: Final = "泉州市丰泽区市场监督管理局华大市场监督管理所"

# case: cells of one registration; then uscc, its state, registration number, organisation code
NUMBERS: Final = {
    "a right code": ({"uscc": USCC}, (USCC, "valid", None, "M000100Y4")),
    "a doubtful code": ({"uscc": "91350102MA2XTE0T5H"}, ("91350102MA2XTE0T5H", "warning", None, "MA2XTE0T5")),
    "a wrong code": ({"uscc": "91350100M000100Y44"}, ("91350100M000100Y44", "wrong", None, None)),
    "no code": ({}, (None, "empty", None, None)),
    "a registration number in its place": ({"uscc": "350102600000041"}, (None, "empty", "350102600000041", None)),
    "an organisation code in its place": ({"uscc": "M000100Y4"}, (None, "empty", None, "M000100Y4")),
    "a resident id in its place": ({"uscc": "350102199001010016"}, (None, "wrong", None, None)),
    "the code among registration numbers": ({"registration_no": USCC}, (USCC, "valid", None, "M000100Y4")),
    "the code among organisation codes": ({"organisation_code": USCC}, (USCC, "valid", None, "M000100Y4")),
    "a registration number that is taken": (
        {"uscc": "350102600000041", "registration_no": "350102000000013"},
        (None, "empty", "350102000000013", None),
    ),
}

LICENCES: Final = {
    "JY13501020000011": ("JY", True), "JY13501020000012": ("JY", False), "SC10635010200015": ("SC", True), "YB13501020000011": ("YB", True), "闽小餐350102000123": ("三小", None),
    "SP3501021510001103": ("旧证", None), "QS350106010123": ("旧证", None), "闽餐证字2012350102000123": ("旧证", None), "国食健注G20190001": ("特食", True), "12345": ("其他", None), "": (None, None),
}  # fmt: skip

# case: cells of one operation licence
PLACES: Final = {
    "ambiguous town with a division": {"place": "华大街道北二环路8号", "division": "350102"},
    "ambiguous town alone": {"place": "华大街道北二环路8号", "office": "华大所"},
    "division in another city": {"place": "厦门市湖滨南路8号", "division": "350102"},
    "text against division": {"place": "台江区五一路8号", "division": "350102"},
    "short office": {"place": "鼓楼区北二环路8号", "office": "华大所"},
    "office with its street": {"place": "鼓楼区北二环路8号", "office": "华大街道市监所"},
    "old office": {"place": "鼓楼区北二环路8号", "office": "鼓楼区华大工商所"},
    "office of a bureau": {"place": "鼓楼区北二环路8号", "office": "鼓楼区市场监管局华大所"},
    "full office": {"place": "鼓楼区北二环路8号", "office": STATION},
    "office of another county": {"place": "鼓楼区北二环路8号", "office": "丰泽区华大所"},
    "office gives the county": {"place": "北二环路8号", "office": "鼓楼区华大所"},
}


def _standard(engine, pack, kind: str, rows: dict[str, dict[str, str]]) -> ibis.Table:
    schema = raw_schema(EXTRACTS[kind])
    empty = dict.fromkeys(schema.names) | {"kind": kind, "source": "甲", "delivery": date(2026, 6, 30), "name": "甲"}
    raw = pa.Table.from_pylist(
        [{k: v for k, v in (empty | {"record_id": case} | row).items() if k in schema} for case, row in rows.items()],
        schema=schema.to_pyarrow(),
    )
    units = ibis.memtable(pa.table({name: pa.array([], pa.string()) for name in ("source", "field", "unit")}))
    codes = ibis.memtable(pa.table({name: pa.array([], pa.string()) for name in ("source", "field", "spelling", "code")}))
    return engine.save(standardise_extract(ibis.memtable(raw), EXTRACTS[kind], pack=pack, units=units, codes=codes, engine=engine))


@pytest.fixture(scope="module")
def records(engine, pack) -> dict[str, dict[str, Any]]:
    """The record of every case, by case; two agencies are known."""
    rows = {
        "registration": {case: cells for case, (cells, _) in NUMBERS.items()} | {"residence": {"residence": "长乐市十洋路8-2号"}},
        "operation_licence": {number or "no number": {"licence_no": number} for number in LICENCES} | PLACES,
        "inspection": {"dated": {"inspected_on": "2026/1/5"}, "undated": {"inspected_on": "2月30日"}},
        "agency": {"a": {"agency": STATION, "division": "350102"}, "b": {"agency": OTHER_STATION, "division": "350503"}},
    }
    standard = {kind: _standard(engine, pack, kind, cases) for kind, cases in rows.items()}
    return {row["record_id"]: row for row in engine.arrow(identify(standard, pack=pack, engine=engine)).to_pylist()}


@pytest.mark.parametrize("case", NUMBERS)
def test_each_number_stands_in_its_own_column(records, case):
    row = records[case]

    assert (row["uscc"], row["uscc_state"], row["registration_no"], row["organisation_code"]) == NUMBERS[case][1]


def test_each_licence_number_has_its_kind(records):
    found = {number: records[number or "no number"] for number in LICENCES}

    assert {number: (row["licence_kind"], row["licence_valid"]) for number, row in found.items()} == LICENCES


def test_an_ambiguous_town_takes_its_county_from_the_division_column(records):
    row = records["ambiguous town with a division"]

    assert (row["county_code"], row["town_code"], row["place_key"]) == ("350102", "350102007", "350102|北二环路|8")


def test_an_ambiguous_town_stays_empty_without_a_hint(records):
    row = records["ambiguous town alone"]

    assert (row["county_code"], row["town_code"], row["place_key"], row["office"]) == (None, None, None, "华大市场监督管理所")


def test_a_division_in_another_city_than_the_text_is_no_hint(records):
    row = records["division in another city"]

    assert (row["city_code"], row["county_code"]) == ("350200", None)


def test_the_text_goes_before_the_division_column(records):
    assert records["text against division"]["county_code"] == "350103"


def test_the_county_of_the_office_fills_what_the_text_leaves_open(records):
    assert records["office gives the county"]["place_key"] == "350102|北二环路|8"


@pytest.mark.parametrize("case", ["short office", "office with its street", "old office", "office of a bureau", "full office"])
def test_an_office_gets_its_official_name_once_the_county_is_known(records, case):
    assert records[case]["office"] == STATION


def test_the_county_an_office_names_goes_before_the_place(records):
    assert records["office of another county"]["office"] == OTHER_STATION


def test_residence_stands_for_a_place_that_the_kind_does_not_have(records):
    row = records["residence"]

    assert (row["place"], row["place_key"], row["residence_key"], row["house_no"]) == (
        "长乐市十洋路8-2号",
        "350112|十洋路|8",
        "350112|十洋路|8",
        "8-2",
    )


def test_the_fact_is_as_old_as_its_own_date_or_the_delivery(records):
    assert (records["dated"]["observed_on"], records["undated"]["observed_on"]) == (date(2026, 1, 5), date(2026, 6, 30))


def test_a_row_of_reference_data_has_no_identity(records):
    row = records["a"]

    assert [row[name] for name in ("uscc", "uscc_state", "name", "place_key", "office")] == [None] * 5
