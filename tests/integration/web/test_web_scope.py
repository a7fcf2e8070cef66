"""No one sees another office's rows."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from web_fixtures import PEOPLE, Person
from web_release import NAME, PHONE, RULE, STATION, SUBJECT

from evenhand.publish import Scope
from evenhand.web.accounts.models import Profile, Role
from evenhand.web.accounts.scope import scope_for

pytestmark = pytest.mark.web

ELSEWHERE = "S-思明-0003"


def _total(client: Client, query: str = "") -> int:
    found = re.search(r"共 ([0-9,]+) [户项]", client.get(f"/subjects/{query}").content.decode())
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("province", Scope("35")),
        ("fuzhou", Scope("3501")),
        ("gulou", Scope("350102")),
        ("station", Scope("350102", STATION)),
        ("administrator", None),
    ],
)
def test_a_profile_is_a_scope(person: Person, name: str, scope: Scope | None) -> None:
    person(name)

    assert scope_for(get_user_model().objects.get(username=name)) == scope


@pytest.mark.usefixtures("site")
def test_a_station_without_its_office_sees_nothing() -> None:
    user = get_user_model().objects.create_user("forgotten")
    Profile.objects.create(user=user, role=Role.STATION, division="350102", office="")

    assert scope_for(user) is None


@pytest.mark.parametrize(
    ("name", "total"), [("province", 63), ("fuzhou", 42), ("xiamen", 21), ("gulou", 21), ("station", 21), ("other_station", 0)]
)
def test_the_register_ends_at_the_border_of_the_jurisdiction(person: Person, name: str, total: int) -> None:
    assert _total(person(name)) == total


@pytest.mark.parametrize("query", ["?city=350200", "?county=350203", "?q=思明", "?office=厦门市思明区市场监督管理局中华市场监督管理所"])
def test_a_filter_never_widens_the_jurisdiction(person: Person, query: str) -> None:
    client = person("gulou")

    assert "思明区" not in client.get(f"/subjects/{query}").content.decode().replace("q=思明", "")
    assert _total(client, query) <= _total(client)


@pytest.mark.parametrize("name", ["xiamen", "taijiang", "other_station"])
def test_a_subject_of_another_jurisdiction_is_not_found(person: Person, name: str) -> None:
    client = person(name)

    assert client.get(f"/subjects/{SUBJECT}/").status_code == 404
    assert client.get(f"/subjects/{SUBJECT}/fields/phone/").status_code == 404


@pytest.mark.parametrize("name", ["province", "fuzhou", "gulou", "station"])
def test_a_subject_of_the_own_jurisdiction_opens(person: Person, name: str) -> None:
    assert person(name).get(f"/subjects/{SUBJECT}/").status_code == 200


def test_personal_data_of_another_jurisdiction_cannot_be_revealed(person: Person) -> None:
    answer = person("xiamen").post(f"/subjects/{SUBJECT}/reveal/", {"reason": "联系负责人核实"})

    assert answer.status_code == 404
    assert PHONE not in answer.content.decode()


def test_findings_and_offices_of_another_jurisdiction_are_not_counted(person: Person) -> None:
    client = person("xiamen")

    assert "没有发现" in client.get(f"/quality/findings/?rule={RULE}").content.decode()
    assert STATION not in client.get("/quality/").content.decode()


@pytest.mark.parametrize("path", ["/subjects/", f"/subjects/{SUBJECT}/", "/quality/", "/quality/findings/"])
def test_an_account_without_an_area_sees_nothing_and_is_told_whom_to_ask(person: Person, path: str) -> None:
    answer = person("administrator").get(path)

    assert answer.status_code == 403
    assert "请联系系统管理员" in answer.content.decode()
    assert NAME not in answer.content.decode()


def test_every_kind_of_person_is_tried() -> None:
    assert {role for role, *_ in PEOPLE.values()} == set(Role) - {Role.DEPARTMENT}  # same area as the steward


@pytest.mark.parametrize(
    ("role", "division", "office", "fault"),
    [
        (Role.CITY, "350102", "", "4位"),
        (Role.STEWARD, "", "", "2位"),
        (Role.STATION, "350102", "", "所名"),
        (Role.ADMINISTRATOR, "35", "", "0位"),
    ],
)
def test_a_profile_that_does_not_fit_its_role_is_refused(role: Role, division: str, office: str, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Profile(role=role, division=division, office=office).clean()
