"""Addresses of the signed-in person's own account that allauth does not have, or not so."""

from django.urls import path

from console.teams.views import account

urlpatterns = [
    path("logout/", account.sign_out, name="account_logout"),
    path("profile/", account.profile, name="account_profile"),
    path("sessions/", account.browsers, name="account_browsers"),
    path("sessions/sign-out-others/", account.sign_out_others, name="account_sign_out_others"),
    path("sessions/<int:session_id>/sign-out/", account.sign_out_browser, name="account_sign_out_browser"),
]
