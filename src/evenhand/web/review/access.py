"""Who may decide what (认定权限): by role, and only inside the own area. Twin doors: the reason is what the page shows."""

from typing import Final

from django.http import HttpRequest

from evenhand.errors import BadInput, Problem
from evenhand.web.accounts.models import Role
from evenhand.web.accounts.scope import role_of
from evenhand.web.refusals import NOT_ALLOWED

__all__ = ["check_may_decide", "is_steward", "name_of", "why_not"]

_ALLOWED: Final = {
    "pair": {Role.STEWARD},
    "repair": {Role.STEWARD},
    "cell": {Role.STEWARD},
    "office": {Role.STEWARD, Role.CITY, Role.COUNTY},
}
"""By kind of doubt the roles that may settle it. A dispute between offices is settled by whoever stands above both of them."""


def why_not(request: HttpRequest, item: str) -> str:
    """Return why this person may not settle this kind of doubt; "" when they may."""
    if role_of(request) in _ALLOWED[item]:
        return ""
    return f"由{'、'.join(role.label for role in Role if role in _ALLOWED[item])}认定"


def check_may_decide(request: HttpRequest, item: str) -> None:
    """Refuse whoever may not settle this kind of doubt.

    Raises:
        BadInput: WEB-06, with the roles that may.
    """
    why = why_not(request, item)
    if why:
        raise BadInput(Problem(NOT_ALLOWED, {"user": request.user.get_username(), "why": why}))


def is_steward(request: HttpRequest) -> bool:
    """Whether this person keeps the data of the province: may withdraw what others decided."""
    return role_of(request) == Role.STEWARD


def name_of(request: HttpRequest) -> str:
    """Return the name under which a person decides."""
    user = request.user
    full = user.get_full_name() if user.is_authenticated else ""
    return full or user.get_username()
