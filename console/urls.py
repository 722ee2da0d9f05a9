"""Every address of Landfall."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import include, path

from console.pages import health
from devices.urls import (
    batch_urls,
    device_urls,
    invitation_urls,
    joining_urls,
    member_urls,
    provisioning_urls,
    session_urls,
    webhook_urls,
)

handler400 = "console.kit.error_pages.bad_request"
handler403 = "console.kit.error_pages.forbidden"
handler500 = "console.kit.error_pages.server_error"
handler429 = "console.teams.too_often.too_often"  # allauth asks for it by this name

# The admin's own form would know nothing of the limit on failed sign-ins.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Secrets of people's factors and sign-ins are nobody else's to look at or to change, nor are outside accounts.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])

urlpatterns = [
    path("", include("console.pages.urls")),
    path("templates/", include("templates_app.urls")),
    path("boards/", include("templates_app.boards_urls")),
    path("team/webhooks/", include(webhook_urls)),
    path("invitation/", include(joining_urls)),
    path("team/invitations/", include(invitation_urls)),
    path("team/members/", include(member_urls)),
    path("team/audit/", include("console.pages.audit.urls")),
    path("team/provisioning/", include(provisioning_urls)),
    path("team/", include("console.teams.urls")),
    path("healthz", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("devices/", include(device_urls)),
    path("sessions/batches/", include(batch_urls)),
    path("sessions/", include(session_urls)),
    path("api/v1/", include("console.pages.api")),
    path("admin/", admin.site.urls),
    path("accounts/", include("console.teams.account_urls")),
    path("accounts/", include("allauth.urls")),
]
