"""Addresses of the register."""

from django.urls import path

from evenhand.web.registry import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", views.home, name="home"),
    path("subjects/", views.search, name="search"),
    path("subjects/<str:subject_id>/", views.subject, name="subject"),
    path("subjects/<str:subject_id>/reveal/", views.reveal, name="reveal"),
    path("subjects/<str:subject_id>/fields/<str:field>/", views.cell, name="cell"),
    path("offices/disputed/", views.disputes, name="disputes"),
    path("quality/", views.quality, name="quality"),
    path("quality/findings/", views.findings, name="findings"),
]
