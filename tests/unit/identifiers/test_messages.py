"""The sentence of a refusal names number, place, what stands there, what is allowed, and what to do next."""

import pytest

from evenhand.errors import BadInput
from evenhand.identifiers import CodeTables, Fault, IdentifierError, landline, mobile, resident_id, uscc
from evenhand.identifiers.cleaning import FOLDED, clean_text
from evenhand.identifiers.refusals import MESSAGES


def test_refusal_of_a_letter_names_its_place_and_what_is_allowed() -> None:
    with pytest.raises(IdentifierError) as refusal:
        uscc.check("91350102MA2XTEOT4E")

    assert refusal.value.place == 15
    assert refusal.value.fault.zh == (
        "统一社会信用代码“91350102MA2XTEOT4E”：第15位是“O”；此处只用数字和除 I、O、S、V、Z 外的大写字母。"
        "请改正；如暂无法核实可保留，该记录将进入复核清单。"
    )
    assert 'place 15 is "O"' in refusal.value.fault.en
    assert isinstance(refusal.value, BadInput)


def test_refusal_of_a_check_sign_names_the_right_one() -> None:
    with pytest.raises(IdentifierError, match="第18位校验码是“4”，按前面各位计算应为“3”"):
        uscc.check("91350100M000100Y44")


def test_letter_inside_the_division_is_refused_at_its_place() -> None:
    with pytest.raises(IdentifierError) as refusal:
        uscc.check("9135O102MA2XTE0T4E")

    assert (refusal.value.reason, refusal.value.place) == ("character", 5)


def test_every_message_has_its_own_code() -> None:
    assert len({message.code for message in MESSAGES.values()}) == len(MESSAGES)


def test_every_folded_sign_is_folded_once_and_for_all() -> None:
    assert [form for form in FOLDED.values() if clean_text(form) != form] == []


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("＋86 138-0591-1234", "13805911234"),
        ("8613805911234", "13805911234"),
        ("0086-13805911234", "13805911234"),
        ("13805911234", "13805911234"),
    ],
)
def test_mobile_loses_the_country_code(raw: str, number: str) -> None:
    assert mobile.clean(raw) == number


@pytest.mark.parametrize(
    ("raw", "number"), [("（0591）8765－4321", "059187654321"), ("+86-591-87654321", "059187654321"), ("0591 87654321", "059187654321")]
)
def test_landline_is_stored_as_digits(raw: str, number: str) -> None:
    assert landline.clean(raw) == number


def test_an_area_code_says_its_place() -> None:
    tables = CodeTables.from_rows(area_codes=[{"code": "0591", "name": "福州"}])

    assert [(part.text, part.meaning) for part in landline.explain("059187654321", tables=tables)] == [("0591", "福州"), ("87654321", "")]


def test_short_resident_id_is_lengthened_with_its_check_sign() -> None:
    assert resident_id.to_18("350102900101001") == "350102199001010016"


@pytest.mark.parametrize(
    ("day", "right"), [("20000229", True), ("19000229", False), ("19960229", True), ("19970229", False), ("20230431", False)]
)
def test_birth_date_must_exist(day: str, right: bool) -> None:
    assert resident_id.is_valid(resident_id.build(division="350102", born=day, sequence="001")) is right


def test_explanation_of_a_person_names_sex_and_birth_date() -> None:
    meanings = {part.zh: part.meaning for part in resident_id.explain("350105198512310023", tables=CodeTables())}

    assert (meanings["出生日期"], meanings["顺序码"]) == ("1985-12-31", "女")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (uscc.SHAPE.fault("91350102MA2XTEOT4E"), "only digits and capitals without I O S V Z are used there."),
        (resident_id.SHAPE.fault("3501021990"), "has 10 places; 18, 15 are allowed."),
        (mobile.SHAPE.fault("12805911234"), "11 digits that start with 1[3-9]."),
    ],
)
def test_english_sentence_has_no_chinese_in_it(fault: Fault, sentence: str) -> None:
    assert sentence in fault.en
    assert fault.en.isascii()
