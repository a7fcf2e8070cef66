"""The app's name in Django."""

from django.apps import AppConfig

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """Events of people."""

    name = "evenhand.web.audit"
    label = "audit"
    verbose_name = "操作日志"
