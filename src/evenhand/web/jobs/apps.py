"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["JobsConfig"]


class JobsConfig(AppConfig):
    """Background work."""

    name = "evenhand.web.jobs"
    label = "jobs"
    verbose_name = "后台任务"
