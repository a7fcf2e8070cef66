"""The way of an officer through the register, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from web_fixtures import PASSWORD, Person
from web_release import PHONE, SUBJECT

pytestmark = pytest.mark.browser

LogIn = Callable[[str], None]
PATHS = (
    "/",
    "/subjects/",
    f"/subjects/{SUBJECT}/",
    "/quality/",
    "/quality/findings/",
    "/review/",
    "/review/repairs/",
    "/review/offices/",
    "/review/decisions/",
    "/accounts/password/",
)


def test_login_leads_to_the_counts_and_drawn_charts(page: Page, person: Person, address: str) -> None:
    person("province")
    page.goto(f"{address}/")

    page.get_by_label("账号").fill("province")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("heading", name="主体数据总览")).to_be_visible()
    expect(page.locator("[data-chart].is-drawn svg")).to_have_count(5)


def test_two_characters_search_while_typing(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/subjects/")
    expect(page.get_by_text("共 63 户")).to_be_visible()

    page.get_by_role("searchbox").fill("鲜美")

    expect(page.get_by_text("共 6 户")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=%E9%B2%9C%E7%BE%8E$"))


def test_a_chosen_city_narrows_answer_and_counties(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/subjects/")

    page.get_by_label("设区市").select_option(label="厦门市")

    expect(page.get_by_text("共 21 户")).to_be_visible()
    expect(page.get_by_label("县（市、区）").locator("option")).to_have_text(["全部县（市、区）", "思明区"])


def test_back_returns_to_the_earlier_answer(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/subjects/")
    page.get_by_label("主体状态").select_option(label="注销")
    expect(page.get_by_text("共 14 户")).to_be_visible()

    page.go_back()

    expect(page.get_by_text("共 63 户")).to_be_visible()


def test_a_click_tells_why_a_value_was_chosen(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("gulou")
    page.goto(f"{address}/subjects/?q=味鲜美餐饮")
    page.get_by_role("link", name="福州市鼓楼区味鲜美餐饮管理有限公司").click()
    reason = page.get_by_text("登记机关的名称优先于其他来源")
    expect(reason).to_be_hidden()

    page.locator(".subject-name").get_by_text("2 种取值").click()

    expect(reason).to_be_visible()


def test_a_reason_reveals_and_reloading_hides_again(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("gulou")
    page.goto(f"{address}/subjects/{SUBJECT}/")
    page.get_by_text("个人信息已遮蔽").click()
    page.get_by_label("查看事由").fill("联系负责人核实地址")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("#rows")).to_contain_text(PHONE)

    page.goto(f"{address}/subjects/{SUBJECT}/")

    expect(page.get_by_text(PHONE)).to_have_count(0)


def test_a_bar_leads_to_the_subjects_it_counts(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.goto(f"{address}/")

    page.locator("section", has=page.get_by_role("heading", name="主体状态")).get_by_role("link", name="注销").evaluate(
        "link => link.click()"
    )

    expect(page.get_by_text("共 14 户")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(page: Page, logged_in: LogIn, address: str, width: int) -> None:
    logged_in("province")
    page.set_viewport_size({"width": width, "height": 844})

    widths = {}
    for path in PATHS:
        page.goto(f"{address}{path}")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(PATHS, width)


def test_on_a_phone_filters_fold_and_the_field_column_stays(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/subjects/")
    expect(page.get_by_label("主体状态")).to_be_hidden()
    page.get_by_text("筛选条件").click()
    expect(page.get_by_label("主体状态")).to_be_visible()

    page.goto(f"{address}/subjects/{SUBJECT}/")
    table = page.locator(".compare")
    table.evaluate("table => { table.scrollLeft = 300 }")

    field = table.locator("tbody th").first.bounding_box()
    frame = table.bounding_box()
    assert field
    assert frame
    assert abs(field["x"] - frame["x"]) <= 2


@pytest.mark.parametrize("path", ["/review/", f"/subjects/{SUBJECT}/"])
def test_on_a_phone_every_way_is_seen_without_sliding(page: Page, logged_in: LogIn, address: str, path: str) -> None:
    logged_in("province")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}{path}")

    beyond = page.evaluate(
        "[...document.querySelectorAll('.ways a, .jumps a')].filter(way => way.getBoundingClientRect().right > innerWidth).length"
    )
    assert page.locator(".ways a").count() >= 6
    assert beyond == 0


def test_on_a_phone_a_pair_stands_field_by_field(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/review/")

    first = page.locator(".compare.short tbody tr").first
    left, right = first.locator("td").first.bounding_box(), first.locator("td").last.bounding_box()
    assert left
    assert right
    assert right["y"] > left["y"]
    assert right["x"] == left["x"]


def test_the_head_of_a_pair_names_the_whole_row(page: Page, logged_in: LogIn, address: str) -> None:
    logged_in("province")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/review/")

    cut = page.evaluate(
        "[...document.querySelectorAll('.compare thead th, .compare thead span')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    )
    assert cut == 0
