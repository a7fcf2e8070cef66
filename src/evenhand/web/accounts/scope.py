"""Jurisdiction (管辖范围): which rows a person may see. The one place that decides it."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from evenhand.errors import BadInput, Problem
from evenhand.publish import Scope
from evenhand.web.accounts.models import Profile, Role
from evenhand.web.refusals import NO_AREA

__all__ = ["required_scope", "role_of", "scope_for"]


def scope_for(user: AbstractBaseUser | AnonymousUser) -> Scope | None:
    """Return the area a person answers for, or None: no profile, no division, or a station without its office sees nothing."""
    profile = Profile.objects.filter(user_id=user.pk).first() if user.is_authenticated else None
    if profile is None or not profile.division:
        return None
    if profile.role == Role.STATION:
        return Scope(prefix=profile.division, office=profile.office) if profile.office else None
    return Scope(prefix=profile.division, office=None)


def role_of(request: HttpRequest) -> str | None:
    """Return the role of the person asking; None without a profile."""
    if not request.user.is_authenticated:
        return None
    return Profile.objects.filter(user=request.user).values_list("role", flat=True).first()


def required_scope(request: HttpRequest) -> Scope:
    """Return the area of the person asking.

    Raises:
        BadInput: WEB-02, the account has no area yet; the page says whom to ask.
    """
    scope = scope_for(request.user)
    if scope is None:
        raise BadInput(Problem(NO_AREA, {"user": request.user.get_username()}))
    return scope
