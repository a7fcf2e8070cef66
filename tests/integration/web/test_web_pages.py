"""What the pages say."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from web_fixtures import Person
from web_release import NAME, RULE, STATION, SUBJECT, make_release

from evenhand.standards import REACHES
from evenhand.web.registry import views

pytestmark = pytest.mark.web

PATHS = (
    "/", "/subjects/", "/subjects/?q=鲜美", f"/subjects/{SUBJECT}/", "/quality/", "/quality/?dimension=规范性",
    f"/quality/findings/?rule={RULE}", "/review/", "/review/repairs/", "/review/offices/", "/review/decisions/", "/accounts/password/",
)  # fmt: skip


def _text(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def steward(person: Person) -> Client:
    """Return a person who may see the whole province."""
    return person("province")


def test_home_shows_the_counts_of_the_release(steward: Client) -> None:
    html = re.sub(r"\s+", "", _text(steward, "/"))

    assert "<span>主体</span><b>63</b>" in html
    assert "<span>主体的来源记录</span><b>128</b>" in html


def test_every_page_names_release_and_day_and_says_that_data_are_practice(steward: Client) -> None:
    for path in PATHS:
        html = _text(steward, path)
        assert NAME in html, path
        assert "2026-06-30" in html, path
        assert "演练数据" in html, path


def test_the_quality_chart_holds_six_dimensions_and_says_which_are_not_checked(steward: Client) -> None:
    found = re.search(r'<script id="chart-quality" type="application/json">(.*?)</script>', _text(steward, "/"))
    assert found
    option = json.loads(found[1])

    texts = [bar["label"]["formatter"] for bar in option["series"][0]["data"]]
    assert option["yAxis"]["data"] == ["规范性", "完整性", "准确性", "一致性", "时效性", "可访问性"]
    assert texts == ["97.00%", "100%", "未检查", "未检查", "未检查", "未检查"]


def test_two_characters_find_a_name(steward: Client) -> None:
    html = _text(steward, "/subjects/?q=鲜美")

    assert "共 6 户" in html
    assert "味鲜美餐饮管理有限公司" in html


@pytest.mark.parametrize(
    ("query", "total"),
    [("q=JY23501020000017", 1), ("q=92350102", 19), ("city=350100", 42), ("county=350203", 21), ("form=餐饮服务&city=350200", 10),
        ("status=注销", 14), ("code=wrong", 1), ("code=empty", 1), ("q=' or 1=1 --", 0), ("q=%00", 63), ("county=999999", 63)],
)  # fmt: skip
def test_a_filter_finds(steward: Client, query: str, total: int) -> None:
    assert f"共 {total} 户" in _text(steward, f"/subjects/?{query}")


def test_a_county_outside_the_chosen_city_is_dropped(steward: Client) -> None:
    assert "共 42 户" in _text(steward, "/subjects/?city=350100&county=350203")


def test_fifty_a_page_and_the_rest_on_the_next(steward: Client) -> None:
    assert _text(steward, "/subjects/").count('class="cell-name"') == 50
    assert _text(steward, "/subjects/?page=2").count('class="cell-name"') == 13
    assert "?city=350100&amp;page=2" not in _text(steward, "/subjects/?city=350100")
    assert "page=2" in _text(steward, "/subjects/")


@pytest.mark.parametrize("page", ["-138", "0", "99999999999999999999", "三", "", "1e9"])
def test_a_page_that_is_none_shows_one_that_is(steward: Client, page: str) -> None:
    assert "共 63 户" in _text(steward, f"/subjects/?page={page}")
    assert "共 1 项" in _text(steward, f"/quality/findings/?page={page}")


def test_live_search_gets_the_answer_alone_and_a_clean_address(steward: Client) -> None:
    answer = steward.get("/subjects/?q=鲜美&city=&page=1", headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "/subjects/?q=%E9%B2%9C%E7%BE%8E"
    assert "HX-Request" in answer["Vary"]


def test_nothing_found_says_what_to_try(steward: Client) -> None:
    html = _text(steward, "/subjects/?q=没有这个&status=注销")

    assert "共 0 户" in html
    assert "只按“没有这个”查找" in html


def test_a_subject_shows_every_source_row_side_by_side(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    for title in ("市场主体登记", "食品经营许可", "监督检查记录", "投诉举报"):
        assert f'<th scope="col"><b>{title}</b>' in html
    assert "complaint.csv" in html
    assert "第 5 行" in html


def test_the_register_stands_first_and_events_last(steward: Client) -> None:
    heads = re.findall(r'<th scope="col"><b>(.*?)</b>', _text(steward, f"/subjects/{SUBJECT}/"))

    assert heads == ["市场主体登记", "食品经营许可", "监督检查记录", "投诉举报"]


def test_the_chosen_value_is_marked_and_says_why(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    assert html.count('<td class="chosen">') == 2  # name and telephone, both from the register
    assert "登记机关的名称优先于其他来源" in html


def test_a_record_joined_by_likeness_shows_the_weight_of_each_part_as_a_bar(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    assert html.count('<table class="table table-sm weights">') == 1
    assert re.findall(r'<rect x="([0-9.]+)" y="1" width="([0-9.]+)" height="10" class="(\w+)"/>', html) == [
        ("60.0", "39.6", "for"),
        ("46.0", "14.0", "against"),
    ]
    assert '是同一主体的可能很小</td><td class="number">7.8</td>' in html
    assert re.search(r'合计</td><td[^>]*>7 分起自动归入（须比第二名高 3 分），0 分起由人复核</td><td class="number">14.2</td>', html)


def test_a_row_says_why_it_belongs_here_in_the_words_of_the_release(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    assert html.count("代码一致（本发布版的说法）") == 4
    assert "L-USCC" not in html


def test_a_raw_text_is_shown_where_it_differs_from_the_standard_value(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    assert "原文 9135-0102" in html
    assert "原文 福州味鲜美小吃店" not in html


def test_a_code_explains_itself(steward: Client) -> None:
    assert "福建省福州市鼓楼区" in _text(steward, f"/subjects/{SUBJECT}/")
    assert "第15位是“O”" in _text(steward, "/subjects/S-GULOU-0001/")
    assert "请向登记机关核实后补录" in _text(steward, "/subjects/S-GULOU-0002/")


def test_a_failing_rule_leads_to_its_rows_and_the_remedy(steward: Client) -> None:
    assert f"/quality/findings/?rule={RULE}" in _text(steward, "/quality/")
    html = _text(steward, f"/quality/findings/?rule={RULE}")

    assert "共 1 项" in html
    assert "向主体核实后改正" in html


def test_the_worst_rule_comes_first_and_rules_that_could_not_tell_last(steward: Client) -> None:
    html = _text(steward, "/quality/")
    places = [html.index(text) for text in ("联系电话格式不规范", "主体名称为空", "Q-X-01", "Q-X-02")]

    assert places == sorted(places)


def test_the_quality_page_weighs_the_dimensions_and_shows_what_did_not_apply(steward: Client) -> None:
    html = _text(steward, "/quality/")

    assert "<span>加权得分</span><b>98.80%</b>" in html  # (0.97 * 20 + 1 * 30) / 50
    assert "<span>不适用</span><b>28</b>" in html


def test_a_dimension_narrows_the_rules(steward: Client) -> None:
    html = _text(steward, "/quality/?dimension=完整性")

    assert "主体名称为空" in html
    assert "联系电话格式不规范" not in html


def test_no_page_carries_an_inline_script_or_an_address_outside(steward: Client) -> None:
    for path in (*PATHS, "/accounts/login/"):
        html = steward.get(path, follow=True).content.decode()
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", html)
        outside = re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', html)
        assert (scripts, outside) == ([], []), path
        assert not re.search(r"\son[a-z]+=", html), path


def test_every_page_forbids_foreign_content_and_is_not_kept(steward: Client) -> None:
    for path in PATHS[:7]:
        answer = steward.get(path)
        assert "script-src 'self'" in answer["Content-Security-Policy"], path
        assert "unsafe-inline" not in answer["Content-Security-Policy"].replace("style-src-attr 'unsafe-inline'", ""), path
        assert "no-store" in answer["Cache-Control"], path


def test_pages_ask_the_database_only_who_is_there(steward: Client) -> None:
    steward.get("/")
    for path in PATHS[:7]:
        with CaptureQueriesContext(connection) as asked:
            steward.get(path)
        assert len(asked) <= 5, (path, [one["sql"] for one in asked])


def test_reading_changes_nothing(steward: Client) -> None:
    def rows() -> dict[str, list[str]]:
        kept = [model for model in apps.get_models() if model.__name__ != "Session"]
        return {str(model): sorted(map(repr, QuerySet(model).values_list())) for model in kept}

    before = rows()
    for path in (*PATHS, "/subjects/none/", "/accounts/logout/", f"/subjects/{SUBJECT}/reveal/"):
        steward.get(path)

    assert rows() == before


def test_an_unknown_page_says_what_to_do(steward: Client) -> None:
    answer = steward.get("/nothing/here/")

    assert answer.status_code == 404
    assert "重新查找" in answer.content.decode()


def test_a_fault_of_ours_is_admitted_without_details(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views, "dimension_chart", broken)
    steward.raise_request_exception = False
    answer = steward.get("/")

    assert answer.status_code == 500
    assert "数据没有被改动" in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


def test_without_a_release_the_page_names_the_command(steward: Client, settings: Settings, tmp_path: Path) -> None:
    settings.EVENHAND_RELEASES = tmp_path
    answer = steward.get("/")

    assert answer.status_code == 503
    assert "evenhand build" in answer.content.decode()


def test_a_build_under_way_is_told(steward: Client, release: Path) -> None:
    working = release / ".building-1"
    working.mkdir()
    try:
        assert "正在建立新的发布版" in _text(steward, "/")
    finally:
        working.rmdir()


def test_a_field_tells_its_way_from_each_source_row_to_the_value_that_stands(steward: Client) -> None:
    assert f'hx-get="/subjects/{SUBJECT}/fields/phone/"' in _text(steward, f"/subjects/{SUBJECT}/")
    html = _text(steward, f"/subjects/{SUBJECT}/fields/phone/")

    assert "采用“138****1234”" in html
    assert "<small>来源原文</small>138" in html
    assert "<small>规范值</small>138****1234" in html
    assert "139****1111" in html
    assert "登记库 · 导出" in html


def test_the_way_of_a_value_comes_alone_to_the_open_page(steward: Client) -> None:
    html = steward.get(f"/subjects/{SUBJECT}/fields/phone/", headers={"HX-Request": "true"}).content.decode()

    assert "采用“138****1234”" in html
    assert "<html" not in html


def test_a_field_that_no_subject_has_is_not_found(steward: Client) -> None:
    assert steward.get(f"/subjects/{SUBJECT}/fields/nothing/").status_code == 404


def test_a_finding_says_in_which_row_it_lies(steward: Client) -> None:
    findings = _text(steward, f"/subjects/{SUBJECT}/").split('id="findings"')[1]

    assert "登记库 · registration.csv · 第 2 行" in findings
    assert '登记库<span class="text-secondary"> · registration.csv · 表一 · 第 2 行</span>' in _text(steward, "/quality/findings/")


def test_a_repair_rule_is_named_by_its_title(steward: Client, settings: Settings, tmp_path: Path) -> None:
    price = {"item": "repair", "rule": "RP-01", "county_code": "350102", "office": STATION, "subjects": 1, "price": 900}
    make_release(tmp_path, {"price": [dict.fromkeys((r.name for r in REACHES), 0) | price]})
    settings.EVENHAND_RELEASES = tmp_path

    assert '易混字符换回</a> <span class="text-secondary">代码修复 RP-01</span>' in _text(steward, "/quality/")


@pytest.mark.parametrize(
    ("name", "title"),
    [("province", "各设区市主体数"), ("fuzhou", "各县（市、区）主体数"), ("gulou", "各监管机构主体数"), ("station", None)],
)
def test_home_parts_subjects_by_the_places_below_the_own(person: Person, name: str, title: str | None) -> None:
    html = _text(person(name), "/")

    assert re.findall(r'<h2 class="card-title">(各.*?)</h2>', html) == ([title] if title else [])
    assert html.count("data-chart=") == (5 if title else 4)


def test_a_licence_has_its_kind_in_words(steward: Client) -> None:
    html = _text(steward, f"/subjects/{SUBJECT}/")

    assert 'data-label="种类"><div class="cell">食品经营许可</div>' in html


def test_only_a_part_of_the_province_is_told_that_sources_count_the_whole(steward: Client, person: Person) -> None:
    assert "全省行数" not in _text(steward, "/")
    assert "共 4 项，合计 4 行" in _text(steward, "/")
    county = _text(person("gulou"), "/")
    assert "全省行数" in county
    assert "共 4 项，全省合计 4 行" in county


def test_the_register_names_the_station_and_keeps_its_bureau_in_the_title(steward: Client) -> None:
    assert f'title="{STATION}">东街市场监督管理所</td>' in _text(steward, "/subjects/")
