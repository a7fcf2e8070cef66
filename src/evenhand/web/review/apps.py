"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["ReviewConfig"]


class ReviewConfig(AppConfig):
    """Pages on which doubts are decided."""

    name = "evenhand.web.review"
    label = "review"
    verbose_name = "人工认定"
