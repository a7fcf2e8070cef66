"""Texts, names and codes: storage forms."""

from typing import Final

import pytest

from evenhand.standardise.codes import clean_code, clean_division, flag_of
from evenhand.standardise.offices import clean_office
from evenhand.standardise.text import blank_null_words, clean_line, clean_name_text, clean_text

TEXTS: Final = {
    "预包装食品销售": "预包装食品销售",
    " 热食类  食品制售 ": "热食类 食品制售",
    "ＡＢＣ１２３": "ABC123",
    "热食类，冷食类（含凉菜）；饮料": "热食类，冷食类（含凉菜）；饮料",
    "第一行\n第二行\t末": "第一行 第二行 末",
    "零\u200b宽\ufeff与\u00ad软\u00a0连": "零宽与软 连",
    "私\ue000用\uf8ff字": "私用字",
    "①㎡㈱Ⅳ½": "①㎡㈱Ⅳ½",
    "⽼⽐": "老比",
    "豈\uf900": "豈\uf900",
    "\u3000": None,
    "": None,
    "a\x00b\x07c": "abc",
    "10％～20％": "10%~20%",
}

NAMES: Final = {
    "福州 闽味源 小吃店": "福州闽味源小吃店",
    "福建某某(福州)有限公司": "福建某某（福州）有限公司",
    "福建某某[福州]有限公司": "福建某某（福州）有限公司",
    "福建某某【福州】有限公司": "福建某某（福州）有限公司",
    "Ｍｃ Coffee Shop 咖啡店": "Mc Coffee Shop咖啡店",
    "A B 店": "A B店",
    "买买提•阿里": "买买提·阿里",
    "，老王小吃店。": "老王小吃店",
    "老王小吃店；": "老王小吃店",
    "福建省 有限 公司": "福建省有限公司",
    "7-11 便利店": "7-11便利店",
    "永辉超市（五四 店）": "永辉超市（五四店）",
}

LINES: Final = {
    "福建省福州市 鼓楼区 五一路83号": "福建省福州市鼓楼区五一路83号",
    "五一路８３号(中国银行对面)": "五一路83号（中国银行对面）",
    "五一路83 号 A座 B1": "五一路83号A座B1",
    "No.8 Jinrong Road": "No.8 Jinrong Road",
}

OFFICES: Final = {
    "华大市场监管所": "华大市场监督管理所",
    "华大市监所": "华大市场监督管理所",
    "华大工商所": "华大市场监督管理所",
    "华大食药监所": "华大市场监督管理所",
    "华大所": "华大市场监督管理所",
    "鼓楼区市场监督管理局 华大所": "鼓楼区市场监督管理局华大市场监督管理所",
    "华大市场监督管理所": "华大市场监督管理所",
    "鼓楼区市监局": "鼓楼区市场监督管理局",
    "鼓楼区工商行政管理局": "鼓楼区市场监督管理局",
    "马尾区食品药品监督管理局": "马尾区市场监督管理局",
    "高新区分局": "高新区分局",
    "东街派出所": "东街派出所",
}


@pytest.mark.parametrize(
    ("clean", "table"), [(clean_text, TEXTS), (clean_name_text, NAMES), (clean_line, LINES)], ids=["texts", "names", "lines"]
)
def test_each_text_has_one_storage_form(apply, clean, table):
    assert dict(zip(table, apply(clean, list(table)), strict=True)) == table


def test_each_spelling_of_an_office_ends_in_the_official_words(apply, dictionaries):
    assert dict(zip(OFFICES, apply((clean_line, lambda c: clean_office(c, dictionaries)), list(OFFICES)), strict=True)) == OFFICES


def test_words_for_nothing_are_null_and_an_answer_is_kept(apply, dictionaries):
    words = ["无", "-", "/", "NULL", "null", "N/A", "—", "无锡排骨"]

    assert apply(lambda c: blank_null_words(c, dictionaries.null_words("scope")), words) == [None] * 7 + ["无锡排骨"]
    assert apply(lambda c: blank_null_words(c, dictionaries.null_words("problem")), words[:2]) == ["无", None]


def _codes(pack, name, own=()):
    spellings = pack.codes(name).spellings
    return clean_text, lambda cell, source: clean_code(cell, source, spellings=spellings, own=own)


def test_each_spelling_of_a_code_list_becomes_its_code(apply, pack):
    cells = ["2", "餐饮服务经营者", "餐饮服务", "大型餐馆", "餐饮服务经营者（批发）", "餐饮服务经营者(中央厨房)", "１", "其他业态", None]

    assert apply(_codes(pack, "form"), cells) == ["2", "2", "2", "2", "2", "2", "1", "其他业态", None]


def test_a_sources_own_spelling_goes_before_the_list(apply, pack):
    steps = _codes(pack, "form", own=[("甲", "1", "2"), ("甲", "小饭馆", "2")])

    assert apply(steps, ["1", "小饭馆"], source="甲") == ["2", "2"]
    assert apply(steps, ["1", "小饭馆"], source="乙") == ["1", "小饭馆"]


def test_a_flag_that_says_neither_yes_nor_no_is_null(apply, pack):
    cells = ["是", "有", "1", "Y", "√", "否", "无", "0", "×", "不清楚", ""]

    assert apply((*_codes(pack, "flag"), flag_of), cells) == [True] * 5 + [False] * 4 + [None] * 2


def test_old_codes_and_names_of_divisions_become_todays_code(apply, dictionaries):
    table = {
        "350102": "350102", "350182": "350112", "350427": "350405", "350402": "350404", "350403": "350404", "350681": "350604", "350625": "350605", "350784": "350703", "350822": "350803",
        "350102007": "350102", "350102007001": "350102", "350102.0": "350102", "鼓楼区": "350102", "鼓楼": "350102", "长乐市": "350112", "沙县": "350405", "福建省福州市鼓楼区": "350102",
        "福州市鼓楼区": "350102", "福州市": "350100", "110101": "110101", "350321": "350321", "莆田县": "莆田县", "不详地": "不详地",
    }  # fmt: skip

    assert (
        dict(zip(table, apply((clean_text, lambda c: clean_division(c, divisions=dictionaries.divisions)), list(table)), strict=True))
        == table
    )
