"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

__all__ = ["urlpatterns"]

admin.site.site_header = admin.site.site_title = "公衡 · 系统管理"
admin.site.index_title = "账号与日志"

urlpatterns = [
    path("", include("evenhand.web.registry.urls")),
    path("", include("evenhand.web.grades.urls")),
    path("review/", include("evenhand.web.review.urls")),
    path("accounts/", include("evenhand.web.accounts.urls")),
    path("admin/", admin.site.urls),
]
