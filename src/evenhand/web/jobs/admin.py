"""Background jobs in the administration pages: to read only."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from evenhand.web.jobs.models import Job

if TYPE_CHECKING:
    _JobPages = admin.ModelAdmin[Job]
else:
    _JobPages = admin.ModelAdmin  # generic for the type checker only

__all__ = ["JobAdmin"]


@admin.register(Job)
class JobAdmin(_JobPages):
    """List of jobs; nobody adds or changes one by hand."""

    list_display = ("id", "kind", "user", "state", "asked_at", "done_at", "tries")
    list_filter = ("kind", "state")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Refuse."""
        return False
