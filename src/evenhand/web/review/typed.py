"""What was typed into a form that was refused: kept for one page, so that the card shows it again beside the reason."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest

__all__ = ["anchor", "keep", "shown_again"]

_KEPT: Final = "review_refused"
_TYPED: Final = ("offer", "why", "code", "office")


def anchor(key: Mapping[str, str]) -> str:
    """Return the place of a card on its page.

    >>> anchor({"rule": "LK-C4", "left": "S1", "right": "S2"})
    'doubt-LK-C4-S1-S2'
    """
    return "-".join(("doubt", *key.values()))


def keep(request: HttpRequest, key: Mapping[str, str], told: str) -> None:
    """Keep what the form held and why it was refused, until the page with its card is shown."""
    typed = {name: request.POST.get(name, "")[:200] for name in _TYPED}
    request.session[_KEPT] = {"key": dict(key), "told": told, **typed}


def shown_again(request: HttpRequest, rows: list[dict[str, Any]]) -> None:
    """Give the card that was refused its reason and its values as `refused`; when it is on another page, the reason stands at the top."""
    kept = request.session.pop(_KEPT, None)
    if kept is None:
        return
    for row in rows:
        if row["key"] == kept["key"]:
            row["refused"] = kept
            return
    messages.error(request, kept["told"])
