"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["GradesConfig"]


class GradesConfig(AppConfig):
    """Pages on grades."""

    name = "evenhand.web.grades"
    label = "grades"
    verbose_name = "风险等级"
