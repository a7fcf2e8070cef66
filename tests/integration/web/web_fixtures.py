"""Fixtures of the web tests: Django on a throw-away folder, either database, a small release, people with a jurisdiction."""

import os
from collections.abc import Callable
from pathlib import Path

import django
import pytest
from pytest_django.fixtures import Settings
from web_release import STATION, make_release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")  # without EVENHAND_HOME: a folder of its own for each process
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the synchronous Playwright runs an event loop
django.setup()

from django.conf import settings as _settings  # noqa: E402 — Django must be set up first
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from evenhand.web.accounts.models import Profile, Role  # noqa: E402
from evenhand.web.database import database  # noqa: E402

_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes 0.3 s a password

PASSWORD = "Long-enough-1"
PEOPLE = {
    "province": (Role.STEWARD, "35", ""),
    "fuzhou": (Role.CITY, "3501", ""),
    "xiamen": (Role.CITY, "3502", ""),
    "gulou": (Role.COUNTY, "350102", ""),
    "taijiang": (Role.COUNTY, "350103", ""),
    "station": (Role.STATION, "350102", STATION),
    "other_station": (Role.STATION, "350102", "福州市鼓楼区市场监督管理局南街市场监督管理所"),
    "administrator": (Role.ADMINISTRATOR, "", ""),
}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Put the test database on PostgreSQL when the run asks for it."""
    if os.environ.get("EVENHAND_TEST_DB") == "postgres":
        default = database(request.getfixturevalue("postgres_url"))
        assert default
        connections.databases.update(connections.configure_settings({"default": default}))
        connections["default"] = connections.create_connection("default")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of releases that holds the small one."""
    releases = tmp_path_factory.mktemp("releases")
    make_release(releases)
    return releases


Person = Callable[[str], Client]


@pytest.fixture
def site(settings: Settings, release: Path, db: None, tmp_path: Path) -> None:
    """Put the site on the small release, with an empty database and no decisions."""
    settings.EVENHAND_RELEASES = release
    settings.EVENHAND_DECISIONS = tmp_path / "decisions.jsonl"


@pytest.fixture
def person(site: None) -> Person:
    """Make one of PEOPLE and return a browser in which that person is logged in."""

    def make(name: str) -> Client:
        role, division, office = PEOPLE[name]
        administrator = role == Role.ADMINISTRATOR
        user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=administrator, is_superuser=administrator)
        Profile.objects.create(user=user, role=role, division=division, office=office, area=name)
        client = Client()
        client.force_login(user)
        return client

    return make
