"""The review desk: doubts inside the own area, the dearest first; what is decided waits for the next build and can be taken back."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from web_fixtures import Person
from web_release import ACROSS, DOUBT, MENDED, MISTYPED, OTHER_STATION, PERSON, PHONE, STATION, SUBJECT, UNCODED

from evenhand.decisions import Apart, ChosenOffice, ChosenValue, Decision, Merge, RepairVerdict, Withdrawal, read_decisions
from evenhand.web.audit.models import Act, Event

pytestmark = pytest.mark.web

PAIR = {"rule": "LK-C4", "left": UNCODED, "right": SUBJECT, "why": "电话核实"}
REPAIR = {"record": MISTYPED, "why": "见营业执照"}
OFFICE = {"subject": SUBJECT, "why": "两所协商"}
DECIDED = frozenset({Act.DECIDE, Act.WITHDRAW})


@pytest.fixture
def steward(person: Person) -> Client:
    """Return the steward of the province."""
    return person("province")


def decisions() -> list[Decision]:
    path: Path = settings.EVENHAND_DECISIONS
    return list(read_decisions(path).lines) if path.is_file() else []


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client: Client, item: str, **form: str) -> str:
    """Press a button and return the page that follows."""
    answer = client.post(f"/review/decide/{item}/", form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_dearest_pair_comes_first_with_what_it_touches(steward: Client) -> None:
    html = text(steward, "/review/")

    assert html.index("LK-C4") < html.index("LK-C1")
    assert re.findall(r"代价 (\d+)", html) == ["44", "8"]
    assert "主体 2 户" in html
    assert "证照 2 张" in html


def test_a_pair_stands_side_by_side_with_its_weights_and_the_old_judgement(steward: Client) -> None:
    html = text(steward, "/review/")

    assert "福州市鼓楼区味鲜美餐饮管理有限公司" in html
    assert "2026-05-01 陈静：那时电话不同" in html
    assert html.count('<table class="table table-sm weights">') == 1
    assert "7 分起自动归入" in html
    assert "-20.0" in html  # what the sum of 10.5 and 12.0 starts from, to come to 2.5


@pytest.mark.parametrize("path", ["/review/", "/review/repairs/", "/review/offices/"])
def test_personal_data_stay_hidden_on_the_desk(steward: Client, path: str) -> None:
    html = text(steward, path)

    for secret in (PHONE, PERSON, "王二丫", "12号之3"):
        assert secret not in html, secret


def test_a_merge_is_written_with_its_witness_and_waits_for_the_next_build(steward: Client) -> None:
    html = decide(steward, "pair", offer="merge", **PAIR)

    (merge,) = decisions()
    event = Event.objects.get(act=Act.DECIDE)
    assert isinstance(merge, Merge)
    assert merge.subjects[0] == DOUBT
    assert merge.subjects[1].startswith("92350102MA")
    assert (merge.by, merge.why) == ("province", "电话核实")
    assert (event.target, event.reason) == (merge.id, "电话核实")
    assert "已认定，等待下次建立执行" in html
    assert "确认：是同一主体" not in html


def test_not_the_same_keeps_the_evidence_that_was_judged(steward: Client) -> None:
    decide(steward, "pair", offer="apart", **PAIR)

    (apart,) = decisions()
    assert isinstance(apart, Apart)
    assert apart.left == (DOUBT,)
    assert apart.seen == (f"逐项相似：电话{PHONE}相同",)


def test_two_valid_codes_are_never_offered_for_merging(steward: Client) -> None:
    across = {"rule": "LK-C1", "left": "S-GULOU-0003", "right": "S-思明-0003", "why": "号码录错"}

    assert steward.post("/review/decide/pair/", across | {"offer": "merge"}).status_code == 404
    decide(steward, "pair", offer="right", **across)

    (verdict,) = decisions()
    assert isinstance(verdict, RepairVerdict)
    assert (verdict.record, verdict.verdict) == (ACROSS, "replace")
    assert verdict.code[2:8] == "350203"


def test_a_decided_doubt_is_not_decided_again_until_it_is_withdrawn(steward: Client) -> None:
    decide(steward, "pair", offer="merge", **PAIR)
    assert "请先撤回" in decide(steward, "pair", offer="apart", **PAIR)
    (merge,) = decisions()

    answer = steward.post("/review/withdraw/", {"decision": merge.id, "why": "看错了"}, follow=True)

    assert "已撤回" in answer.content.decode()
    assert isinstance(decisions()[1], Withdrawal)
    assert "是同一主体，合并" in text(steward, "/review/")
    assert (
        "已被province撤回，不必再撤"
        in steward.post("/review/withdraw/", {"decision": merge.id, "why": "再撤"}, follow=True).content.decode()
    )
    assert [event.act for event in Event.objects.filter(act__in=DECIDED)] == [Act.WITHDRAW, Act.DECIDE]


@pytest.mark.parametrize("path", ["/review/", "/review/repairs/", "/review/offices/"])
def test_enter_decides_nothing_where_there_is_a_choice(steward: Client, path: str) -> None:
    forms = re.findall(r'<form class="act".*?</form>', text(steward, path), re.DOTALL)

    assert forms
    assert [form for form in forms if "disabled hidden" not in re.findall(r"<button[^>]*>", form)[0]] == []


def test_a_merge_is_confirmed_under_the_names_of_both(steward: Client) -> None:
    html = text(steward, "/review/")

    (grave,) = re.findall(r'<details class="act-grave">.*?</details>', html, re.DOTALL)
    assert "福州市鼓楼区味鲜美餐饮管理有限公司" in grave
    assert "林**" in grave
    assert "确认：是同一主体，合并" in grave


def test_what_was_typed_is_shown_again_at_the_card_that_refused_it_and_only_once(steward: Client) -> None:
    answer = steward.post("/review/decide/repair/", REPAIR | {"offer": "replace", "code": "91350102MA2XTE0T4X"})
    html = text(steward, answer["Location"])

    assert answer["Location"] == f"/review/repairs/?page=1#doubt-{MISTYPED}"
    assert f'id="doubt-{MISTYPED}"' in html
    assert 'value="91350102MA2XTE0T4X"' in html
    assert f'value="{REPAIR["why"]}"' in html
    assert "没有写入：" in html
    assert "没有写入：" not in text(steward, "/review/repairs/")


def test_the_list_of_offices_stands_once_on_the_page(steward: Client) -> None:
    html = text(steward, "/review/offices/")

    assert html.count("<datalist") == 1
    assert html.count("<option") == 4


def test_decisions_are_listed_by_name_with_a_link_and_who_took_them_back(steward: Client) -> None:
    decide(steward, "pair", offer="merge", **PAIR)
    (merge,) = decisions()
    html = text(steward, "/review/decisions/")
    assert f'<a href="/subjects/{SUBJECT}/">福州市鼓楼区味鲜美餐饮管理有限公司</a>' in html
    assert f'<a href="/subjects/{UNCODED}/">林**</a>' in html

    after = steward.post("/review/withdraw/", {"decision": merge.id, "why": "看错了"}, follow=True).content.decode()

    assert "已撤回认定：合并 林**、福州市鼓楼区味鲜美餐饮管理有限公司。" in after
    assert "看错了<br>" in after
    assert DOUBT not in after


@pytest.mark.parametrize(
    ("form", "verdict", "code"),
    [
        ({"offer": "accept1"}, "accept", MENDED),
        ({"offer": "reject"}, "reject", MENDED),
        ({"offer": "replace", "code": " 92350105ma8uab1268 "}, "replace", "92350105MA8UAB1268"),
    ],
)
def test_a_doubtful_code_is_taken_refused_or_replaced(steward: Client, form: dict[str, str], verdict: str, code: str) -> None:
    assert "已认定，等待下次建立执行" in decide(steward, "repair", **REPAIR, **form)

    (told,) = decisions()
    assert isinstance(told, RepairVerdict)
    assert (told.record, told.verdict, told.code) == (MISTYPED, verdict, code)


def test_a_wrong_code_is_refused_and_leaves_nothing(steward: Client) -> None:
    html = decide(steward, "repair", offer="replace", code="91350102MA2XTE0T4X", **REPAIR)

    assert "不是有效的统一社会信用代码" in html
    assert decisions() == []
    assert not Event.objects.filter(act=Act.DECIDE).exists()


def test_without_a_reason_nothing_is_written(steward: Client) -> None:
    assert "请填写理由" in decide(steward, "pair", offer="merge", **PAIR | {"why": " "})
    assert decisions() == []


@pytest.mark.parametrize("name", ["province", "fuzhou", "gulou"])
def test_whoever_stands_above_both_offices_settles_their_dispute(person: Person, name: str) -> None:
    assert "已认定，等待下次建立执行" in decide(person(name), "office", offer="office1", **OFFICE)

    (told,) = decisions()
    assert isinstance(told, ChosenOffice)
    assert told.office == STATION


def test_an_office_outside_the_area_is_not_chosen(person: Person) -> None:
    html = decide(person("gulou"), "office", offer="office", office="厦门市思明区市场监督管理局中华市场监督管理所", **OFFICE)

    assert "请从列表中选择" in html
    assert decisions() == []


@pytest.mark.parametrize("name", ["station", "other_station"])
def test_a_party_to_the_dispute_does_not_settle_it(person: Person, name: str) -> None:
    client = person(name)

    assert client.post("/review/decide/office/", OFFICE | {"offer": "office0"}).status_code == 403
    assert decisions() == []


@pytest.mark.parametrize(("name", "item", "form"), [("gulou", "pair", PAIR), ("fuzhou", "repair", REPAIR), ("station", "pair", PAIR)])
def test_only_the_steward_settles_pairs_and_codes(person: Person, name: str, item: str, form: dict[str, str]) -> None:
    client = person(name)
    answer = client.post(f"/review/decide/{item}/", form | {"offer": "merge"})

    assert answer.status_code == 403
    assert "由省局数据管理员认定" in answer.content.decode()
    assert "只能查看" in text(client, "/review/")
    assert decisions() == []


@pytest.mark.parametrize("name", ["xiamen", "taijiang"])
def test_another_area_sees_and_settles_nothing(person: Person, name: str) -> None:
    client = person(name)

    for path in ("/review/", "/review/repairs/", "/review/offices/"):
        assert "共 0 项" in text(client, path), path
    assert client.post("/review/decide/office/", OFFICE | {"offer": "office0"}).status_code == 404


def test_a_pair_across_two_areas_is_seen_only_from_above_both(person: Person) -> None:
    assert "共 2 项" in text(person("province"), "/review/")
    for name in ("fuzhou", "gulou", "xiamen"):
        assert "LK-C1" not in text(person(name), "/review/"), name


def test_decisions_about_other_areas_are_neither_listed_nor_withdrawn(person: Person) -> None:
    decide(person("gulou"), "office", offer="office1", **OFFICE)
    (told,) = decisions()

    assert told.id in text(person("fuzhou"), "/review/decisions/")
    stranger = person("xiamen")
    assert told.id not in text(stranger, "/review/decisions/")
    assert stranger.post("/review/withdraw/", {"decision": told.id, "why": "撤"}).status_code == 404


def test_one_withdraws_ones_own_decision_and_the_steward_any(person: Person) -> None:
    decide(person("fuzhou"), "office", offer="office1", **OFFICE)
    (told,) = decisions()

    assert person("gulou").post("/review/withdraw/", {"decision": told.id, "why": "不服"}).status_code == 403
    person("province").post("/review/withdraw/", {"decision": told.id, "why": "报省局后撤回"})
    assert isinstance(decisions()[1], Withdrawal)


def test_a_cell_alone_is_undone_to_what_the_source_wrote(steward: Client) -> None:
    assert "改回来源所写的原文" in text(steward, f"/subjects/{SUBJECT}/fields/phone/")

    steward.post(f"/review/undo/{SUBJECT}/phone/", {"why": "原写法是对的"})

    (told,) = decisions()
    assert isinstance(told, ChosenValue)
    assert (told.field, told.value) == ("phone", "138 0591 1234")
    assert f"撤回认定 {told.id}" in text(steward, f"/subjects/{SUBJECT}/fields/phone/")


def test_only_the_steward_undoes_a_cell(person: Person) -> None:
    client = person("gulou")

    assert "撤销这一格" not in text(client, f"/subjects/{SUBJECT}/fields/phone/")
    assert client.post(f"/review/undo/{SUBJECT}/phone/", {"why": "原写法"}).status_code == 403


def test_a_file_that_was_edited_refuses_and_leaves_no_witness(steward: Client) -> None:
    decide(steward, "pair", offer="merge", **PAIR)
    path: Path = settings.EVENHAND_DECISIONS
    path.write_text(path.read_text("utf-8").replace("电话核实", "别的理由") * 2, "utf-8")

    assert "只能添加" in steward.get("/review/").content.decode()
    assert steward.post("/review/decide/repair/", REPAIR | {"offer": "accept1"}).status_code in {302, 503}
    assert Event.objects.filter(act=Act.DECIDE).count() == 1


def test_the_other_station_is_named_on_the_desk(steward: Client) -> None:
    html = text(steward, "/review/offices/")

    assert STATION in html
    assert OTHER_STATION in html
    assert "2 票" in html
