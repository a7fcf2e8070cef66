"""Accounts by command: from none to a person who sees the own county only, and back to none."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from web_fixtures import PASSWORD, Person
from web_release import OTHER_STATION, STATION

from evenhand.cli.app import run
from evenhand.web.accounts.demo import create_demo_accounts
from evenhand.web.accounts.keeping import has_account, list_accounts
from evenhand.web.accounts.models import Profile, Role
from evenhand.web.accounts.posts import checked_post
from evenhand.web.audit.models import Act, Event

pytestmark = pytest.mark.web

Account = Callable[..., int]


@pytest.fixture
def account(site: None, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Run `evenhand account …` on the test database; return its exit code."""
    for name in ("EVENHAND_HOME", "EVENHAND_RELEASES", "EVENHAND_STATIC", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back afterwards: the command sets them
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")

    def call(*words: str, password: bool = False) -> int:
        given = ["--password-file", str(secret)] if password else []
        return run(["account", *words, *given, "--home", str(tmp_path / "home"), "--releases", str(release)])

    return call


@pytest.fixture
def lin(account: Account) -> Account:
    """Make the account `lin` of a county; return the command."""
    assert account("add", "lin", "--role", "county", "--division", "350102", "--name", "林小明", password=True) == 0
    return account


def _entered(username: str, password: str = PASSWORD) -> Client | None:
    client = Client()
    answer = client.post("/accounts/login/", {"username": username, "password": password})
    return client if answer.status_code == 302 else None


def _profile(username: str) -> tuple[str, str, str, str]:
    held = Profile.objects.get(user__username=username)
    return held.role, held.division, held.office, held.area


@pytest.mark.usefixtures("lin")
def test_a_new_account_signs_in_and_sees_its_own_county_only() -> None:
    client = _entered("lin")
    assert client

    page = client.get("/subjects/").content.decode()

    assert "共 21 户" in page
    assert "林小明" in page
    assert "福州市鼓楼区" in page
    assert "思明区" not in page


@pytest.mark.parametrize(
    ("words", "profile"),
    [
        (("steward", "--division", "350000"), ("steward", "35", "", "福建省")),
        (("省局业务处室", "--division", "35"), ("department", "35", "", "福建省")),
        (("city", "--division", "350100"), ("city", "3501", "", "福州市")),
        (("市局", "--division", "3502"), ("city", "3502", "", "厦门市")),
        (("station", "--division", "350102", "--office", STATION), ("station", "350102", STATION, "福州市鼓楼区")),
        (("administrator",), ("administrator", "", "", "")),
    ],
)
def test_each_role_has_its_area(account: Account, words: tuple[str, ...], profile: tuple[str, str, str, str]) -> None:
    assert account("add", "someone", "--role", *words, password=True) == 0
    assert _profile("someone") == profile


def test_only_an_administrator_reaches_the_administration(account: Account) -> None:
    account("add", "boss", "--role", "administrator", password=True)
    client = _entered("boss")
    assert client

    assert client.get("/admin/").status_code == 200

    account("set", "boss", "--role", "county", "--division", "350102")
    assert client.get("/admin/").status_code == 302


def test_a_stopped_account_is_out_at_once_and_keeps_its_records(lin: Account) -> None:
    client = _entered("lin")
    assert client

    assert lin("stop", "lin") == 0

    assert client.get("/subjects/").status_code == 302
    assert _entered("lin") is None
    assert Event.objects.filter(act=Act.LOGIN, user__username="lin").exists()
    assert not has_account()


def test_a_stopped_account_is_let_in_again_as_it_was(lin: Account) -> None:
    lin("stop", "lin")

    assert lin("start", "lin") == 0
    assert _entered("lin")
    assert _profile("lin") == ("county", "350102", "", "福州市鼓楼区")


def test_a_new_role_drops_what_it_does_not_carry(account: Account) -> None:
    account("add", "chen", "--role", "station", "--division", "350102", "--office", STATION, password=True)

    assert account("set", "chen", "--role", "county") == 0
    assert _profile("chen") == ("county", "350102", "", "福州市鼓楼区")


def test_another_office_of_the_same_county_is_all_that_changes(account: Account) -> None:
    account("add", "chen", "--role", "station", "--division", "350102", "--office", STATION, password=True)

    assert account("set", "chen", "--office", OTHER_STATION) == 0
    assert _profile("chen") == ("station", "350102", OTHER_STATION, "福州市鼓楼区")


def test_a_new_password_ends_open_sessions_and_lifts_the_lock(lin: Account, tmp_path: Path) -> None:
    client = _entered("lin")
    assert client
    for _ in range(5):
        _entered("lin", "wrong")
    assert _entered("lin") is None
    (tmp_path / "password").write_text("Another-one-22", "utf-8")

    assert lin("set", "lin", password=True) == 0

    assert client.get("/subjects/").status_code == 302
    assert _entered("lin", "Another-one-22")


@pytest.mark.usefixtures("site")
def test_a_demo_account_with_a_password_of_its_own_is_told_on_the_login_page_no_more(account: Account) -> None:
    create_demo_accounts()

    account("set", "gulou", password=True)
    account("stop", "fuzhou")

    page = Client().get("/accounts/login/").content.decode()
    assert "sheng" in page
    assert "gulou<" not in page
    assert "fuzhou<" not in page


def test_every_change_is_written_down_with_the_user_of_the_machine(lin: Account) -> None:
    lin("set", "lin", "--role", "city", "--division", "350100", "--name", "林大明", password=True)
    lin("stop", "lin")
    lin("start", "lin")

    events = Event.objects.order_by("id").values_list("act", "target", "reason")
    assert list(events) == [
        ("add_account", "lin", "身份：县局 · 福州市鼓楼区"),
        ("change_account", "lin", "姓名：林小明 → 林大明"),
        ("change_account", "lin", "角色：县局 → 市局"),
        ("change_account", "lin", "区划：350102 → 3501"),
        ("change_account", "lin", "密码：已换新"),
        ("stop_account", "lin", ""),
        ("start_account", "lin", ""),
    ]
    assert not Event.objects.filter(operator="").exists()


@pytest.mark.django_db
def test_an_event_without_a_person_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.witness(None, user=None, act=Act.ADD_ACCOUNT)


@pytest.mark.parametrize(
    ("role", "division", "office", "told"),
    [
        ("countie", "350102", "", ["WEB-13", "最接近的是“county”", "station 监管所"]),
        ("county", "", "", ["WEB-14", "没有写", "350102（福州市鼓楼区）"]),
        ("county", "350100", "", ["WEB-14", "写的是 350100（福州市）"]),
        ("city", "350102", "", ["WEB-14", "350100（福州市）"]),
        ("county", "350199", "", ["WEB-15", "最接近的是 350181（福州市福清市）"]),
        ("county", "330102", "", ["WEB-15"]),
        ("county", "鼓楼", "", ["WEB-15", "最接近的是 350102（福州市鼓楼区）"]),
        ("station", "350102", "", ["WEB-16", f"{STATION}、{OTHER_STATION}"]),
        ("station", "350102", "东街所", ["WEB-17", f"最接近的是“{STATION}”"]),
        ("station", "350103", STATION, ["WEB-17", "福州市台江区没有这个机构"]),
        ("county", "350102", STATION, ["WEB-18", "--office"]),
        ("administrator", "35", STATION, ["WEB-18", "--division", "--office"]),
        ("countie", "359999", "", ["WEB-13", "WEB-15"]),
    ],
)
def test_a_post_that_the_release_does_not_know_is_refused_with_the_nearest(
    release: Path, role: str, division: str, office: str, told: list[str]
) -> None:
    post, problems = checked_post(role, division=division, office=office, releases=release)

    text = "\n".join(f"{problem.code} {problem.zh} {problem.en}" for problem in problems)
    assert post is None
    assert [word for word in told if word not in text] == []


def test_an_administrator_needs_no_release_and_everybody_else_is_told_to_build_one(tmp_path: Path) -> None:
    assert checked_post("administrator", division="", office="", releases=tmp_path)[1] == []
    assert [one.code for one in checked_post("county", division="350102", office="", releases=tmp_path)[1]] == ["PUB-01"]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("abc", "utf-8")

    code = account("add", "lin x", "--role", "countie", "--division", "350199", "--name", "林" * 61, password=True)

    told = capsys.readouterr().err
    assert code == 2
    assert [word for word in ("WEB-10", "WEB-13", "WEB-15", "WEB-19", "WEB-20", "至少要 10 个字") if word not in told] == []
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "LIN", "--role", "administrator"), "WEB-11"),
        (("set", "lni", "--name", "林"), "最接近的是“lin”"),
        (("set", "lin"), "没有说要改什么"),
        (("set", "lin", "--name", "林小明"), "已经是这样"),
        (("start", "lin"), "本来就在用"),
        (("set", "lin", "--role", "city"), "WEB-14"),
        (("set", "lin", "--password"), "CLI-14"),
    ],
)
def test_what_cannot_be_done_is_said(lin: Account, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = lin(*words, password=words[0] == "add")

    assert code == 2
    assert told in capsys.readouterr().err
    assert Event.objects.count() == 1


def test_a_password_is_asked_twice_and_only_where_the_rest_is_right(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([PASSWORD, "something else", PASSWORD, PASSWORD])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))

    assert account("add", "wang", "--role", "county", "--division", "3501") == 2
    assert account("add", "wang", "--role", "county", "--division", "350103") == 2
    assert "CLI-15" in capsys.readouterr().err
    assert account("add", "wang", "--role", "county", "--division", "350103") == 0
    assert _entered("wang")


@pytest.mark.parametrize(("raw", "why"), [(b"", "是空的"), (b"one\ntwo\n", "有 2 行"), ("密码".encode("gbk"), "不是 UTF-8")])
def test_a_file_that_is_no_password_is_refused(
    account: Account, tmp_path: Path, raw: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_bytes(raw)

    assert account("add", "wang", "--role", "administrator", password=True) == 2
    assert why in capsys.readouterr().err


def test_the_list_tells_role_area_and_state(lin: Account, person: Person) -> None:
    person("station")
    get_user_model().objects.create_user("bare")
    lin("stop", "lin")

    assert lin("list") == 0
    assert [row[:5] for row in list_accounts()] == [
        ("bare", None, "（没有角色）", None, "在用"),
        ("lin", "林小明", "县局", "福州市鼓楼区", "已停用"),
        ("station", None, "监管所", STATION, "在用"),
    ]


def test_serving_without_an_account_tells_how_to_make_the_first(tmp_path: Path, release: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND", "DJANGO"))}
    with socket.socket() as taken:  # so that the server ends at once
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ["serve", "--home", str(tmp_path / "new"), "--releases", str(release), "--port", str(taken.getsockname()[1])]
        told = subprocess.run([sys.executable, "-m", "evenhand.cli", *words], capture_output=True, text=True, check=False, env=bare)

    assert "WEB-04" in told.stderr
    assert f"evenhand account add 用户名 --role steward --division 350000 --home {tmp_path / 'new'} --releases {release}" in told.stdout


def test_the_help_names_every_role() -> None:
    from evenhand.cli.accounts import _ROLES

    assert _ROLES.split("、") == [f"{role.value} {role.label}" for role in Role]
