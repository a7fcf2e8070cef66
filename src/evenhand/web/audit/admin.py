"""The log in the administration pages: to read only."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from evenhand.web.audit.models import Event

if TYPE_CHECKING:
    _EventPages = admin.ModelAdmin[Event]
else:
    _EventPages = admin.ModelAdmin  # generic for the type checker only

__all__ = ["EventAdmin"]


@admin.register(Event)
class EventAdmin(_EventPages):
    """List of events; nobody adds, changes or removes one by hand."""

    list_display = ("at", "user", "operator", "act", "target", "reason", "release", "address")
    list_filter = ("act",)
    search_fields = ("target", "reason", "user__username")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Refuse."""
        return False
