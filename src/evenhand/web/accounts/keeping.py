"""Keeping accounts (账号管理): add, change, stop, start, list. Each change leaves an event; nothing is ever deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from axes.utils import reset
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evenhand.errors import BadInput, Problem
from evenhand.web.accounts import messages as say
from evenhand.web.accounts.models import Profile, Role
from evenhand.web.accounts.posts import Post
from evenhand.web.accounts.wishes import Wish, account_of, check_change, check_new, held_as, profile_of
from evenhand.web.audit.models import Act, Event

__all__ = ["Wish", "add_account", "change_account", "check_change", "check_new", "has_account", "list_accounts", "set_active"]


@transaction.atomic
def add_account(username: str, wish: Wish, *, releases: Path, operator: str) -> str:
    """Make an account and return its role and area in words.

    Args:
        username: what the person types at the login.
        wish: role and password are needed; division and office as the role asks.
        releases: folder of releases; see `checked_post`.
        operator: the machine's user, for the log.

    Raises:
        BadInput: everything that `check_new` finds; WEB-19 too when there is no password.
    """
    username = User.normalize_username(username)
    post = check_new(username, replace(wish, password=wish.password or ""), releases=releases)
    user = User(username=username, first_name=wish.name or "")
    user.set_password(wish.password)
    _appoint(user, post)
    profile = str(user.profile)
    Event.witness(None, user=None, operator=operator, act=Act.ADD_ACCOUNT, target=username, reason=_event_text("身份", "", profile))
    return profile


@transaction.atomic
def change_account(username: str, wish: Wish, *, releases: Path, operator: str) -> list[str]:
    """Change what is asked of an account and return one line per thing changed; a new password also lifts a lock-out.

    Raises:
        BadInput: all that stands against it; WEB-12 no such account; WEB-21 nothing to change.
    """
    user, post = check_change(username, wish, releases=releases)
    profile = Profile.objects.filter(user=user).first()
    before = _told(user, profile)
    if wish.name is not None:
        user.first_name, user.last_name = wish.name, ""
    if wish.password is not None:
        user.set_password(wish.password)
        reset(username=user.username)
        Profile.objects.filter(user=user).update(is_demo=False)  # its password is no longer the one that the login page tells
    if post:
        profile = _appoint(user, post)
    else:
        user.save()
    after = _told(user, profile)
    lines = [_event_text(title, before[title], value) for title, value in after.items() if value != before[title]]
    lines += ["密码：已换新"] if wish.password is not None else []
    if not lines:
        raise BadInput(Problem(say.NOTHING_TO_DO, {"user": user.username, "why": "已经是这样"}))
    for line in lines:
        Event.witness(None, user=None, operator=operator, act=Act.CHANGE_ACCOUNT, target=user.username, reason=line)
    return lines


@transaction.atomic
def set_active(username: str, *, active: bool, operator: str) -> str:
    """Stop an account, or let it in again; its open sessions end with the stop. Returns in words who holds it.

    Raises:
        BadInput: WEB-12 no such account; WEB-21 it is so already.
    """
    user = account_of(username)
    if user.is_active == active:
        raise BadInput(Problem(say.NOTHING_TO_DO, {"user": user.username, "why": "本来就在用" if active else "早已停用"}))
    user.is_active = active
    user.save(update_fields=["is_active"])
    Event.witness(None, user=None, operator=operator, act=Act.START_ACCOUNT if active else Act.STOP_ACCOUNT, target=user.username)
    return held_as(user)


def list_accounts() -> list[Sequence[object]]:
    """Return one row per account, in the order of user names: user name, name, role, area, state, day of the last login."""
    rows = list[Sequence[object]]()
    for user in User.objects.select_related("profile").order_by("username"):
        profile = profile_of(user)
        state = ("在用（演练）" if profile and profile.is_demo else "在用") if user.is_active else "已停用"
        seen = timezone.localtime(user.last_login).strftime("%Y-%m-%d %H:%M") if user.last_login else None
        role, area = (profile.get_role_display(), profile.office or profile.area) if profile else ("（没有角色）", "")
        rows.append((user.username, user.get_full_name() or None, role, area or None, state, seen))
    return rows


def has_account() -> bool:
    """Whether anybody can log in."""
    return User.objects.filter(is_active=True).exists()


def _appoint(user: User, post: Post) -> Profile:
    """Store the account with its post; administrators alone reach the administration pages."""
    user.is_staff = user.is_superuser = post.role == Role.ADMINISTRATOR
    user.save()
    told = {"role": post.role, "division": post.division, "office": post.office, "area": post.area}
    profile, _ = Profile.objects.update_or_create(user=user, defaults=told)
    return profile


def _told(user: User, profile: Profile | None) -> Mapping[str, str]:
    """What a change is told of, by title."""
    post = profile or Profile()
    return {
        "姓名": user.get_full_name(),
        "角色": post.get_role_display() if profile else "",
        "区划": post.division,
        "机构": post.office,
    }


def _event_text(title: str, before: str, after: str) -> str:
    return f"{title}：{before} → {after or '（空）'}" if before else f"{title}：{after or '（空）'}"
