"""The veil over personal data."""

import pytest

from evenhand.web.registry.veil import Veil, is_natural_person, veil_for

_ROW = {
    "cells": [
        {"field": "resident_id", "value": "350102199001010016", "raw": "350102 19900101 0016"},
        {"field": "legal_person", "value": "欧阳明", "raw": "欧阳明"},
    ]
}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("legal_person", "张小明", "张**"),
        ("phone", "13805911234", "138****1234"),
        ("resident_id", "350102199001010016", "350***********0016"),
        ("uscc", "92350102MA00000074", "92350102MA00000074"),
        ("problem", "举报人电话13805911234", "举报人电话138****1234"),
        ("area", 35, 35),
        ("phone", None, None),
        ("phone", "", ""),
        ("no_such_field", "text", "text"),
        ("place", "0591-37316505", "0591-******05"),
        ("residence", "05918765432", "0591******32"),
        ("legal_person", "91350102MA2XTE0T4E", "91350102MA2XTE0T4E"),
        ("legal_person", "91350102MA2XTEOT4E", "9**"),  # a wrong code is no code
        ("area", "郑碧松", "郑**"),
        ("issued_on", "长期", "长期"),
        ("issued_on", "2024年5月1日", "2024年5月1日"),
    ],
)
def test_a_field_hides_what_its_data_element_says(field: str, value: object, shown: object) -> None:
    assert Veil(natural_person=False).value(field, value) == shown


def test_an_address_is_hidden_for_natural_persons_only() -> None:
    assert Veil(natural_person=True).value("place", "鼓楼区东街83号") == "鼓楼区东街***"
    assert Veil(natural_person=False).value("place", "鼓楼区东街83号") == "鼓楼区东街83号"


def test_an_open_veil_hides_nothing() -> None:
    veil = veil_for({"name": "林依妹"}, [_ROW], is_open=True)

    assert veil.value("resident_id", "350102199001010016") == "350102199001010016"
    assert veil.text("欧阳明") == "欧阳明"


@pytest.mark.parametrize("text", ["350102199001010016", "350102 19900101 0016", "欧阳明"])
def test_a_personal_value_is_hidden_inside_reasons_in_either_spelling(text: str) -> None:
    assert text not in str(veil_for({"name": "某店"}, [_ROW]).text(f"与“{text}”不一致"))


@pytest.mark.parametrize("text", ["92350102MA00000074", "JY23501020000017", "350102", "2026-06-30", "13 条记录"])
def test_numbers_that_are_no_personal_data_stay(text: str) -> None:
    assert Veil(natural_person=True).text(text) == text


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ({"name": "林依妹"}, True),
        ({"name": "林依妹（鱼丸摊）"}, True),
        ({"name": "林依妹", "uscc": "92350102MA00000074"}, False),
        ({"name": "林依妹", "registration_no": "350102600000011"}, False),
        ({"name": "福州味鲜美餐饮管理有限公司"}, False),
        ({"name": None}, False),
    ],
)
def test_who_has_a_code_of_a_register_is_no_natural_person(subject: dict[str, str | None], answer: bool) -> None:
    assert is_natural_person(subject) is answer


_CODE = "91350102MA2XTE0T4E"
_SLIPPED = {
    "record_id": "R7",
    "fault": "",
    "cells": [
        {"field": field, "value": value, "raw": value}
        for field, value in {
            "legal_person": _CODE, "phone": "郑碧松", "residence": "0591-37316505", "warehouse": "350102", "division": "文庙路21号1号店面", "office": "有效", "name": "福味饮食店",
        }.items()
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("legal_person", _CODE, _CODE),
        ("phone", "郑碧松", "郑**"),
        ("residence", "0591-37316505", "0591-******05"),
        ("warehouse", "350102", "350102"),
        ("division", "文庙路21号1号店面", "文**"),
        ("office", "有效", "有**"),
        ("name", "福味饮食店", "福味饮食店"),
    ],
)
def test_of_a_row_that_slipped_only_what_is_public_elsewhere_stays(field: str, value: str, shown: str) -> None:
    veil = veil_for({"name": "福味饮食店", "uscc": _CODE}, [_SLIPPED])

    assert veil.value(field, value, record="R7") == shown


def test_of_a_row_that_slipped_words_stay_in_other_reasons_and_names_do_not() -> None:
    veil = veil_for({"name": "福味饮食店", "uscc": _CODE}, [_SLIPPED])

    assert veil.text(f"{_CODE}（号码有效）") == f"{_CODE}（号码有效）"
    assert veil.text("负责人郑碧松一致") == "负责人郑**一致"
    assert veil.text("机构“有效”、住址“文庙路21号1号店面”", strays=["有效", "文庙路21号1号店面"]) == "机构“有**”、住址“文**”"


def test_a_rule_may_hold_a_row_for_slipped() -> None:
    row = {"record_id": "R8", "fault": "", "cells": [{"field": "office", "value": "林依妹", "raw": "林依妹"}]}
    finding = {"record_id": "R8", "remedy": "可能串列，请对照执照改正。"}

    assert veil_for({"name": "某店"}, [row]).value("office", "林依妹", record="R8") == "林依妹"
    assert veil_for({"name": "某店"}, [row], findings=[finding]).value("office", "林依妹", record="R8") == "林**"


def test_a_reason_opens_a_row_that_slipped() -> None:
    veil = veil_for({"name": "福味饮食店", "uscc": _CODE}, [_SLIPPED], is_open=True)

    assert veil.value("phone", "郑碧松", record="R7") == "郑碧松"
