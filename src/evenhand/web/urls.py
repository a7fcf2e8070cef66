"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

__all__ = ["urlpatterns"]

admin.site.site_header = admin.site.site_title = "公衡 · 系统管理"
admin.site.index_title = "账号与日志"


@login_not_required
def _icon(_: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for the icon of old to the one of today."""
    return redirect(static("evenhand/favicon.svg"))


urlpatterns = [
    path("favicon.ico", _icon),
    path("", include("evenhand.web.registry.urls")),
    path("", include("evenhand.web.grades.urls")),
    path("review/", include("evenhand.web.review.urls")),
    path("accounts/", include("evenhand.web.accounts.urls")),
    path("admin/", admin.site.urls),
]
