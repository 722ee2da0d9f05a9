"""Addresses of the pages that belong to no one app."""

from django.urls import path

from console.pages import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("overview/", views.overview, name="overview"),
    path("palette/", views.palette, name="palette"),
]
