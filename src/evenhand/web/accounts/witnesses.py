"""Login and logout leave an event."""

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from evenhand.web.audit.models import Act, Event

__all__: list[str] = []


@receiver(user_logged_in)
def _logged_in(request: HttpRequest | None, user: object, **_: object) -> None:
    Event.witness(request, user=user, act=Act.LOGIN)


@receiver(user_logged_out)
def _logged_out(request: HttpRequest | None, user: object, **_: object) -> None:
    if user is not None:
        Event.witness(request, user=user, act=Act.LOGOUT)
