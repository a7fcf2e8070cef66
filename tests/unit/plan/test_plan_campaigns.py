"""A campaign file: what it may be called, who approved it, what it must name."""

from datetime import date
from typing import Any

import pytest

from evenhand.errors import BadInput
from evenhand.plan import Period, campaigns_of

STATED: dict[str, Any] = {
    "id": "ZX2026-09", "term": "月饼专项", "approval": {"number": "闽市监函〔2026〕88号", "by": "省局", "day": date(2026, 7, 1)},
    "from": date(2026, 8, 10), "to": date(2026, 9, 20), "tags": ["T03-124"],
}  # fmt: skip


@pytest.mark.parametrize("name", ["R", "T0", "T2", "T11"])
def test_the_numbers_of_the_plan_itself_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="计划自己用的编号"):
        campaigns_of({"专项.yaml": STATED | {"id": name}})


@pytest.mark.parametrize("name", ["坏 号 A", "ZX 1", "ZX2026-09\n", "", "X" * 41])
def test_a_number_is_letters_digits_and_strokes_from_end_to_end(name: str) -> None:
    with pytest.raises(BadInput, match="写法不合规定"):
        campaigns_of({"专项.yaml": STATED | {"id": name}})


@pytest.mark.parametrize("name", ["T-2", "TX2", "R1", "X" * 40])
def test_other_numbers_are_taken(name: str) -> None:
    assert campaigns_of({"专项.yaml": STATED | {"id": name}})[0].id == name


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"approval": {"number": " ", "by": "\u3000", "day": date(2026, 7, 1)}}, "不能空着"),
        ({"areas": []}, "至少要有"),
        ({"minutes": 10**23}, "minutes"),
        ({"minutes": 2401}, "不能大于 2400"),
    ],
)
def test_blanks_no_area_and_endless_minutes_are_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        campaigns_of({"专项.yaml": STATED | changed})


@pytest.mark.parametrize(
    ("begin", "end", "ended", "one"),
    [
        (date(2026, 7, 1), date(2026, 12, 31), (3, 4), False),
        (date(2026, 7, 1), date(2026, 8, 31), (), True),
        (date(2026, 9, 1), date(2026, 9, 30), (3,), True),
        (date(2026, 10, 1), date(2027, 12, 31), (4,), False),
    ],
)
def test_a_quarter_ends_in_one_of_the_periods_that_follow_each_other(begin: date, end: date, ended: tuple[int, ...], one: bool) -> None:
    period = Period(begin=begin, end=end)

    assert (period.quarters_ended, period.in_one_quarter) == (ended, one)
