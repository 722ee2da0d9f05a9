"""Addresses of the audit log."""

from django.urls import path

from console.pages.audit import views

urlpatterns = [
    path("", views.log, name="audit"),
    path("audit.csv", views.export, {"form": "csv"}, name="audit-csv"),
    path("audit.json", views.export, {"form": "json"}, name="audit-json"),
]
