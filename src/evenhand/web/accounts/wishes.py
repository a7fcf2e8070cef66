"""Wishes: what is asked of an account, and all that stands against it (账号核对)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from evenhand.errors import BadInput, Problem
from evenhand.web.accounts import messages as say
from evenhand.web.accounts.models import DIGITS, Profile, Role
from evenhand.web.accounts.posts import Post, checked_post, nearest, role_named

__all__ = ["Wish", "account_of", "check_change", "check_new", "held_as", "profile_of"]

_LONGEST: Final = 60


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of one account; None leaves a thing as it is."""

    role: str | None = None
    division: str | None = None
    office: str | None = None
    name: str | None = None
    password: str | None = None


def check_new(username: str, wish: Wish, *, releases: Path) -> Post:
    """Return the post of an account that may be made; a password is looked at when there is one.

    Raises:
        BadInput: all that stands against it: user name, role, division, office, name, password.
    """
    username = User.normalize_username(username)
    post, found = checked_post(wish.role or "", division=wish.division or "", office=wish.office or "", releases=releases)
    found = [*_username_faults(username), *found, *_person_faults(User(username=username), wish)]
    if found or post is None:
        raise BadInput(found)
    return post


def check_change(username: str, wish: Wish, *, releases: Path) -> tuple[User, Post | None]:
    """Return the account and its new post; no post when role, division and office stay.

    A new role keeps the division where it is as deep as that role asks, and the office where the division stays.

    Raises:
        BadInput: all that stands against it; WEB-12 no such account; WEB-21 nothing was asked.
    """
    user = account_of(username)
    if all(value is None for value in vars(wish).values()):
        raise BadInput(Problem(say.NOTHING_TO_DO, {"user": user.username, "why": "没有说要改什么"}))
    post, found = None, list[Problem]()
    if not (wish.role is None and wish.division is None and wish.office is None):
        held = Profile.objects.filter(user=user).first() or Profile(user=user)
        role, division, office = _inherited(held, wish)
        post, found = checked_post(role, division=division, office=office, releases=releases)
    found += _person_faults(user, wish)
    if found:
        raise BadInput(found)
    return user, post


def account_of(username: str) -> User:
    """Return the account of this name; raises BadInput (WEB-12) with the nearest when there is none."""
    username = User.normalize_username(username)
    user = User.objects.filter(username=username).first()
    if user is None:
        names = User.objects.order_by("username").values_list("username", flat=True)
        raise BadInput(Problem(say.NO_ACCOUNT, {"user": username, "nearest": nearest(username, names)}))
    return user


def profile_of(user: User) -> Profile | None:
    """Return role and area of an account; None for one made without them."""
    return getattr(user, "profile", None)


def held_as(user: User) -> str:
    """Return in words who holds an account: name, role, area."""
    profile = profile_of(user)
    return " ".join(filter(None, [user.get_full_name(), str(profile) if profile else "没有角色"]))


def _username_faults(username: str) -> list[Problem]:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        return [Problem(say.USERNAME, {"user": username, "most": _LONGEST})]
    if len(username) > _LONGEST:
        return [Problem(say.USERNAME, {"user": username, "most": _LONGEST})]
    # Li and li would be two people that nobody tells apart.
    held = User.objects.filter(username__iexact=username).first()
    return [Problem(say.TAKEN, {"user": held.username, "held": held_as(held) + ("" if held.is_active else "，已停用")})] if held else []


def _person_faults(user: User, wish: Wish) -> list[Problem]:
    """What is wrong with name and password."""
    found = []
    name = user.get_full_name() if wish.name is None else wish.name
    if len(name) > _LONGEST:
        found.append(Problem(say.NAME_LONG, {"count": len(name), "most": _LONGEST}))
    if wish.password is not None:
        try:
            validate_password(wish.password, User(username=user.username, first_name=name))
        except ValidationError as fault:
            found.append(Problem(say.WEAK, {"why": "".join(fault.messages)}))
    return found


def _inherited(held: Profile, wish: Wish) -> tuple[str, str, str]:
    """Role, division and office that are meant when only some are said."""
    role = held.role if wish.role is None else wish.role
    meant = role_named(role)
    fits = meant is None or DIGITS.get(meant, 0) == len(held.division)
    division = (held.division if fits else "") if wish.division is None else wish.division
    stays = meant == Role.STATION and division == held.division
    office = (held.office if stays else "") if wish.office is None else wish.office
    return role, division, office
