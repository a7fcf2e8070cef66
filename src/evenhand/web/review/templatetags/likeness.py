"""The borders of the likeness model (把握分的界限), for the table of weights."""

from functools import cache

from django import template

from evenhand.link import read_likeness
from evenhand.rulebook import shipped_pack

__all__ = ["likeness_borders"]

register = template.Library()


@register.simple_tag
@cache
def likeness_borders() -> str:
    """Return in words from which sum on a record is put to a subject, and from which a person looks at it; "" without a model."""
    model = read_likeness(shipped_pack())
    if model is None:
        return ""
    bits = model.thresholds
    return f"{bits.auto:g} 分起自动归入（须比第二名高 {bits.margin:g} 分），{bits.review:g} 分起由人复核"
