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


def test_a_click_in_the_row_of_a_bar_opens_the_register_of_that_grade(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    logged_in("gulou")
    page.goto(f"{address}/grades/")
    chart = page.locator("[data-chart=chart-grades-catering]")
    expect(chart.locator("svg")).to_be_visible()
    page.wait_for_timeout(500)  # the drawing moves into its place
    chart.click(position={"x": 250, "y": 5 + 30 + 15})  # the second row, far from its short bar

    expect(page).to_have_url(f"{address}/subjects/?grade=B&model=catering")
    expect(page.get_by_role("heading", name="共 1 户")).to_be_visible()


def test_the_keyboard_finds_the_table_of_a_chart(page: Page, logged_in: Callable[[str], None], address: str) -> None:
    logged_in("gulou")
    page.goto(f"{address}/grades/")
    expect(page.locator("[data-chart=chart-grades-catering] svg")).to_be_visible()
    link = page.locator(".chart-table a", has_text="B 级").first
    link.focus()

    box = link.bounding_box()
    assert box
    assert box["height"] > 10
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/subjects/?grade=B&model=catering")


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
