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
