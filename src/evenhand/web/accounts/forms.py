"""Forms of the account pages, in the look of the site."""

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.forms import BaseForm

__all__ = ["LoginForm", "PasswordForm"]


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
