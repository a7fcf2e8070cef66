"""How figures and codes are written in pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenhand.web.registry import wording

__all__ = ["badge", "key", "licence_kind", "percent", "register", "shown", "station", "thousands"]

register = template.Library()
_BUREAU = "市场监督管理局"


@register.filter
def thousands(number: float | None) -> str:
    """Write a count with commas.

    >>> thousands(20013), thousands(None)
    ('20,013', '—')
    """
    return "—" if number is None else f"{number:,}"


@register.filter
def percent(share: float | None) -> str:
    """Write a share cut, not rounded, to two places, so that 100% means all.

    >>> percent(0.99999), percent(1.0), percent(None)
    ('99.99%', '100%', '—')
    """
    if share is None:
        return "—"
    return "100%" if share >= 1 else f"{int(share * 10_000) / 100:.2f}%"


@register.filter
def shown(value: object) -> object:
    """Write yes and no in Chinese, days as year-month-day, and nothing as a dash.

    >>> shown(True), shown(None), shown("福州"), shown(date(2026, 6, 30))
    ('是', '—', '福州', '2026-06-30')
    """
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value


@register.filter
def licence_kind(code: str | None) -> str:
    """Write a kind of licence in words.

    >>> licence_kind("JY"), licence_kind("其他"), licence_kind(None)
    ('食品经营许可', '其他', '—')
    """
    return wording.LICENCE_KINDS.get(code or "", code or "—")


@register.filter
def station(office: str | None) -> str:
    """Write a station without the bureau it belongs to, which the place names already; a bureau stays whole.

    >>> station("福州市鼓楼区市场监督管理局东街市场监督管理所"), station("福州市鼓楼区市场监督管理局"), station(None)
    ('东街市场监督管理所', '福州市鼓楼区市场监督管理局', '')
    """
    return (office or "").rpartition(_BUREAU)[2] or office or ""


@register.filter
def key(row: Mapping[str, Any], name: str) -> Any:
    """Return a column of a row whose name is itself data.

    >>> key({"tags": 3}, "tags")
    3
    """
    return row[name]


@register.simple_tag
def badge(table: str, code: str | None) -> SafeString:
    """Write a code as a coloured badge; `table` names one of the tables in `wording`."""
    word = getattr(wording, table).get(code or "", wording.Word(code or "—", "secondary"))
    return format_html('<span class="badge bg-{}-lt">{}</span>', word.colour, word.title)
