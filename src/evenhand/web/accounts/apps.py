"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["AccountsConfig"]


class AccountsConfig(AppConfig):
    """Accounts with a role and a jurisdiction."""

    name = "evenhand.web.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Connect the witnesses of login and logout."""
        from evenhand.web.accounts import witnesses  # noqa: F401, PLC0415 — models may be imported only after the apps are loaded
