"""统一编码与证照编号：every vector of the regulation notes, valid and invalid (GB 32100, GB 11714, GS15, GB 11643, SC, JY, YB)."""

from types import ModuleType

import ibis
import pyarrow as pa
import pytest

from evenhand.identifiers import (
    check_digits,
    filing_no,
    landline,
    mobile,
    operation_licence,
    organisation_code,
    production_licence,
    registration_no,
    resident_id,
    small_registration_no,
    special_food_no,
    uscc,
)

VALID: list[tuple[ModuleType, str]] = [
    *((uscc, code) for code in (
        # published
        "91350100M000100Y43", "91310230MA1K314J7C", "91310230MA1K314K57", "91110000600037341L", "91330100799655058B",
        # synthetic, Fujian
        "91350102MA2XTE0T4E", "92350105MA8UAB1268", "91350100MA31C0DE6H",
        # sum is a multiple of 31: the check sign is 0
        "913501021JT6YWJE30", "91350102X97A3HKJ00",
        # check of the organisation code is 11: written 0
        "913501024JURQ2830H", "91350102QEY9X0DT02",
        # only the organisation code inside is off
        "91350102MA2XTE0T5H",
    )),
    *((organisation_code, code) for code in ("D2143569X", "MA1FL0LY9", "MA1K314J7")),
    *((registration_no, no) for no in (
        "310230001716146", "310230001716154", "350102000000013", "350102400000037", "350102600000041", "3501022000123",
    )),
    *((resident_id, no) for no in ("350102199001010016", "350105198512310023", "350102900101001")),
    *((production_licence, no) for no in (
        "SC11464010500015", "SC11333019700024", "SC11837048101233", "SC11834020305037", "SC12636098200051", "SC11532139200465",
        "SC12434017430075", "SC11432010400101", "SC11435078213641", "SC12744040400094",
        "SC10635010200015", "SC12735010400038", "SC12835010500046", "SC12935020300057", "SC13035030200061", "SC20135010200070",
        "QS350106010123",
    )),
    *((operation_licence, no) for no in (
        "JY13301080111719", "JY11108071215650", "JY23506230105266", "JY34202220183637",
        "JY13501020000011", "JY23501020000027", "JY33501050000034",
    )),
    *((filing_no, no) for no in ("YB13501020000011", "YB23501020000027", "YB13501020000012")),
    *((special_food_no, no) for no in (
        "国食健注G20190001", "国食健注J20180002", "食健备G202135000123", "食健备J202100000001", "国食注字TY20185001", "国食注字YP20170001",
        "国食健字G20040001", "国食健字J20050002", "卫食健字(1997)第0123号",
    )),
    *((small_registration_no, no) for no in ("闽小餐350102000123", "A12345678")),
    *((mobile, no) for no in ("13805911234", "19912345678")),
    *((landline, no) for no in ("059187654321", "05937654321", "01087654321")),
]  # fmt: skip

INVALID: list[tuple[ModuleType, str, str]] = [
    (uscc, "", "empty"),
    (uscc, "91350100M000100Y44", "check"),
    (uscc, "91350102MA2XTEOT4E", "character"),
    (uscc, "91350100MA31CODE6H", "character"),
    (uscc, "91350102MA2XTE0T4", "length"),
    (uscc, "350102600000041", "length"),
    (uscc, "000000000000000000", "division"),
    (organisation_code, "MA1FL0LY7", "check"),
    (organisation_code, "MA1K314J0", "check"),
    (registration_no, "350102600000042", "check"),
    (registration_no, "990102600000041", "division"),
    (resident_id, "350102199001010017", "check"),
    (resident_id, "350102199002300015", "date"),
    (resident_id, "350102900230001", "date"),
    (production_licence, "SC10635010200016", "check"),
    (production_licence, "SC30635010200015", "type"),
    (production_licence, "XC10635010200015", "prefix"),
    (operation_licence, "JY13501020000012", "check"),
    (operation_licence, "JY43501020000018", "type"),
    (filing_no, "YB33501020000011", "type"),
    (special_food_no, "国食健注X20190001", "format"),
    (special_food_no, "食健备G202199000123", "format"),
    (special_food_no, "食健备J202135000001", "format"),
    (small_registration_no, "350102000123", "format"),
    (mobile, "12805911234", "format"),
    (mobile, "1380591123", "length"),
    (landline, "59187654321", "prefix"),
    (landline, "0591876543", "length"),
]


@pytest.mark.parametrize(("module", "number"), VALID, ids=lambda value: value if isinstance(value, str) else "")
def test_published_and_legacy_number_is_right(module: ModuleType, number: str) -> None:
    assert module.reason(number) == ""
    assert module.is_valid(number)


@pytest.mark.parametrize(("module", "number", "reason"), INVALID, ids=lambda value: value if isinstance(value, str) else "")
def test_wrong_number_is_refused_with_its_reason(module: ModuleType, number: str, reason: str) -> None:
    assert module.reason(number) == reason
    assert not module.is_valid(number)


@pytest.mark.parametrize("module", list(dict.fromkeys(module for module, _ in VALID)))
def test_column_gives_the_same_reason_as_the_scalar(module: ModuleType) -> None:
    numbers = [number for other, number, *_ in (*VALID, *INVALID) if other is module]
    table = ibis.memtable(pa.table({"n": [*numbers, None]}))

    found = ibis.duckdb.connect().to_pyarrow(table.select(r=module.reason_column(table.n), v=module.valid_column(table.n)))

    assert found["r"].to_pylist() == [*map(module.reason, numbers), None]
    assert found["v"].to_pylist() == [*map(module.is_valid, numbers), None]


@pytest.mark.parametrize(
    ("body", "sign"),
    [("91350102X97A3HKJ0", "0"), ("91350100M000100Y4", "3"), ("91350102MA2XTE0T5", "H")],
)
def test_check_sign_of_the_unified_code(body: str, sign: str) -> None:
    assert check_digits.mod31(body) == sign


@pytest.mark.parametrize(("body", "sign"), [("D2143569", "X"), ("MA1FL0LY", "9"), ("MA1K314J", "7")])
def test_organisation_code_counts_letters_from_ten_to_thirty_five(body: str, sign: str) -> None:
    assert check_digits.mod11(body) == sign


@pytest.mark.parametrize(
    ("code", "repaired"),
    [("91350102MA2XTEOT4E", "91350102MA2XTE0T4E"), ("91350100MA31CODE6H", "91350100MA31C0DE6H")],
)
def test_single_illegal_letter_has_one_repair_that_passes_both_checks(code: str, repaired: str) -> None:
    assert uscc.repairs(code) == (repaired,)


@pytest.mark.parametrize("code", ["91350100M000100Y44", "9135O1O2MA2XTE0T4E", "91350102MA2XTE0T4E"])
def test_no_repair_without_exactly_one_illegal_letter(code: str) -> None:
    assert uscc.repairs(code) == ()
