"""Personal data are hidden until a person says why; the asking is kept."""

import pytest
from django.test import Client
from web_fixtures import Person
from web_release import NAME, PERSON, PHONE, SUBJECT

from evenhand.web.audit.models import Act, Event

pytestmark = pytest.mark.web


@pytest.fixture
def officer(person: Person) -> Client:
    """Return a person of the county."""
    return person("gulou")


def test_personal_data_are_hidden_wherever_they_stand(officer: Client) -> None:
    for path in (
        "/subjects/",
        f"/subjects/{SUBJECT}/",
        f"/subjects/{SUBJECT}/fields/phone/",
        f"/subjects/{SUBJECT}/fields/legal_person/",
        "/quality/findings/",
    ):
        html = officer.get(path).content.decode()
        for secret in (PHONE, PERSON, "13900001111", "138 0591 1234"):
            assert secret not in html, (path, secret)


def test_what_is_hidden_is_still_recognisable(officer: Client) -> None:
    html = officer.get(f"/subjects/{SUBJECT}/").content.decode()

    assert "138****1234" in html
    assert "张**" in html


def test_the_address_of_a_business_is_public_and_of_a_natural_person_is_not(officer: Client) -> None:
    assert "东街83号" in officer.get(f"/subjects/{SUBJECT}/").content.decode()
    for path in ("/subjects/?q=林依", "/subjects/S-GULOU-0002/"):
        html = officer.get(path).content.decode()
        assert "津泰路***" in html
        assert "12号之3" not in html


def test_a_reason_shows_them_once_and_is_kept(officer: Client) -> None:
    answer = officer.post(f"/subjects/{SUBJECT}/reveal/", {"reason": "联系负责人核实地址"})
    event = Event.objects.get(act=Act.REVEAL)

    assert PHONE in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (event.user.get_username(), event.target, event.release, event.reason, event.address) == (
        "gulou",
        SUBJECT,
        NAME,
        "联系负责人核实地址",
        "127.0.0.1",
    )
    assert PHONE not in officer.get(f"/subjects/{SUBJECT}/").content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "看看", "x" * 201])
def test_without_a_proper_reason_nothing_is_shown(officer: Client, reason: str) -> None:
    answer = officer.post(f"/subjects/{SUBJECT}/reveal/", {"reason": reason})

    assert answer.status_code == 400
    assert PHONE not in answer.content.decode()
    assert not Event.objects.filter(act=Act.REVEAL).exists()


def test_asking_by_address_alone_shows_nothing(officer: Client) -> None:
    assert officer.get(f"/subjects/{SUBJECT}/reveal/?reason=联系负责人核实").status_code == 405


@pytest.mark.usefixtures("officer")
def test_events_are_added_and_never_changed() -> None:
    event = Event.objects.get(act=Act.LOGIN)
    event.reason = "else"

    for forbidden in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(reason="else")):
        with pytest.raises(TypeError, match="只能追加"):
            forbidden()


def test_administrators_read_events_and_cannot_write_them(person: Person) -> None:
    client = person("administrator")
    pk = Event.objects.get().pk

    assert client.get("/admin/audit/event/").status_code == 200
    assert client.get("/admin/audit/event/add/").status_code == 403
    assert client.post(f"/admin/audit/event/{pk}/delete/", {"post": "yes"}).status_code == 403
