"""A dispute about an office lies in the inbox of both offices, and of nobody else."""

import pytest
from web_fixtures import Person
from web_release import OTHER_STATION, STATION, SUBJECT

pytestmark = pytest.mark.web

LIST = "/offices/disputed/"


@pytest.mark.parametrize("name", ["station", "other_station", "gulou", "fuzhou", "province"])
def test_both_offices_and_those_above_them_see_the_dispute(person: Person, name: str) -> None:
    page = person(name).get(LIST).content.decode()

    assert "共 1 项" in page
    assert STATION in page
    assert OTHER_STATION in page
    assert "2026-07-14" in page


@pytest.mark.parametrize("name", ["xiamen", "taijiang"])
def test_an_office_that_is_not_named_sees_no_dispute(person: Person, name: str) -> None:
    page = person(name).get(LIST).content.decode()

    assert "共 0 项" in page
    assert OTHER_STATION not in page


def test_the_other_office_gets_no_link_to_a_subject_it_may_not_open(person: Person) -> None:
    assert f'href="/subjects/{SUBJECT}/#offices"' in person("station").get(LIST).content.decode()
    assert f'href="/subjects/{SUBJECT}/' not in person("other_station").get(LIST).content.decode()


def test_the_subject_page_shows_state_reason_and_every_vote(person: Person) -> None:
    page = person("gulou").get(f"/subjects/{SUBJECT}/").content.decode()

    assert "管辖判定" in page
    assert "存疑" in page
    assert "2 票" in page
    assert "在南街街道" in page
    assert "食品经营许可 · " + STATION in page
