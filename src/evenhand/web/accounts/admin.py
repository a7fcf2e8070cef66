"""Administration of accounts: the profile is filled in with its account."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin

from evenhand.web.accounts.models import Profile

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    _ProfileRow = admin.StackedInline[Profile, User]
    _AccountPages = UserAdmin[User]
else:
    _ProfileRow, _AccountPages = admin.StackedInline, UserAdmin  # generic for the type checker only

__all__ = ["AccountAdmin", "ProfileInline"]


class ProfileInline(_ProfileRow):
    """Role and area of one account."""

    model = Profile
    can_delete = False


class AccountAdmin(_AccountPages):
    """Django's page for accounts, with role and area on the same page."""

    inlines = (ProfileInline,)
    list_display = ("username", "profile", "is_active", "is_staff", "last_login")
    list_select_related = ("profile",)


admin.site.unregister(get_user_model())
admin.site.register(get_user_model(), AccountAdmin)
