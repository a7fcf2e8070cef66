"""Dates: every form clerks type becomes one calendar day; what is no day becomes NULL, the text stays beside it.

| written | read |
| --- | --- |
| 2023-01-05, 2023/1/5, 2023.1.5, 2023年1月5日, 二〇二三年一月五日 | that day |
| 23年1月5日, 98年12月31日 (the sign 年 says which part is the year; 00-49 is this century) | that day |
| 20230105, 20230105093000, 2023-01-05 00:00:00, 2023年1月5日 8时30分, 2023-01-05（延续）, 2028年1月4日止 | that day |
| 2024-01-04T16:00:00Z, 2024-01-04 16:00:00+00:00 (a zone is written) | the day it was in Beijing then: 2024-01-05 |
| 44931, 44931.5 (a spreadsheet's count of days since 1899-12-30, from 20000 to 60000) | that day |
| 长期, 永久, 9999-12-31 | NULL: no end |
| 2023-02-30, 2023-05, 23.1.5, 5/1/2023 | NULL: no day, or no certain day |
| 2023年1月5日至2028年1月4日, 2023-01-05 至 长期, 20230105 20280104 | NULL: a range is not its first day |
"""

from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = ["clean_date"]

_ISO: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# What may follow a day: its weekday, a time of day, a note in brackets. Anything else may be a second day, and which of the two is asked nobody can tell.
_CLOCK: Final = "[0-9]{1,2}(?::[0-9]{1,2}){1,2}(?:[.,][0-9]+)?"
_ZONE: Final = "(?:Z|UTC|GMT|[+-][0-9]{1,2}:?(?:[0-9]{2})?)"
_SPOKEN: Final = "[0-9]{1,2}[时点](?:[0-9]{1,2}分?)?(?:[0-9]{1,2}秒)?"
_TIME: Final = rf"(?:[ T]{_CLOCK} ?{_ZONE}|[ T]?(?:上午|下午)? ?{_CLOCK}(?: ?[AaPp][Mm])?|[ T]?(?:上午|下午)? ?{_SPOKEN})"
_NOTE: Final = "(?: ?[（(][^（()）0-9至到长永]*[)）])"
_TAIL: Final = rf"(?:止? ?(?:(?:星期|周)[1-6日天])?{_TIME}?{_NOTE}?[。；，;,]?)"
_PARTED: Final = rf"^([0-9]{{4}}) ?[-/.,_年] ?([0-9]{{1,2}}) ?[-/.,_月] ?([0-9]{{1,2}}) ?[日号]?{_TAIL}$"
_SHORT_YEAR: Final = "^([0-9]{2}) ?年"
_SOLID: Final = (
    rf"^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?:T?[0-2][0-9][0-5][0-9](?:[0-5][0-9])?|T[0-2][0-9][0-5][0-9](?:[0-5][0-9])?Z|{_TAIL})$"
)
# Hour, minute and zone of a timestamp that says its zone: 16:00:00.000Z, T16:00+0000.
_ZONED: Final = r"[ T]([0-9]{1,2}):?([0-9]{2})(?::?[0-9]{2}(?:[.,][0-9]+)?)? ?(?:Z|UTC|GMT|([+-])([0-9]{1,2}):?([0-9]{2})?)(?:[^0-9].*)?$"
_BEIJING: Final = 8 * 60
_DAY: Final = 24 * 60
_SERIAL: Final = r"^([2-6][0-9]{4})(?:\.[0-9]+)?$"
_SERIAL_BOUNDS: Final = (20_000, 60_000)


def clean_date(column: ir.StringValue, *, open_ended: Sequence[str], years: tuple[int, int]) -> ir.DateValue:
    """Return the calendar day of each cell.

    Args:
        column: text after `clean_text`.
        open_ended: days as ISO text that mean "no end".
        years: first and last year that can be right; a day outside is NULL.
    """
    tidy = column.re_search(_ISO)
    first, last = (ibis.date(f"{year}-{end}") for year, end in zip(years, ("01-01", "12-31"), strict=True))
    day = tidy.ifelse(column.try_cast("date"), _other_day(column))
    is_day = day.between(first, last) & day.notin([ibis.date(end) for end in open_ended])
    return is_day.ifelse(day, ibis.null("date"))


def _other_day(column: ir.StringValue) -> ir.DateValue:
    # Each step names the one before it once: the expression stays short however many columns are cleaned.
    text = _digits(column)
    text = text.re_search(_SHORT_YEAR).ifelse(text.re_search("^[0-4]").ifelse("20", "19") + text, text)
    parted = text.re_replace(_PARTED, r"\1-0\2-0\3").re_replace("-0([0-9]{2})", r"-\1")
    iso = parted.re_replace(_SOLID, r"\1-\2-\3").re_extract(_ISO, 0).try_cast("date")
    serial = text.re_extract(_SERIAL, 1).try_cast("int32")
    days = serial.between(*_SERIAL_BOUNDS).ifelse(serial, ibis.null("int32"))
    read = ibis.coalesce(iso, (ibis.date("1899-12-30") + days.as_interval("D")).cast("date"))
    # DuckDB answers day + interval with an instant while Ibis believes in a day: only a cast there and back is written out.
    return (read + _days_later(column).as_interval("D")).cast("timestamp").cast("date")


def _days_later(column: ir.StringValue) -> ir.IntegerValue:
    """How many days later it was in Beijing at that moment: -1, 0 or 1; 0 where no zone is written."""
    hour, minute, off_hour, off_minute = (column.re_extract(_ZONED, group).try_cast("int32") for group in (1, 2, 4, 5))
    offset = off_hour.fill_null(0) * 60 + off_minute.fill_null(0)
    local = hour * 60 + minute + _BEIJING - (column.re_extract(_ZONED, 3) == "-").ifelse(-offset, offset)
    return ibis.cases((local >= _DAY, 1), (local < 0, -1), else_=0)


def _digits(text: ir.StringValue) -> ir.StringValue:
    # ○ stands for the 0 that a ten leaves behind: "\\10" would be read as the tenth group by some engines.
    plain = text.translate("〇零○一二三四五六七八九", "000123456789")
    tens = plain.re_replace("([1-9])十([1-9])", r"\1\2").re_replace("([1-9])十", r"\1○").re_replace("十([1-9])", r"1\1")
    return tens.replace("十", "10").replace("○", "0")
