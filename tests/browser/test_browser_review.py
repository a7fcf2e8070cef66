"""The way of a steward over the review desk, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_pair_is_judged_waits_and_is_taken_back(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/")
    page.get_by_role("link", name="人工认定").click()
    first = page.locator(".doubt").first
    first.get_by_label("理由").fill("电话核实，不是一家")
    first.get_by_role("button", name="不是同一主体").click()
    expect(page.locator(".doubt").first).to_contain_text("已认定，等待下次建立执行")

    page.get_by_role("link", name="已作认定").click()
    page.locator("summary", has_text="撤回").click()
    page.get_by_label("撤回理由").fill("看错了")
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("已撤回", exact=True)).to_be_visible()

    page.get_by_role("link", name="待复核归属").click()
    expect(page.locator(".doubt").first.get_by_role("button", name="不是同一主体")).to_be_visible()


def test_enter_decides_nothing_and_a_merge_asks_twice(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/review/")
    first = page.locator(".doubt").first
    first.get_by_label("理由").fill("电话核实")
    first.get_by_label("理由").press("Enter")
    expect(first.get_by_label("理由")).to_have_value("电话核实")

    first.locator("summary", has_text="是同一主体，合并").click()
    expect(first.locator(".act-grave")).to_contain_text("福州市鼓楼区味鲜美餐饮管理有限公司")
    first.get_by_role("button", name="确认：是同一主体，合并").click()

    expect(page.locator(".doubt").first).to_contain_text("已认定，等待下次建立执行")


def test_a_click_on_a_field_tells_its_way(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("gulou")
    page.goto(f"{address}/subjects/S-GULOU-0000/")

    page.locator(".datagrid-item", has_text="联系电话").get_by_text("来历", exact=True).click()

    expect(page.locator(".datagrid-item", has_text="联系电话")).to_contain_text("来源原文")
