"""Addresses of the boards catalogue."""

from django.urls import path

from templates_app.views import boards

app_name = "boards"
urlpatterns = [
    path("", boards.board_list, name="list"),
    path("<slug:key>/", boards.detail, name="detail"),
]
