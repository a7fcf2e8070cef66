"""Who gets in, and how."""

import os
import re
import time

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from web_fixtures import PASSWORD, Person
from web_release import STATION

from evenhand.web.accounts.demo import DEMO_PASSWORD, create_demo_accounts
from evenhand.web.accounts.models import Profile, Role
from evenhand.web.audit.models import Act, Event

pytestmark = pytest.mark.web


def _addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> list[str]:
    found = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").replace("<str:subject_id>", "S-GULOU-0000")
        found += _addresses(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else [path]
    return [path for path in found if not any(sign in path for sign in "<(?")]


@pytest.mark.django_db
def test_the_run_uses_the_database_it_was_asked_for() -> None:
    assert connection.vendor == {"postgres": "postgresql"}.get(os.environ.get("EVENHAND_TEST_DB", ""), "sqlite")


@pytest.mark.usefixtures("site")
def test_every_page_but_the_login_and_the_icon_asks_for_a_login() -> None:
    addresses = [
        path for path in _addresses(get_resolver().url_patterns) if path not in {"/accounts/login/", "/admin/login/", "/favicon.ico"}
    ]
    assert len(addresses) > 10

    answers = {path: Client().get(path) for path in addresses}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code not in {302, 405}} == {}
    assert [path for path, answer in answers.items() if answer.status_code == 302 and "login" not in answer["Location"]] == []


def test_login_leads_home_and_is_written_down(person: Person) -> None:
    person("gulou")

    answer = Client().post("/accounts/login/", {"username": "gulou", "password": PASSWORD})

    assert answer["Location"] == "/"
    assert Event.objects.filter(act=Act.LOGIN, user__username="gulou").count() == 2  # once by the fixture


def test_login_never_leads_to_another_site(person: Person) -> None:
    person("gulou")

    answer = Client().post("/accounts/login/", {"username": "gulou", "password": PASSWORD, "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(person: Person) -> None:
    person("gulou")
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"username": "gulou", "password": "wrong"})

    answer = client.post("/accounts/login/", {"username": "gulou", "password": PASSWORD})

    assert answer.status_code == 429
    assert "15分钟后再试" in answer.content.decode()


def test_a_locked_account_does_not_lock_another(person: Person) -> None:
    person("gulou")
    person("fuzhou")
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"username": "gulou", "password": "wrong"})

    assert client.post("/accounts/login/", {"username": "fuzhou", "password": PASSWORD}).status_code == 302


def test_an_administrator_unlocks_an_account(person: Person) -> None:
    person("gulou")
    administrator = person("administrator")
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"username": "gulou", "password": "wrong"})
    user = get_user_model().objects.get(username="gulou")

    administrator.post("/admin/auth/user/", {"action": "unlock", "_selected_action": [user.pk]})

    assert client.post("/accounts/login/", {"username": "gulou", "password": PASSWORD}).status_code == 302
    assert Event.objects.get(act=Act.UNLOCK).target == "gulou"


def test_an_administrator_is_led_to_the_administration(person: Person) -> None:
    person("administrator")

    answer = Client().post("/accounts/login/", {"username": "administrator", "password": PASSWORD})

    assert answer["Location"] == "/admin/"


def test_an_administrator_who_asked_for_the_home_page_is_led_on_too(person: Person) -> None:
    client = person("administrator")

    assert client.get("/")["Location"] == "/admin/"
    assert client.get("/review/").status_code == 403


def test_an_account_is_added_in_chinese_from_lists(person: Person) -> None:
    client = person("administrator")
    page = client.get("/admin/auth/user/add/").content.decode()
    form = {"username": "zheng", "first_name": "郑一", "password1": PASSWORD, "password2": PASSWORD, "_save": "1"}
    profile = {"role": "county", "division": "350102", "office": "", "area": "鼓楼区"}
    counts = {"profile-TOTAL_FORMS": "1", "profile-INITIAL_FORMS": "0", "profile-MIN_NUM_FORMS": "0", "profile-MAX_NUM_FORMS": "1"}

    answer = client.post("/admin/auth/user/add/", form | counts | {f"profile-0-{name}": value for name, value in profile.items()})

    assert re.findall(r"After you|Password-based|Whether the user", page) == []
    assert '<option value="350102">福州市鼓楼区（350102）</option>' in page
    assert f'<option value="{STATION}"></option>' in page
    assert answer.status_code == 302
    user = get_user_model().objects.get(username="zheng")
    assert (user.get_full_name(), user.profile.division, user.check_password(PASSWORD)) == ("郑一", "350102", True)


def test_the_icon_is_there_before_the_login(site: None) -> None:
    assert Client().get("/favicon.ico")["Location"].endswith("/evenhand/favicon.svg")


def test_logout_needs_a_post(person: Person) -> None:
    client = person("gulou")

    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/").status_code == 200


def test_half_an_hour_without_a_request_ends_the_session(person: Person) -> None:
    client = person("gulou")
    client.get("/")

    assert settings.SESSION_COOKIE_AGE == 1800
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 1800


def test_an_active_session_is_prolonged_at_most_once_a_minute(person: Person) -> None:
    client = person("gulou")
    session = client.session
    session["seen"] = int(time.time()) - 61
    session.save()

    assert settings.SESSION_COOKIE_NAME in client.get("/").cookies
    assert settings.SESSION_COOKIE_NAME not in client.get("/").cookies


def test_a_form_without_its_proof_of_origin_changes_nothing(person: Person) -> None:
    client = person("gulou")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies

    answer = strict.post("/subjects/S-GULOU-0000/reveal/", {"reason": "联系负责人核实"})

    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()
    assert not Event.objects.filter(act=Act.REVEAL).exists()


@pytest.mark.parametrize("password", ["short-1A", "alllowercaseletters", "gulou-gulou-1", "1234567890"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, get_user_model()(username="gulou-gulou"))


def test_changing_the_password_is_written_down(person: Person) -> None:
    client = person("gulou")
    new = "Another-one-22"

    client.post("/accounts/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert get_user_model().objects.get(username="gulou").check_password(new)
    assert Event.objects.filter(act=Act.PASSWORD).count() == 1


@pytest.mark.usefixtures("site")
def test_demo_accounts_cover_each_role_and_open_the_door() -> None:
    made = create_demo_accounts(station="某所")

    assert {Profile.objects.get(user__username=name).role for _, name, _ in made} == set(Role.values)
    assert Client().post("/accounts/login/", {"username": "sheng", "password": DEMO_PASSWORD}).status_code == 302


@pytest.mark.usefixtures("site")
def test_demo_accounts_can_be_made_again() -> None:
    create_demo_accounts()

    assert create_demo_accounts() == create_demo_accounts()
    assert Profile.objects.count() == 5  # no station without an office


@pytest.mark.usefixtures("site")
def test_without_demo_accounts_the_login_page_shows_no_password() -> None:
    assert DEMO_PASSWORD not in Client().get("/accounts/login/").content.decode()
    create_demo_accounts()
    assert DEMO_PASSWORD in Client().get("/accounts/login/").content.decode()
