"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["GradesConfig"]


class GradesConfig(AppConfig):
    """Pages on grades."""

    name = "evenhand.web.grades"
    label = "grades"
    verbose_name = "风险等级"

    def ready(self) -> None:
        """Say how trials are done."""
        from evenhand.web.grades.trying import try_rules  # noqa: PLC0415 — models may be imported only after the apps are loaded
        from evenhand.web.jobs.working import KINDS  # noqa: PLC0415

        KINDS["simulate"] = try_rules
