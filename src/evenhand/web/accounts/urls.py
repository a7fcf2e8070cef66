"""Addresses of the account pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from evenhand.web.accounts.views import Login, Password

__all__ = ["urlpatterns"]

urlpatterns = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", Password.as_view(), name="password"),
]
