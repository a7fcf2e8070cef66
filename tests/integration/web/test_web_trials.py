"""Rules tried on the web: a change becomes a job, a worker does it, the page shows what would come of it; refusals lose nothing."""

import json
import re
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone
from web_fixtures import Person
from web_release import SUBJECT

from evenhand.web.audit.models import Event
from evenhand.web.jobs import working
from evenhand.web.jobs.models import Job, State
from evenhand.web.jobs.working import KINDS, claim, run_next

pytestmark = pytest.mark.web

PAGE = "/grades/simulate/"
STRICTER = {"scheme": "FJ-DEFAULT", "bands.A": "10", "minutes": "120"}


@pytest.fixture
def waiting(person: Person) -> Job:
    """A job that nobody has done yet."""
    person("province").post(PAGE, STRICTER)
    return Job.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_tried_and_told_by_model_office_and_business(person: Person) -> None:
    client = person("province")

    answer = client.post(PAGE, STRICTER)
    before = client.get(answer["Location"]).content.decode()
    run_next()
    after = client.get(answer["Location"]).content.decode()

    assert answer.status_code == 302
    assert "等待" in before
    assert "A 级上限 30 → 10 分" in after
    assert "FJ-DEFAULT" not in after
    assert f'href="/subjects/{SUBJECT}/grades/"' in after
    assert "餐饮服务" in after


def test_a_trial_is_witnessed_with_what_was_changed(waiting: Job) -> None:
    event = Event.objects.get(act="simulate")

    assert (event.target, event.reason, event.user) == (f"模拟{waiting.pk}", "A 级上限 30 → 10 分", waiting.user)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"bands.A": "50"}, "界限须 A &lt; B &lt; C"),
        ({"bands.A": "很低"}, '<span class="text-danger">应为数字</span>；现为 30'),
        ({"minutes": "0"}, "应为 1 至 1440 的整数分钟"),
        ({"bands.A": "30"}, "没有任何改动"),
        ({"frequency.A.years": "3"}, "A 级频次低于每 2 年一次的下限"),
        ({"instead": "N2099"}, "没有方案“N2099”"),
    ],
)
def test_a_wrong_change_is_told_and_keeps_what_was_typed(person: Person, change: dict[str, str], told: str) -> None:
    answer = person("province").post(PAGE, STRICTER | change)
    page = answer.content.decode()

    assert answer.status_code == 400
    assert told in page
    assert [value for value in change.values() if value.isdigit() and f'value="{value}"' not in page] == []
    assert not Job.objects.exists()


def test_another_scheme_is_listed_without_losing_what_was_typed(person: Person) -> None:
    typed = {"listed": "FJ-DEFAULT", "scheme": "N2016", "bands.A": "10", "points.D-2": "7.5", "list": "1"}

    page = person("province").post(PAGE, typed).content.decode()

    assert 'name="bands.A" value="10"' in page
    assert "您填写的 1 处改动保留" in page
    assert "2016 年全国办法没有这些项，未保留：近一年监督抽检不合格 7.5。" in page
    assert not Job.objects.exists()


def test_whoever_may_not_try_sees_the_values_but_no_open_field(person: Person) -> None:
    page = person("gulou").get(PAGE).content.decode()

    assert [tag for tag in re.findall(r"<fieldset[^>]*>", page) if "disabled" not in tag] == []
    assert "A 级上限" in page


@pytest.mark.parametrize("name", ["fuzhou", "gulou", "station"])
def test_only_the_province_tries_rules_and_the_button_says_why(person: Person, name: str) -> None:
    client = person(name)

    assert "模拟的结果涉及全省，由省局数据管理员、省局业务处室进行" in client.get(PAGE).content.decode()
    assert client.post(PAGE, STRICTER).status_code == 403
    assert not Job.objects.exists()


def test_a_result_is_shown_to_the_province_only(waiting: Job, person: Person) -> None:
    assert person("gulou").get(f"{PAGE}{waiting.pk}/").status_code == 403


def test_a_job_is_claimed_once(waiting: Job) -> None:
    first, second = claim(), claim()

    assert first == waiting
    assert second is None


def test_a_job_whose_worker_is_gone_is_done_by_the_next_and_given_up_after_two(waiting: Job) -> None:
    for tries in (1, 2):
        assert claim() == waiting
        Job.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
        waiting.refresh_from_db()
        assert waiting.tries == tries

    assert claim() is None
    waiting.refresh_from_db()
    assert (waiting.state, "两次都没有做完" in waiting.told) == (State.REFUSED, True)


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_told_in_one_sentence_and_the_worker_goes_on(waiting: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(KINDS, "simulate", broken)

    done = run_next()

    assert done is not None
    assert (done.state, done.told) == (State.REFUSED, "计算出错：ZeroDivisionError。请把时间和这句话告诉系统管理员。")
    assert run_next() is None


def _until_the_beat(asked: Any) -> dict[str, bool]:
    """Work that takes until the next sign of life, or ten seconds."""
    claimed, deadline = Job.objects.get().beat_at, time.monotonic() + 10
    while Job.objects.get().beat_at == claimed and time.monotonic() < deadline:
        time.sleep(0.01)
    return {"lives": Job.objects.get().beat_at != claimed}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_takes_longer_than_a_beat_shows_that_it_lives(waiting: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_BEAT_S", 0.05)
    monkeypatch.setitem(KINDS, waiting.kind, _until_the_beat)

    done = run_next()

    assert done is not None
    assert (done.state, done.result) == (State.DONE, {"lives": True})


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_fails_once_is_followed_by_the_next(waiting: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((DatabaseError("database is locked"),))

    def now() -> Any:
        if threading.current_thread() is not threading.main_thread() and (fault := next(times, None)):
            raise fault
        return timezone.now()

    monkeypatch.setattr(working, "_BEAT_S", 0.05)
    monkeypatch.setattr(working, "timezone", SimpleNamespace(now=now))
    monkeypatch.setitem(KINDS, waiting.kind, _until_the_beat)

    done = run_next()

    assert done is not None
    assert done.result == {"lives": True}
    assert next(times, None) is None


def test_no_job_runs_inside_a_transaction(waiting: Job) -> None:
    with pytest.raises(RuntimeError, match="outside of any transaction"):
        run_next()

    waiting.refresh_from_db()
    assert waiting.state == State.WAITING


@pytest.mark.parametrize(("name", "prefixes"), [("gulou", {"3501"}), ("xiamen", {"3502"})])
def test_borders_are_those_of_the_own_city(person: Person, name: str, prefixes: set[str]) -> None:
    told = person(name).get("/grades/counties.json").json()

    assert {one["properties"]["adcode"][:4] for one in told["features"]} == prefixes


def test_the_map_has_a_table_of_the_counties_inside_the_area(person: Person) -> None:
    page = person("fuzhou").get("/grades/").content.decode()

    assert "data-map=" in page
    assert "鼓楼区</a></th>" in page
    assert "思明区" not in page


def test_a_county_sees_the_shares_of_its_offices_instead_of_a_map_of_itself(person: Person) -> None:
    page = person("gulou").get("/grades/").content.decode()

    assert "data-map=" not in page
    assert "各监管机构 C、D 级所占比例" in page
    assert "东街市场监督管理所</a></th><td>0.0%（0 / 21）</td>" in page


def test_a_station_sees_neither_map_nor_shares(person: Person) -> None:
    page = person("station").get("/grades/").content.decode()

    assert ("data-map=" in page, "所占比例" in page) == (False, False)


def test_the_card_draws_both_times(person: Person) -> None:
    page = person("gulou").get(f"/subjects/{SUBJECT}/grades/?known=2026-05-31").content.decode()

    assert [words for words in ("现在得知", "2026-05-31 得知") if json.dumps(words)[1:-1] not in page] == []
