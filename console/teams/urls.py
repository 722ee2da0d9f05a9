"""Addresses of the team pages."""

from django.urls import path

from console.teams.views import keys, settings, starting, team, two_factors

app_name = "teams"
urlpatterns = [
    path("", team.team, name="team"),
    path("roles/", team.roles, name="roles"),
    path("settings/", settings.settings, name="settings"),
    path("settings/two-factors/", two_factors.two_factors_of_team, name="two-factors"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new/", keys.new, name="key-new"),
    path("keys/<int:key_id>/revoke/", keys.revoke, name="key-revoke"),
    path("start/", starting.start, name="start"),
    path("switch/", starting.switch, name="switch"),
]
