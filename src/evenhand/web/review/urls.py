"""Addresses of the review desk."""

from django.urls import path

from evenhand.web.review import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", views.pairs, name="review"),
    path("repairs/", views.repairs, name="review-repairs"),
    path("offices/", views.disputed_offices, name="review-offices"),
    path("decisions/", views.decisions, name="review-decisions"),
    path("decide/<str:item>/", views.decide, name="decide"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("undo/<str:subject_id>/<str:field>/", views.undo_cell, name="undo-cell"),
]
