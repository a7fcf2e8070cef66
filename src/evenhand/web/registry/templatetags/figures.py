"""How figures and codes are written in pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenhand.web.registry import wording

__all__ = ["badge", "key", "percent", "register", "shown", "thousands"]

register = template.Library()


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
