"""Administration of accounts: the profile is filled in with its account."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin

from evenhand.web.accounts.models import Profile

__all__ = ["AccountAdmin", "ProfileInline"]


class ProfileInline(admin.StackedInline):
    """Role and area of one account."""

    model = Profile
    can_delete = False


class AccountAdmin(UserAdmin):
    """Django's page for accounts, with role and area on the same page."""

    inlines = (ProfileInline,)
    list_display = ("username", "profile", "is_active", "is_staff", "last_login")
    list_select_related = ("profile",)


admin.site.unregister(get_user_model())
admin.site.register(get_user_model(), AccountAdmin)
