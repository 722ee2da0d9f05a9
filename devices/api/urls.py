from django.urls import path

from devices.api import (
    batch_views,
    device_views,
    evidence_views,
    funnel_views,
    grant_request_views,
    grant_views,
    history_views,
    order_views,
    people_views,
    refused_views,
    session_views,
    token_views,
    webhook_views,
)

urlpatterns = [
    path("grants/", grant_views.GrantList.as_view(), name="grants"),
    path("grants/<int:member_id>/<str:template_id>/", grant_views.GrantDetail.as_view(), name="grant"),
    path("grant-requests/", grant_request_views.GrantRequestList.as_view(), name="grant-requests"),
    path(
        "grant-requests/<int:request_id>/grant/",
        grant_request_views.GrantRequestApproval.as_view(),
        name="grant-request-grant",
    ),
    path(
        "grant-requests/<int:request_id>/decline/",
        grant_request_views.GrantRequestRefusal.as_view(),
        name="grant-request-decline",
    ),
    path("provisioning-sessions/", session_views.SessionList.as_view(), name="sessions"),
    path("provisioning-sessions/<int:session_id>/", session_views.SessionDetail.as_view(), name="session"),
    path(
        "provisioning-sessions/<int:session_id>/evidence/",
        evidence_views.SessionEvidenceList.as_view(),
        name="session-evidence",
    ),
    path(
        "provisioning-sessions/<int:session_id>/report/", evidence_views.SessionReport.as_view(), name="session-report"
    ),
    path("provisioning-batches/", batch_views.BatchList.as_view(), name="batches"),
    path("provisioning-batches/<int:batch_id>/", batch_views.BatchDetail.as_view(), name="batch"),
    path("provisioning-funnel/", funnel_views.Funnel.as_view(), name="funnel"),
    path("webhooks/", webhook_views.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhook_views.WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<int:webhook_id>/test/", webhook_views.WebhookTest.as_view(), name="webhook-test"),
    path("webhooks/<int:webhook_id>/deliveries/", webhook_views.DeliveryList.as_view(), name="webhook-deliveries"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/resend/",
        webhook_views.DeliveryResend.as_view(),
        name="webhook-delivery-resend",
    ),
    path(
        "provisioning-sessions/<int:session_id>/same-as/", session_views.SessionSameAs.as_view(), name="session-same-as"
    ),
    path("refused-logins/", refused_views.RefusedLoginList.as_view(), name="refused-logins"),
    path("team/members/", people_views.MemberList.as_view(), name="members"),
    path("team/members/<int:member_id>/", people_views.MemberDetail.as_view(), name="member"),
    path("team/invitations/", people_views.InvitationList.as_view(), name="invitations"),
    path("team/invitations/<int:invitation_id>/", people_views.InvitationDetail.as_view(), name="invitation"),
    path(
        "team/invitations/<int:invitation_id>/resend/",
        people_views.InvitationResend.as_view(),
        name="invitation-resend",
    ),
    path("devices/", device_views.DeviceList.as_view(), name="devices"),
    path("devices/<int:device_id>/", device_views.DeviceDetail.as_view(), name="device"),
    path("devices/<int:device_id>/reconfigure/", order_views.DeviceReconfigure.as_view(), name="device-reconfigure"),
    path("devices/<int:device_id>/reboot/", order_views.DeviceReboot.as_view(), name="device-reboot"),
    path("devices/<int:device_id>/setup-mode/", order_views.DeviceSetupMode.as_view(), name="device-setup-mode"),
    path("devices/<int:device_id>/data/", order_views.DeviceData.as_view(), name="device-data"),
    path("devices/<int:device_id>/token/", token_views.DeviceToken.as_view(), name="device-token"),
    path("devices/<int:device_id>/token/rotate/", token_views.DeviceTokenRotate.as_view(), name="device-token-rotate"),
    path("devices/<int:device_id>/timeline/", history_views.DeviceTimeline.as_view(), name="device-timeline"),
    path("devices/<int:device_id>/readings/", history_views.DeviceReadings.as_view(), name="device-readings"),
]
