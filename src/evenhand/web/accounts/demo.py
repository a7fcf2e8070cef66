"""Demo accounts (演练账号): one per role, with a password everybody knows. They exist in the demo only."""

from typing import Final

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from evenhand.web.accounts.models import Profile, Role

__all__ = ["DEMO_PASSWORD", "create_demo_accounts"]

DEMO_PASSWORD: Final = "gongheng2026"  # noqa: S105 — printed on the login page of the demo on purpose

_ACCOUNTS: Final = (
    # username, role, division, area
    ("sheng", Role.STEWARD, "35", "福建省"),
    ("chushi", Role.DEPARTMENT, "35", "福建省"),
    ("fuzhou", Role.CITY, "3501", "福州市"),
    ("gulou", Role.COUNTY, "350102", "福州市鼓楼区"),
    ("suo", Role.STATION, "350102", "福州市鼓楼区"),
    ("admin", Role.ADMINISTRATOR, "", ""),
)


@transaction.atomic
def create_demo_accounts(*, station: str = "") -> list[tuple[str, str, str]]:
    """Make one account per role, or set an earlier one back to the demo password.

    Args:
        station: name of a supervising office (监管所) of 350102 in the release; without one there is no account of a station.

    Returns:
        One (title of role and area, username, password) per account, in the order of the ladder.
    """
    password = make_password(DEMO_PASSWORD)  # hashed once: six slow hashes would delay the start
    made = []
    for username, role, division, area in _ACCOUNTS:
        if role == Role.STATION and not station:
            continue
        administrator = role == Role.ADMINISTRATOR
        user, _ = get_user_model().objects.update_or_create(
            username=username,
            defaults={"password": password, "is_staff": administrator, "is_superuser": administrator, "is_active": True},
        )
        profile, _ = Profile.objects.update_or_create(
            user=user,
            defaults={"role": role, "division": division, "area": area, "office": station if role == Role.STATION else "", "is_demo": True},
        )
        made.append((str(profile), username, DEMO_PASSWORD))
    return made
