"""Forms of the account pages, in the look of the site."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.forms import BaseForm
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evenhand.errors import EvenhandError
from evenhand.publish import Release, Scope, current_release, divisions, offices
from evenhand.web.accounts.models import Profile

if TYPE_CHECKING:
    _OfProfile = forms.ModelForm[Profile]
else:
    _OfProfile = forms.ModelForm  # generic for the type checker only

__all__ = ["LoginForm", "PasswordForm", "ProfileForm"]

_DIGITS = {"province": 2, "prefecture": 4, "county": 6}


class _Look:
    """Gives every field the site's look: bare ones look broken."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(self, BaseForm)  # noqa: S101 — tells the type checker what this is mixed into
        for bound in self.fields.values():
            bound.widget.attrs["class"] = "form-control"


class LoginForm(_Look, AuthenticationForm):
    """Username and password."""


class PasswordForm(_Look, PasswordChangeForm):
    """Old password and twice the new one."""


class _Listed(forms.TextInput):
    """A text that a list completes: too many words for a menu."""

    def __init__(self, words: list[str], attrs: dict[str, Any]) -> None:
        super().__init__(attrs)
        self._words = words

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the input with its list."""
        held = super().render(name, value, {**(attrs or {}), "list": f"list-{name}"}, renderer)
        words = format_html_join("", '<option value="{}"></option>', ((word,) for word in self._words))
        return format_html('{}<datalist id="list-{}">{}</datalist>', held, name, words)


class ProfileForm(_OfProfile):
    """Role and area, chosen from the divisions and offices of the current release; plain texts while there is none."""

    class Meta:
        """Which fields."""

        model = Profile
        fields = ("role", "division", "office", "area")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what the release holds."""
        super().__init__(*args, **kwargs)
        try:
            release = current_release(settings.EVENHAND_RELEASES)
        except EvenhandError:
            return
        self._offer(release)

    def _offer(self, release: Release) -> None:
        listed = [
            (row["code"][: _DIGITS[row["level"]]], f"{row['area']}（{row['code'][: _DIGITS[row['level']]]}）") for row in divisions(release)
        ]
        held = self.instance.division
        strange = [(held, f"{held}（发布版中没有）")] if held and held not in dict(listed) else []
        self.fields["division"].widget = forms.Select(choices=[("", "（系统管理员不选）"), *listed, *strange])
        provinces = [code for code, _ in listed if len(code) == _DIGITS["province"]]
        known = [office for code in provinces for office in offices(release, Scope(code))]
        self.fields["office"].widget = _Listed(
            known, {"class": "vTextField", "autocomplete": "off", "placeholder": "输入几个字，从列表中选择"}
        )
