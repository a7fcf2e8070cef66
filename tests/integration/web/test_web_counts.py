"""One number for what did not pass: home, findings and quality agree for whoever looks (未通过 by the office that answers now)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from web_fixtures import Person
from web_release import AREAS, OTHER_STATION, RULE, STATION, SUBJECT, make_release

pytestmark = pytest.mark.web

XIAMEN = AREAS["350203"][2]
SEEN = {"province": 7, "fuzhou": 5, "gulou": 5, "station": 3, "other_station": 1, "taijiang": 0, "xiamen": 0}
"""Findings that each person's offices answer for, with the one of the small release."""


def _finding(record: str, office: str) -> dict[str, Any]:
    told = {
        "kind": "registration",
        "source": "登记库",
        "field": "phone",
        "outcome": "fail",
        "severity": "error",
        "value": "1",
        "reason": "x",
    }
    return told | {"rule": RULE, "record_id": record, "office": office}


def _count(office: str, failed: int) -> dict[str, Any]:
    told = {"rule": RULE, "dimension": "规范性", "kind": "registration", "source": "登记库", "passed": 5, "unknown": 0, "skipped": 0}
    return told | {"office": office, "failed": failed}


@pytest.fixture
def moved(site: None, settings: Settings, tmp_path: Path) -> None:
    """Findings on rows that name another office than the one that answers for the subject, and on rows without a subject."""
    at = {"uscc_state": "empty", "observed_on": None}
    records = ("N1", "N2", "N3", "N4", "N5", "N6")
    subjects = {"N1": SUBJECT, "N2": SUBJECT}
    make_release(
        tmp_path,
        {
            "record": [at | {"record_id": record, "kind": "registration", "source": "登记库"} for record in records[:3]]
            + [at | {"record_id": "N4", "kind": "agency", "source": "机构", "county_code": "350102"}]
            + [at | {"record_id": record, "kind": "agency", "source": "机构"} for record in records[4:]],
            "membership": [{"record_id": record, "subject_id": one, "rule": "L-USCC"} for record, one in subjects.items()],
            "finding": [
                _finding("N1", XIAMEN),  # the subject answers to the station: its own city sees it, the city of the row does not
                _finding("N2", ""),  # the row names nobody
                _finding("N3", OTHER_STATION),  # no subject: the office of the row, in the county of that office
                _finding("N4", ""),  # no subject, no office, but a county
                _finding("N5", ""),  # nobody's: the province alone
                _finding("N6", "没有这个所"),
            ],
            "check_count": [_count(XIAMEN, 1), _count("", 3), _count(OTHER_STATION, 1), _count("没有这个所", 1)],
        },
    )
    settings.EVENHAND_RELEASES = tmp_path


def _numbers(pattern: str, html: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(pattern, html)]


def _said(client: Client) -> dict[str, int]:
    """The count of findings wherever a page tells it."""
    home, listed, quality = (client.get(path).content.decode() for path in ("/", "/quality/findings/", "/quality/"))
    rules, sources, offices = (
        quality.split('id="rules"')[1].split('id="by-source"')[0],
        *quality.split('id="by-source"')[1].split('id="by-office"'),
    )
    card = r"<span>质量发现（未通过）</span><b>([0-9,]+)</b>"
    row = r'<tr[^>]*><td>[^<]*</td><td class="text-end">(?:<a[^>]*>)?([0-9,]+)(?:</a>)?</td>'
    return {
        "home": _numbers(card, home)[0],
        "list": _numbers(r"共 ([0-9,]+) 项", listed)[0],
        "quality": _numbers(card, quality)[0],
        "rules": sum(_numbers(r'data-label="未通过"[^>]*><div class="cell">(?:<a[^>]*>)?([0-9,]+)', rules)),
        "sources": sum(_numbers(row, sources)),
        "offices": sum(_numbers(row, offices)),
    }


@pytest.mark.parametrize("name", SEEN)
def test_every_page_tells_the_same_number(person: Person, moved: None, name: str) -> None:
    said = _said(person(name))

    assert said == dict.fromkeys(said, SEEN[name])


@pytest.mark.parametrize("query", [f"rule={RULE}", "source=登记库"])
def test_a_number_leads_to_as_many_rows(person: Person, moved: None, query: str) -> None:
    client = person("gulou")

    assert "共 5 项" in client.get(f"/quality/findings/?{query}").content.decode()
    assert f"?{query.split('=', maxsplit=1)[0]}=" in client.get("/quality/").content.decode()


def test_an_office_leads_to_what_it_answers_for(person: Person, moved: None) -> None:
    client = person("gulou")

    assert "共 3 项" in client.get(f"/quality/findings/?office={STATION}").content.decode()
    assert re.search(rf"<td>{STATION}</td><td class=\"text-end\"><a[^>]*>3</a>", client.get("/quality/").content.decode())


@pytest.mark.parametrize(("name", "told"), [("province", "分机构时"), ("fuzhou", ""), ("gulou", ""), ("station", "")])
def test_the_page_says_by_which_office_it_counts(person: Person, moved: None, name: str, told: str) -> None:
    html = person(name).get("/quality/").content.decode()

    assert "<b>未通过</b>按现在负责的机构计" in html
    assert re.search(f"通过率</b>[^<]*{told}按记录写明的机构计", html)
