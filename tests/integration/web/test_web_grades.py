"""Pages of grades: the card explains itself, the distribution stays inside the jurisdiction, models are printed as law."""

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils.html import escape
from pytest_django.fixtures import Settings
from web_fixtures import Person
from web_release import STATION, SUBJECT, make_release

from evenhand.grade import shipped_rules

pytestmark = pytest.mark.web

CARD = f"/subjects/{SUBJECT}/grades/"


def test_the_card_shows_grade_points_trigger_and_what_would_better_it(person: Person) -> None:
    page = person("gulou").get(CARD).content.decode()

    assert 'class="grade-letter grade-B"' in page
    assert "检查结果为不符合（FJ-T3），自 2026 年 5 月 6 日起上调 1 级" in page
    assert "业态与规模" in page
    assert "4 / 10" in page
    assert "怎样达到更好的等级" in page
    assert "待主管部门确认" in page


def test_the_card_speaks_in_words_and_units(person: Person) -> None:
    page = person("gulou").get(CARD).content.decode()

    assert "餐饮面积 180 平方米" in page
    assert '<td data-label="模型"><div class="cell">餐饮服务</div></td>' in page
    assert re.search(r"至今<span[^>]*>（无新情况则到 20\d\d-\d\d-\d\d 重算）", page)
    assert re.findall(r"FJ-DEFAULT|N2016|VERIFIED|DESIGN", page) == []


def test_the_card_of_an_earlier_day_knows_nothing_of_what_came_after(person: Person) -> None:
    page = person("gulou").get(f"{CARD}?on=2026-05-05").content.decode()

    assert 'class="grade-letter grade-A"' in page
    assert "起作用的触发" not in page


def test_the_card_as_known_earlier_leaves_out_what_was_delivered_later(person: Person) -> None:
    page = person("gulou").get(f"{CARD}?known=2026-05-31").content.decode()

    assert "起作用的触发" not in page


def test_a_day_that_is_not_graded_is_told(person: Person) -> None:
    answer = person("gulou").get(f"{CARD}?on=2019-01-01")

    assert answer.status_code == 400
    assert "不在可以评定的日期之内" in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [("gulou", 200), ("fuzhou", 200), ("station", 200), ("other_station", 404), ("xiamen", 404)])
def test_the_card_stays_inside_the_jurisdiction(person: Person, name: str, status: int) -> None:
    assert person(name).get(CARD).status_code == status


@pytest.mark.parametrize(("name", "total"), [("province", "62"), ("xiamen", "21"), ("gulou", "20")])
def test_the_distribution_counts_only_the_own_jurisdiction(person: Person, name: str, total: str) -> None:
    page = person(name).get("/grades/").content.decode()

    assert f'">A 级</a></th><td>{total}</td>' in page


def test_a_business_with_two_models_is_visited_as_often_as_the_strictest_asks(person: Person, settings: Settings, tmp_path: Path) -> None:
    also = {"subject_id": SUBJECT, "begins_on": date(2026, 5, 6), "known_from": date(2026, 6, 30), "grade": "C"}
    rows = [also | {"model": "sale", "scheme": "FJ-DEFAULT", "visits_two_years": 6}, also | {"model": "credit", "scheme": "FJ-CREDIT"}]
    make_release(tmp_path, {"grade": rows})
    settings.EVENHAND_RELEASES = tmp_path

    page = person("gulou").get("/grades/").content.decode()

    assert "每年共检查 23 次" in page  # 20 businesses once a year, one three times; not 24, which adds its models up


def test_an_administrator_without_a_jurisdiction_sees_no_grades(person: Person) -> None:
    assert person("administrator").get("/grades/").status_code == 403


@pytest.mark.parametrize("name", shipped_rules().models)
def test_each_model_is_printed_with_every_indicator_trigger_and_source(person: Person, name: str) -> None:
    rules = shipped_rules()
    page = person("gulou").get(f"/grades/models/{name}/").content.decode()

    assert [one.id for one in rules.models[name].indicators if one.id not in page] == []
    scheme = rules.schemes["FJ-CREDIT" if name == "credit" else "FJ-DEFAULT"]
    assert [one.term for one in scheme.triggers if one.term not in page] == []


@pytest.mark.parametrize("name", shipped_rules().models)
def test_a_model_is_told_without_internal_marks(person: Person, name: str) -> None:
    page = person("gulou").get(f"/grades/models/{name}/").content.decode()

    assert re.findall(r"VERIFIED|DESIGN|RECALLED|（O\d|N2016|FJ-DEFAULT|FJ-CREDIT", page) == []
    assert "平台约定 · 待主管部门确认" in page


def test_counts_of_offices_lead_to_the_register(person: Person) -> None:
    client = person("gulou")
    page = client.get("/grades/").content.decode()

    address = f"/subjects/?{urlencode({'grade': 'B', 'office': STATION})}"
    assert f'href="{escape(address)}">1</a>' in page
    assert "共 1 户" in client.get(address).content.decode()


def test_bars_of_grades_lead_to_the_register_of_that_grade_and_model(person: Person) -> None:
    client = person("gulou")
    page = client.get("/grades/").content.decode()
    drawn = json.loads(re.findall(r'<script id="chart-grades-catering" type="application/json">(.*?)</script>', page)[0])
    bars = drawn["series"][0]["data"]

    assert [bar["url"] for bar in bars] == ["/subjects/?grade=A&model=catering", "/subjects/?grade=B&model=catering", "", ""]
    assert '<a href="/subjects/?grade=B&amp;model=catering">B 级</a></th><td>1</td>' in page
    assert [f"共 {bar['value']} 户" in client.get(bar["url"]).content.decode() for bar in bars if bar["url"]] == [True, True]


@pytest.mark.parametrize(
    ("query", "total"),
    [("grade=B&model=catering", 1), ("grade=C&model=sale", 1), ("model=sale", 1), ("grade=C", 1), ("grade=B", 0), ("grade=D&model=credit", 1),
     ("grade=D", 0), ("grade=E", 21), ("model=meal", 21)],
)  # fmt: skip
def test_a_grade_without_a_model_is_the_strictest_of_the_food_models(
    person: Person, settings: Settings, tmp_path: Path, query: str, total: int
) -> None:
    also = {"subject_id": SUBJECT, "begins_on": date(2026, 5, 6), "known_from": date(2026, 6, 30)}
    gone = also | {"model": "sale", "grade": "D", "begins_on": date(2025, 1, 1), "ends_on": date(2026, 5, 6)}
    make_release(tmp_path, {"grade": [also | {"model": "sale", "grade": "C"}, also | {"model": "credit", "grade": "D"}, gone]})
    settings.EVENHAND_RELEASES = tmp_path

    assert f"共 {total} 户" in person("gulou").get(f"/subjects/?{query}").content.decode()


def test_offices_count_each_business_once_by_its_strictest_grade(person: Person, settings: Settings, tmp_path: Path) -> None:
    also = {"subject_id": SUBJECT, "model": "sale", "grade": "C", "begins_on": date(2026, 5, 6), "known_from": date(2026, 6, 30)}
    make_release(tmp_path, {"grade": [also]})
    settings.EVENHAND_RELEASES = tmp_path

    row = person("gulou").get("/grades/").content.decode().split('id="offices"')[1].split("</tbody>")[0]

    assert re.findall(r'data-label="[ABCD] 级"[^>]*><div class="cell">(?:<a[^>]*>)?(\d+)', row) == ["20", "0", "1", "0"]
    assert re.findall(r'data-label="合计"[^>]*><div class="cell">(\d+)', row) == ["21"]


def test_an_unknown_model_is_not_found(person: Person) -> None:
    assert person("gulou").get("/grades/models/meal/").status_code == 404
