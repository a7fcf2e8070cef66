"""Addresses of grades."""

from django.urls import path

from evenhand.web.grades import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("grades/", views.overview, name="grades"),
    path("grades/models/<str:name>/", views.model, name="grade_model"),
    path("subjects/<str:subject_id>/grades/", views.card, name="grade_card"),
]
