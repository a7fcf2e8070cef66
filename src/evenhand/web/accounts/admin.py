"""Administration of accounts: the profile is filled in with its account."""

from typing import TYPE_CHECKING

from axes.utils import reset
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from evenhand.web.accounts.forms import ProfileForm
from evenhand.web.accounts.models import Profile
from evenhand.web.audit.models import Act, Event

if TYPE_CHECKING:
    _ProfileRow = admin.StackedInline[Profile, User]
    _AccountPages = UserAdmin[User]
else:
    _ProfileRow, _AccountPages = admin.StackedInline, UserAdmin  # generic for the type checker only

__all__ = ["AccountAdmin", "ProfileInline"]


class ProfileInline(_ProfileRow):
    """Role and area of one account."""

    model = Profile
    form = ProfileForm
    can_delete = False


class AccountAdmin(_AccountPages):
    """Django's page for accounts, with role and area on the same page."""

    inlines = (ProfileInline,)
    add_form = UserCreationForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "first_name", "password1", "password2")}),)
    list_display = ("username", "profile", "is_active", "is_staff", "last_login")
    list_select_related = ("profile",)
    actions = ("unlock",)

    @admin.action(description="解除登录锁定")
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people in again who were locked out by wrong passwords."""
        for user in queryset:
            reset(username=user.get_username())
            Event.witness(request, user=request.user, act=Act.UNLOCK, target=user.get_username())
        self.message_user(request, "已解除所选账号的登录锁定。")


admin.site.unregister(get_user_model())
admin.site.register(get_user_model(), AccountAdmin)
