"""Names taken apart: matching form, core, brand, trade, legal form, branch."""

from typing import Final

import ibis
import pyarrow as pa
import pytest

from evenhand.standardise.names import NAME_PARTS, name_parts

# name: matching form, core, branch
PARTS: Final = {
    "福建闽味源食品有限公司": ("福建闽味源食品有限公司", "闽味源食品", None),
    "福建闽味源食品有限责任公司": ("福建闽味源食品有限公司", "闽味源食品", None),
    "福建省闽味源食品有限公司": ("福建省闽味源食品有限公司", "闽味源食品", None),
    "福州闽味源食品有限公司": ("福州闽味源食品有限公司", "闽味源食品", None),
    "福州市鼓楼区闽味源食品有限公司": ("福州市鼓楼区闽味源食品有限公司", "闽味源食品", None),
    "闽味源（福建）食品有限公司": ("闽味源福建食品有限公司", "闽味源食品", None),
    "闽味源食品（福建）有限公司": ("闽味源食品福建有限公司", "闽味源食品", None),
    "福建闽味源食品股份有限公司": ("福建闽味源食品股份有限公司", "闽味源食品", None),
    "福建闽味源集团有限公司": ("福建闽味源集团有限公司", "闽味源", None),
    "福建闽味源食品有限公司福州分公司": ("福建闽味源食品有限公司福州分公司", "闽味源食品", "福州分公司"),
    "福建闽味源食品有限责任公司鼓楼区分公司": ("福建闽味源食品有限公司鼓楼区分公司", "闽味源食品", "鼓楼区分公司"),
    "福建永和超市有限公司东街街道分店": ("福建永和超市有限公司东街街道分店", "永和超市", "东街街道分店"),
    "福建永和超市有限公司五一路店": ("福建永和超市有限公司五一路店", "永和超市", "五一路店"),
    "福建永和超市有限公司（五一路店）": ("福建永和超市有限公司五一路店", "永和超市", "五一路店"),
    "永和超市（五一路店）": ("永和超市五一路店", "永和超市", "五一路店"),
    "鼓楼区闽味源小吃店": ("鼓楼区闽味源小吃店", "闽味源小吃", None),
    "福州市鼓楼区闽味源小吃店": ("福州市鼓楼区闽味源小吃店", "闽味源小吃", None),
    "福建省福州市鼓楼区闽味源小吃店（个体工商户）": ("福建省福州市鼓楼区闽味源小吃店", "闽味源小吃", None),
    "鼓楼区东街街道闽味源小吃店": ("鼓楼区东街街道闽味源小吃店", "闽味源小吃", None),
    "晋江市陈埭镇阿海海鲜大排档": ("晋江市陈埭镇阿海海鲜大排档", "阿海海鲜大排档", None),
    "闽味源小吃店": ("闽味源小吃店", "闽味源小吃", None),
    "闽味源小吃店（已注销）": ("闽味源小吃店", "闽味源小吃", None),
    "长乐市老王食杂店": ("长乐市老王食杂店", "老王食杂", None),
    "沙县老王小吃": ("沙县老王小吃", "老王小吃", None),
    "老王经营部": ("老王经营部", "老王经营部", None),
    "老王食品商行": ("老王食品商行", "老王食品", None),
    "安溪县祥华铁观音茶叶专业合作社": ("安溪县祥华铁观音茶叶专业合作社", "祥华铁观音茶叶", None),
    "安溪县祥华铁观音茶叶农民专业合作社": ("安溪县祥华铁观音茶叶专业合作社", "祥华铁观音茶叶", None),
    "福州鑫源贸易合伙企业（有限合伙）": ("福州鑫源贸易合伙企业", "鑫源贸易", None),
    "Mc Coffee Shop咖啡店": ("MCCOFFEESHOP咖啡店", "MCCOFFEESHOP咖啡", None),
    "福州市": ("福州市", "福州市", None),
    "鼓楼区实验小学": ("鼓楼区实验小学", "实验小学", None),
    "鼓楼区税务局": ("鼓楼区税务局", "税务局", None),
    "林阿海（早餐摊）": ("林阿海早餐摊", "林阿海早餐摊", None),
    "买买提·阿里烧烤店": ("买买提阿里烧烤店", "买买提阿里烧烤", None),
}


@pytest.fixture(scope="module")
def parsed(engine, dictionaries):
    names = engine.save(ibis.memtable(pa.table({"name": list(PARTS)})))
    return {row["name"]: row for row in engine.arrow(name_parts(names, dictionaries)).to_pylist()}


def test_each_name_has_its_matching_form_core_and_branch(parsed):
    assert {name: tuple(parsed[name][part] for part in ("name_match", "name_core", "name_branch")) for name in PARTS} == PARTS


def test_one_row_per_name_with_every_part(parsed):
    assert len(parsed) == len(PARTS)
    assert set(next(iter(parsed.values()))) == {"name", *NAME_PARTS}


def test_a_full_name_says_region_brand_trade_and_form(parsed):
    row = parsed["福州市鼓楼区闽味源食品有限公司"]

    assert (row["name_region"], row["name_brand"], row["name_trade"], row["name_form"]) == ("福州市鼓楼区", "闽味源", "食品", "有限公司")


def test_the_matching_form_of_a_matching_form_is_itself(engine, dictionaries, parsed):
    forms = sorted({row["name_match"] for row in parsed.values()})
    again = engine.arrow(name_parts(engine.save(ibis.memtable(pa.table({"name": forms}))), dictionaries)).to_pylist()

    assert {row["name"]: row["name_match"] for row in again} == {form: form for form in forms}
