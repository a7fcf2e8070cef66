"""What every page says at its edges: the release it speaks of, who is reading, for which area."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from evenhand.errors import EvenhandError
from evenhand.publish import current_release
from evenhand.web.accounts.models import Profile

__all__ = ["release_note"]


def release_note(request: HttpRequest) -> dict[str, Any]:
    """Return release, as-of day, whether it is practice data, whether a new one is being built, and the reader's profile."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    profile = Profile.objects.filter(user_id=user.pk).first()
    building = any(settings.EVENHAND_RELEASES.glob(".building-*"))
    try:
        release = current_release(settings.EVENHAND_RELEASES)
    except EvenhandError:
        return {"profile": profile, "building": building}
    facts = release.manifest
    return {
        "profile": profile,
        "building": building,
        "release": release.name,
        "asof": facts.get("asof", ""),
        "practice": facts.get("practice", False),
    }
