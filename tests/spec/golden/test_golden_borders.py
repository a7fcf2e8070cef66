"""Each border of the statuses has a case on either side; both engines tell what the case expects."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.golden import licence_on, read_golden_rules, soon_on, subject_on
from evenhand.golden.licences import licence_status
from evenhand.rulebook import read_calendar, shipped_pack
from evenhand.standards import TABLES

PACK = shipped_pack()
RULES = read_golden_rules(PACK).status
CALENDAR = read_calendar(PACK)
STATED = date(2026, 6, 30)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def issue(**given: Any) -> dict[str, Any]:
    usual = {"kind": "operation_licence", "licence_status": "10", "begins_on": date(2020, 1, 1), "stated_on": STATED}
    return dict.fromkeys(TABLES["licence_period"].names) | usual | given


LICENCES = [
    # Over Spring Festival and Labour Day 2026: ten weekdays of rest and three worked weekend days lie between.
    ("第90个工作日届满", "2026-01-05", {"valid_to": date(2026, 5, 20)}, "即将到期", "是", "有效期至 2026-05-20，距 2026-01-05 不超过 90 个工作日"),
    ("第91个工作日届满", "2026-01-05", {"valid_to": date(2026, 5, 21)}, "有效", "否", "有效期至 2026-05-21，在 2026-01-05 之后超过 90 个工作日"),
    ("第90个工作日是星期五，星期日届满", "2025-09-19", {"valid_to": date(2026, 2, 1)}, "即将到期", "是", ""),
    ("其后的星期一届满", "2025-09-19", {"valid_to": date(2026, 2, 2)}, "有效", "否", ""),
    # Over National Day 2026.
    ("国庆前起算第90个", "2026-06-30", {"valid_to": date(2026, 11, 9)}, "即将到期", "是", ""),
    ("国庆前起算第91个", "2026-06-30", {"valid_to": date(2026, 11, 10)}, "有效", "否", ""),
    ("当日届满", "2026-06-30", {"valid_to": date(2026, 6, 30)}, "即将到期", "是", ""),
    ("前一日届满", "2026-06-30", {"valid_to": date(2026, 6, 29)}, "已过期", None, "有效期至 2026-06-29，早于 2026-06-30"),
    # The calendar ends on 2026-12-31: 25 working days of it are left.
    ("日历以外，怎样算都不超过", "2026-11-26", {"valid_to": date(2027, 3, 6)}, "即将到期", "是", ""),
    ("日历以外，无法判断", "2026-11-26", {"valid_to": date(2027, 3, 7)}, "有效", "无法判断", "有效期至 2027-03-07，在 2026-11-26 之后；工作日历只有 2015-01-01 至 2026-12-31，是否不超过 90 个工作日无法判断，不列入即将到期"),
    ("日历以外，200 日", "2026-11-26", {"valid_to": date(2027, 6, 14)}, "有效", "无法判断", ""),
    ("日历以外，201 日", "2026-11-26", {"valid_to": date(2027, 6, 15)}, "有效", "否", ""),
    ("生效前一日", "2026-06-30", {"begins_on": date(2026, 7, 1), "valid_to": date(2031, 6, 30)}, "未生效", None, "自 2026-07-01 起生效，在 2026-06-30 之后"),
    ("生效当日", "2026-07-01", {"begins_on": date(2026, 7, 1), "valid_to": date(2031, 6, 30)}, "有效", "否", ""),
    ("登记为注销的批次当日", "2026-06-30", {"licence_status": "60", "valid_to": date(2027, 1, 1)}, "注销", None, "登记的状态为注销"),
    ("登记为注销的批次前一日", "2026-06-29", {"licence_status": "60", "valid_to": date(2027, 1, 1)}, "不明", None, "2026-06-30 的批次登记为注销，来源没有写从哪天起，2026-06-29 是否已注销无法判断"),
    ("注销前已过期", "2026-01-02", {"licence_status": "60", "valid_to": date(2026, 1, 1)}, "已过期", None, ""),
    ("接续之日", "2025-01-01", {"licence_status": "60", "valid_to": date(2025, 3, 1), "ended_on": date(2025, 1, 1)}, "注销", None, "登记的状态为注销，自 2025-01-01 起"),
    ("接续前一日", "2024-12-31", {"licence_status": "60", "valid_to": date(2025, 3, 1), "ended_on": date(2025, 1, 1)}, "即将到期", "是", ""),
    ("吊销", "2026-06-30", {"licence_status": "40", "valid_to": date(2027, 1, 1)}, "吊销", None, ""),
    ("撤销", "2026-06-30", {"licence_status": "30", "valid_to": date(2027, 1, 1)}, "撤销", None, ""),
    ("撤回", "2026-06-30", {"licence_status": "50", "valid_to": date(2027, 1, 1)}, "撤回", None, ""),
    ("登记为过期而未届满", "2026-06-30", {"licence_status": "20", "valid_to": date(2026, 6, 30)}, "不明", None, "登记为过期，但有效期至 2026-06-30，不早于登记之日"),
    ("后来登记为过期，当时未届满", "2026-06-01", {"licence_status": "20", "valid_to": date(2026, 6, 29)}, "即将到期", "是", ""),
    ("登记为过期而未填有效期，批次当日", "2026-06-30", {"licence_status": "20"}, "已过期", None, ""),
    ("登记为过期而未填有效期，批次前", "2026-06-29", {"licence_status": "20"}, "不明", None, ""),
    ("有效期止于 1900 年", "2026-06-30", {"valid_to": date(1900, 1, 1)}, "不明", None, "有效期至 1900-01-01，不晚于生效之日 2020-01-01，不可信，请核对许可证"),
    ("生效当日届满", "2026-06-30", {"valid_to": date(2020, 1, 1)}, "不明", None, ""),
    ("生效次日届满", "2026-06-30", {"valid_to": date(2020, 1, 2)}, "已过期", None, "有效期至 2020-01-02，早于 2026-06-30"),
    ("登记为过期，有效期不可信", "2026-06-30", {"licence_status": "20", "valid_to": date(1900, 1, 1)}, "已过期", None, ""),
    ("没有发证日期，批次前", "2026-06-29", {"begins_on": None, "valid_to": date(2030, 1, 1)}, "不明", None, "没有发证日期，2026-06-29 是否已生效无法判断"),
    ("没有发证日期，批次当日", "2026-06-30", {"begins_on": None, "valid_to": date(2030, 1, 1)}, "有效", "否", ""),
    ("备案", "2026-06-30", {"kind": "filing", "licence_status": None}, "有效", "否", "备案没有有效期，未见注销"),
    ("有效而未填有效期", "2026-06-30", {}, "有效", "无法判断", "登记的状态为有效，未填有效期"),
    ("什么都没有", "2026-06-30", {"licence_status": None}, "不明", None, "没有状态，也没有有效期"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "day", "given", "status", "soon", "reason"), LICENCES, ids=[case[0] for case in LICENCES])
def test_a_licence_has_on_either_side_of_a_border_its_status(title, day, given, status, soon, reason):
    asof = date.fromisoformat(day)

    told = licence_on(issue(**given), asof, RULES.licence, soon_on(asof, CALENDAR, RULES.licence))

    assert (told.status, told.soon) == (status, soon)
    assert told.reason
    assert reason in {"", told.reason}


def test_the_columns_tell_what_the_cases_expect(engine):
    for day in sorted({case[1] for case in LICENCES}):
        asof, cases = date.fromisoformat(day), [case for case in LICENCES if case[1] == day]
        rows = [issue(record_id=f"{n:02}", **case[2]) for n, case in enumerate(cases)]
        table = engine.table(pa.Table.from_pylist(rows, schema=TABLES["licence_period"].schema.to_pyarrow()))
        status, _, soon = licence_status(table, RULES.licence, asof=asof, soon=soon_on(asof, CALENDAR, RULES.licence))

        told = engine.arrow(table.select("record_id", told=status, near=soon).order_by(ibis.asc("record_id"))).to_pylist()

        assert [(row["told"], row["near"]) for row in told] == [(case[3], case[4]) for case in cases], day


def test_no_calendar_year_holds_two_hundred_days_with_ninety_working_days():
    day = CALENDAR.first
    while day + timedelta(days=RULES.licence.far_days) <= CALENDAR.last:
        last = day + timedelta(days=RULES.licence.far_days)
        assert CALENDAR.after(day, working_days=RULES.licence.soon_working_days + 1) <= last, day
        day += timedelta(days=7)


SUBJECTS = [
    ("成立前一日", "2019-12-31", {}, "未成立", "成立日期为 2020-01-01，在 2019-12-31 之后"),
    ("成立当日", "2020-01-01", {}, "存续", "登记状态为存续"),
    ("注销前一日", "2025-03-31", {"registration_status": "注销", "cancelled_on": date(2025, 4, 1)}, "存续", "成立于 2020-01-01，2025-04-01 起登记为注销，此前按存续"),
    ("注销当日", "2025-04-01", {"registration_status": "注销", "cancelled_on": date(2025, 4, 1)}, "注销", "登记状态为注销"),
    ("吊销当日", "2025-04-01", {"registration_status": "吊销", "cancelled_on": date(2025, 4, 1)}, "吊销", "登记状态为吊销"),
    ("歇业满三年之日", "2026-05-01", {"registration_status": "歇业", "observed_on": date(2023, 5, 1)}, "歇业", "登记状态为歇业"),
    ("歇业满三年次日", "2026-05-02", {"registration_status": "歇业", "observed_on": date(2023, 5, 1)}, "歇业", "登记状态为歇业，自 2023-05-01 起已满 3 年，依条例视为恢复经营，请核实登记状态"),
    ("闰日起满三年之日", "2027-02-28", {"registration_status": "歇业", "observed_on": date(2024, 2, 29)}, "歇业", "登记状态为歇业"),
    ("闰日起满三年次日", "2027-03-01", {"registration_status": "歇业", "observed_on": date(2024, 2, 29)}, "歇业", "登记状态为歇业，自 2024-02-29 起已满 3 年，依条例视为恢复经营，请核实登记状态"),
    ("成立日期空缺，核准前", "2023-04-30", {"registration_status": "停业", "founded_on": None, "observed_on": date(2023, 5, 1)}, "不明", "2023-05-01 起登记为停业，此前没有登记信息，也没有有效证照"),
    ("日期晚于批次的，批次当日已算", "2026-06-30", {"registration_status": "注销", "cancelled_on": date(2030, 1, 1)}, "注销", "登记状态为注销"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "day", "given", "status", "reason"), SUBJECTS, ids=[case[0] for case in SUBJECTS])
def test_a_subject_has_on_either_side_of_a_border_its_status(title, day, given, status, reason):
    usual = {"record_id": "r1", "registration_status": "存续", "founded_on": date(2020, 1, 1), "cancelled_on": None, "observed_on": date(2020, 1, 1), "delivery": STATED}  # fmt: skip
    row = usual | given

    told = subject_on([row], [], [], chosen=row["registration_status"], day=date.fromisoformat(day), rules=RULES)

    assert (told.status, told.reason) == (status, reason)


LISTED = {
    "abnormal_on": date(2025, 3, 1),
    "abnormal_removed_on": date(2025, 9, 1),
    "abnormal_reason": "通过登记的住所无法取得联系",
    "delivery": STATED,
}


@pytest.mark.parametrize(
    ("day", "status"), [("2025-02-28", "存续"), ("2025-03-01", "查无下落"), ("2025-08-31", "查无下落"), ("2025-09-01", "存续")]
)
def test_a_subject_is_lost_from_the_day_it_is_listed_until_it_is_removed(day, status):
    row = {"record_id": "r1", "registration_status": "存续", "founded_on": date(2020, 1, 1), "cancelled_on": None, "observed_on": None, "delivery": STATED}  # fmt: skip

    assert subject_on([row], [LISTED], [], chosen="存续", day=date.fromisoformat(day), rules=RULES).status == status
