"""Addresses of grades."""

from django.urls import path

from evenhand.web.grades import trials, views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("grades/", views.overview, name="grades"),
    path("grades/counties.json", views.borders, name="grade_borders"),
    path("grades/simulate/", trials.simulate, name="grade_simulate"),
    path("grades/simulate/<int:key>/", trials.trial, name="grade_trial"),
    path("grades/models/<str:name>/", views.model, name="grade_model"),
    path("subjects/<str:subject_id>/grades/", views.card, name="grade_card"),
]
