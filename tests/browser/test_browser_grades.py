"""Grades in a real browser: the map, the card with its timeline, and a rule tried from the form to the result."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from evenhand.web.jobs.working import run_next

pytestmark = pytest.mark.browser


def test_the_map_and_the_card_are_drawn(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/grades/")
    expect(page.locator("[data-map] svg path").first).to_be_attached()

    page.goto(f"{address}/subjects/S-GULOU-0000/grades/?known=2026-05-31")
    expect(page.locator("[data-chart^=chart-time] svg").first).to_be_visible()
    expect(page.locator("[data-chart^=chart-time]").first).to_contain_text("现在得知")


def test_a_rule_is_tried_from_the_form_to_the_matrix(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/grades/")
    page.get_by_role("link", name="模拟规则").click()
    page.get_by_label("A 级上限").fill("10")
    page.get_by_role("button", name="开始模拟").click()
    expect(page.get_by_role("status")).to_contain_text("等待")

    run_next()

    expect(page.locator(".trial-sums")).to_contain_text("等级变动")
    expect(page.locator(".matrix .moved").first).to_be_visible()


def test_the_form_fits_a_phone(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    logged_in("province")
    page.goto(f"{address}/grades/simulate/")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
