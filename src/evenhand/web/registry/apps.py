"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["RegistryConfig"]


class RegistryConfig(AppConfig):
    """Pages on the current release."""

    name = "evenhand.web.registry"
    label = "registry"
    verbose_name = "主体库"
