"""Addresses of devices, provisioning sessions, and of who may provision."""

from django.urls import path

from devices.views import (
    batches,
    device_menu,
    devices,
    evidence,
    funnel,
    grant_requests,
    invitations,
    joining,
    members,
    provisioning,
    refused_logins,
    returning,
    routes,
    session_list,
    sessions,
    tokens,
    virtual,
    webhooks,
)

device_urls = (
    [
        path("", devices.device_list, name="list"),
        path("refused/", refused_logins.refused_list, name="refused"),
        path("<int:device_id>/", devices.device_detail, name="detail"),
        path("<int:device_id>/menu/", device_menu.device_menu, name="menu"),
        path("<int:device_id>/reconfigure/", device_menu.device_reconfigure, name="reconfigure"),
        path("<int:device_id>/reboot/", device_menu.device_reboot, name="reboot"),
        path("<int:device_id>/setup-mode/", device_menu.device_setup_mode, name="setup_mode"),
        path("<int:device_id>/erase/", device_menu.device_erase, name="erase"),
        path("<int:device_id>/token/", tokens.device_token, name="token"),
        path("<int:device_id>/token/rotate/", tokens.token_rotate, name="token_rotate"),
        path("<int:device_id>/token/revoke/", tokens.token_revoke, name="token_revoke"),
        path("<int:device_id>/rename/", devices.device_rename, name="rename"),
        path("<int:device_id>/write/", devices.device_write, name="write"),
        path("<int:device_id>/delete/", devices.device_delete, name="delete"),
    ],
    "devices",
)

session_urls = (
    [
        path("", session_list.session_list, name="list"),
        path("export.<slug:kind>", session_list.session_export, name="export"),
        path("funnel/", funnel.funnel, name="funnel"),
        path("new/", sessions.session_new, name="new"),
        path("<int:session_id>/", sessions.session_detail, name="detail"),
        path("<int:session_id>/cancel/", sessions.session_cancel, name="cancel"),
        path("<int:session_id>/evidence/", evidence.session_evidence, name="evidence"),
        path("<int:session_id>/report/", evidence.session_report, name="report"),
        path("<int:session_id>/name/", sessions.session_name, name="name"),
        path("<int:session_id>/again/<int:device_id>/", returning.session_again, name="again"),
        path("<int:session_id>/route/", routes.session_route, name="route"),
        path("<int:session_id>/hotspot/", routes.session_hotspot, name="hotspot"),
        path("<int:session_id>/usb/", routes.session_usb, name="usb"),
        path("<int:session_id>/virtual/", virtual.session_virtual, name="virtual"),
    ],
    "sessions",
)

batch_urls = (
    [
        path("", batches.batch_list, name="list"),
        path("new/", batches.batch_new, name="new"),
        path("<int:batch_id>/", batches.batch_detail, name="detail"),
        path("<int:batch_id>/sheet/", batches.batch_sheet, name="sheet"),
        path("<int:batch_id>/cancel/", batches.batch_cancel, name="cancel"),
    ],
    "batches",
)

webhook_urls = (
    [
        path("", webhooks.webhook_list, name="list"),
        path("new/", webhooks.webhook_new, name="new"),
        path("mails/", webhooks.mails, name="mails"),
        path("<int:webhook_id>/", webhooks.webhook_detail, name="detail"),
        path("<int:webhook_id>/edit/", webhooks.webhook_edit, name="edit"),
        path("<int:webhook_id>/secret/", webhooks.webhook_secret, name="secret"),
        path("<int:webhook_id>/delete/", webhooks.webhook_delete, name="delete"),
        path("<int:webhook_id>/test/", webhooks.webhook_test, name="test"),
        path("<int:webhook_id>/deliveries/<int:delivery_id>/resend/", webhooks.delivery_resend, name="resend"),
    ],
    "webhooks",
)

member_urls = (
    [
        path("leave/", members.leave, name="leave"),
        path("<int:member_id>/", members.member_detail, name="detail"),
        path("<int:member_id>/role/", members.member_role, name="role"),
        path("<int:member_id>/remove/", members.member_remove, name="remove"),
        path("<int:member_id>/transfer/", members.member_transfer, name="transfer"),
    ],
    "members",
)

invitation_urls = (
    [
        path("", invitations.invitation_list, name="list"),
        path("new/", invitations.invitation_new, name="new"),
        path("<int:invitation_id>/resend/", invitations.invitation_resend, name="resend"),
        path("<int:invitation_id>/revoke/", invitations.invitation_revoke, name="revoke"),
    ],
    "invitations",
)

joining_urls = (
    [
        path("", joining.page, name="page"),
        path("switch/", joining.switch, name="switch"),
        path("<str:secret>/", joining.open_link, name="open"),
    ],
    "invitation",
)

provisioning_urls = (
    [
        path("", provisioning.matrix, name="matrix"),
        path("ask/", grant_requests.ask, name="ask"),
        path("requests/<int:request_id>/", grant_requests.detail, name="request"),
        path("requests/<int:request_id>/grant/", grant_requests.approve, name="approve"),
        path("requests/<int:request_id>/decline/", grant_requests.decline, name="decline"),
        path("<int:member_id>/<slug:template_id>/", provisioning.grant, name="grant"),
        path("<int:member_id>/<slug:template_id>/toggle/", provisioning.toggle, name="toggle"),
    ],
    "provisioning",
)
