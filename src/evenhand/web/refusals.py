"""Pages that say what went wrong and what to do next."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from evenhand.errors import EvenhandError, Message

__all__ = ["NOT_ALLOWED", "NO_AREA", "Refusals", "form_expired"]

_log = logging.getLogger(__name__)

NO_AREA = Message(
    "WEB-02",
    zh="账号“{user}”还没有管辖区域，看不到主体数据。请联系系统管理员，在“用户档案”中填写角色、区划和机构。",
    en="Account “{user}” has no jurisdiction yet and sees no data. Ask the administrator to fill in role, division and office.",
)
NOT_ALLOWED = Message(
    "WEB-06",
    zh="账号“{user}”不能认定这一类问题：{why}。",
    en="account {user} may not decide this kind of doubt.",
)
_FORBIDDEN = {NO_AREA.code, NOT_ALLOWED.code}


class Refusals:
    """Middleware: a refusal of any room becomes a page that names the trouble and the remedy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an EvenhandError with its own sentences; leave everything else to Django."""
        if not isinstance(exception, EvenhandError):
            return None
        codes = {problem.code for problem in exception.problems}
        if NO_AREA.code in codes and request.path == reverse("home") and getattr(request.user, "is_staff", False):
            return redirect("admin:index")  # whoever keeps the accounts needs no area: not lost on the home page after the login
        _log.warning("%s refused: %s", request.path, exception)
        return render(request, "refused.html", {"problems": exception.problems}, status=403 if codes & _FORBIDDEN else 503)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without its proof of origin (CSRF)."""
    _log.warning("%s refused a form: %s", request.path, reason)
    return render(request, "403_csrf.html", status=403)
