"""Dates in every form clerks type."""

from datetime import date
from typing import Final

import pytest

from evenhand.standardise.dates import clean_date
from evenhand.standardise.text import clean_text

FIFTH: Final = date(2023, 1, 5)

READ: Final = [
    ("2023-01-05", FIFTH), ("2023-1-5", FIFTH), ("2023/1/5", FIFTH), ("2023/01/05", FIFTH), ("2023.1.5", FIFTH), ("2023.01.05", FIFTH), ("20230105", FIFTH),
    ("2023年1月5日", FIFTH), ("2023年01月05日", FIFTH), ("2023 年 1 月 5 日", FIFTH), ("二〇二三年一月五日", FIFTH), ("二零二三年一月五日", FIFTH), ("二○二三年一月五日", FIFTH),
    ("二〇二三年十一月二十五日", date(2023, 11, 25)), ("二〇二三年十月三十一日", date(2023, 10, 31)), ("二〇二〇年十二月十日", date(2020, 12, 10)), ("二〇二〇年十二月二十日", date(2020, 12, 20)),
    ("2023-01-05 00:00:00", FIFTH), ("2023-01-05 09:30:15.0", FIFTH), ("2023-01-05T00:00:00Z", FIFTH), ("2023/1/5 8:30", FIFTH), ("2023年1月5日 8时30分", FIFTH),
    ("20230105093000", FIFTH), ("２０２３－０１－０５", FIFTH), (" 2023-01-05\u200b", FIFTH), ("2023-01-05号", FIFTH), ("2023,1,5", FIFTH),
    ("23年1月5日", FIFTH), ("二三年一月五日", FIFTH), ("98年12月31日", date(1998, 12, 31)), ("49年1月1日", date(2049, 1, 1)), ("50年1月1日", date(1950, 1, 1)),
    ("44931", FIFTH), ("44931.5", FIFTH), ("20000", date(1954, 10, 3)), ("60000", date(2064, 4, 8)), ("2024-02-29", date(2024, 2, 29)), ("1900-01-01", date(1900, 1, 1)),
    ("2023年1月5日（延续）", FIFTH), ("2023-01-05(补发)", FIFTH), ("2023年1月5日止", FIFTH), ("2023年1月5日 星期四", FIFTH), ("2023/1/5 上午8:30", FIFTH), ("2023-01-05 8:30:00 AM", FIFTH), ("2023年1月5日。", FIFTH),
    ("20230105 09:30:00", FIFTH), ("20230105T093000", FIFTH), ("202301050930", FIFTH), ("2023-01-05 09:30:00,123", FIFTH),
]  # fmt: skip

#: A moment with its zone is the day it was in Beijing: each border from both sides.
ZONED: Final = [
    ("2024-01-04 16:00:00+00:00", date(2024, 1, 5)), ("2024-01-04 15:59:59+00:00", date(2024, 1, 4)), ("2024-01-04T16:00:00.000Z", date(2024, 1, 5)), ("2024-01-04T15:59:59.999Z", date(2024, 1, 4)),
    ("2024-01-04T16:00:00Z", date(2024, 1, 5)), ("2024-01-04 16:00 UTC", date(2024, 1, 5)), ("2024-01-04T16:00:00+0000", date(2024, 1, 5)), ("2024-01-04 16:00:00+00", date(2024, 1, 5)), ("20240104T160000Z", date(2024, 1, 5)),
    ("2024-01-05T00:00:00+08:00", date(2024, 1, 5)), ("2024-01-04T23:59:59+08:00", date(2024, 1, 4)), ("2024-01-05T00:30:00+09:00", date(2024, 1, 4)), ("2024-01-05T01:00:00+09:00", date(2024, 1, 5)),
    ("2024-01-04T11:00:00-05:00", date(2024, 1, 5)), ("2024-01-04T10:59:00-05:00", date(2024, 1, 4)), ("2024-01-05T01:29:00+09:30", date(2024, 1, 4)), ("2023-12-31T16:00:00Z", date(2024, 1, 1)),
]  # fmt: skip

#: Two days in one cell are none: the first of them would make a valid licence look expired.
RANGES: Final = [
    "2023年1月5日至2028年1月4日", "2023-01-05 至 2028-01-04", "2023-01-05至2028-01-04", "20230105 20280104", "2023年01月05日 至 长期", "2023-01-05 2028-01-04", "2023-01-05 00:00:00至2028-01-04 00:00:00", "2023年1月5日-2028年1月4日",
    "2023年1月5日到长期", "2023.1.5-2028.1.4", "2023年1月5日（至2028年1月4日）", "2023年1月5日(2028年1月4日止)", "二〇二三年一月五日至二〇二八年一月四日", "2023-01-05起", "2023年1月5日 2028年", "20230105-20280104", "2023年1月5日、2028年1月4日", "20230105 202801",
    "2023010520280104", "2023-01-05 -2028", "2023年1月5日 10",
]  # fmt: skip

NOT_READ: Final = [
    "长期", "永久", "长期有效", "无固定期限", "9999-12-31", "2099-12-31", "2023-02-29", "2023-02-30", "2023-13-01", "2023-00-10", "0000-00-00", "20230230",
    "2023-05", "2023年5月", "2023", "23.1.5", "23-1-5", "5/1/2023", "23年1月", "3年1月5日", "19999", "60001", "1899-12-31", "2101-01-01", "0202-01-05", "无", "-", "", "3月5日", "见附件", "123456789",
]  # fmt: skip


CLEAN: Final = (clean_text, lambda text: clean_date(text, open_ended=["9999-12-31", "2099-12-31"], years=(1900, 2100)))


@pytest.mark.parametrize("part", [0, 1])
def test_each_form_of_a_date_is_read_as_its_day(apply, part):
    rows = READ[part::2]

    assert dict(zip([cell for cell, _ in rows], apply(CLEAN, [cell for cell, _ in rows]), strict=True)) == dict(rows)


def test_what_is_no_day_or_has_no_end_is_null(apply):
    read = {cell: day for cell, day in zip(NOT_READ, apply(CLEAN, NOT_READ), strict=True) if day is not None}

    assert read == {}


def test_a_moment_with_its_zone_is_the_day_it_was_in_beijing(apply):
    assert dict(zip([cell for cell, _ in ZONED], apply(CLEAN, [cell for cell, _ in ZONED]), strict=True)) == dict(ZONED)


def test_a_range_of_days_in_one_cell_is_null_never_its_first_day(apply):
    assert dict(zip(RANGES, apply(CLEAN, RANGES), strict=True)) == dict.fromkeys(RANGES)


def test_the_days_on_both_sides_of_the_border_of_serials_differ(apply):
    assert apply(CLEAN, ["19999", "20000"]) == [None, date(1954, 10, 3)]
