"""Keeps a session alive while its owner is active."""

import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

__all__ = ["IdleLimit"]

_STEP_S: Final = 60
_SEEN: Final = "seen"


class IdleLimit:
    """Middleware: each request moves the end of the session, written at most once a minute.

    The limit itself is `SESSION_COOKIE_AGE`; moving it at every request would write to the database at every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Move the end of the session when a minute has passed since it was moved last."""
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get(_SEEN, 0) >= _STEP_S:
            request.session[_SEEN] = now
        return self._next(request)
