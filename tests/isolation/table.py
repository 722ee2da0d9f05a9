"""Who gets what, for every address of Landfall: one line each. A new address needs a line here.

Read a line as: these may, and get this status; the others of the team are refused with 403, which names what they lack;
a member of another team gets 404 wherever the address or the body names a row of the team, and otherwise only what is
their own; a signed-out visitor is sent to sign in, and a program without a living key gets 401. `expectations` says
what else a line can tell.
"""

from console.teams.permissions import Permission
from tests.isolation.expectations import (
    DEVICE_EDITORS,
    EDITORS,
    MANAGERS,
    OWNER,
    Gate,
    Line,
    Who,
    api,
    delete,
    get,
    page,
    patch,
    post,
    put,
)

EDIT_TEMPLATES = Permission.EDIT_TEMPLATES.value
PROVISION = Permission.PROVISION.value
EDIT_DEVICES = Permission.EDIT_DEVICES.value
DELETE_DEVICES = Permission.DELETE_DEVICES.value
VIEW = Permission.VIEW.value
MANAGE_KEYS = Permission.MANAGE_KEYS.value
MANAGE_WEBHOOKS = Permission.MANAGE_WEBHOOKS.value
MANAGE_MEMBERS = Permission.MANAGE_MEMBERS.value
SEE_AUDIT = Permission.SEE_AUDIT.value
MANAGE_TEAM = Permission.MANAGE_TEAM.value

PUMP = {"name": "Pump", "board": "esp32"}
HOOK = {"name": "Hook", "url": "https://93.184.215.14/hook", "events": ["device.online"]}
PUMP_FILE = "landfall: 1\nname: Pump\nboard: esp32\n"
SENT_HOME = {Who.INACTIVE: 302, Who.SIGNED_OUT: 302}
GREETED = {Who.INACTIVE: 200, Who.SIGNED_OUT: 200}
"""A page for those who are signed out; the others are sent on."""

GENERAL = [
    page("/", get(ok=302, answers=GREETED), gate=Gate.ALL),
    page("/healthz", get(), gate=Gate.ALL),
    page("/metrics", get(), gate=Gate.ALL),
    page("/overview/", get()),
    page("/palette/", get(), query="?q=e"),
]

TEAM = [
    page("/team/", get()),
    page("/team/roles/", get()),
    page("/team/audit/", get(MANAGERS, lacks=SEE_AUDIT)),
    page("/team/audit/audit.csv", get(MANAGERS, lacks=SEE_AUDIT)),
    page("/team/audit/audit.json", get(MANAGERS, lacks=SEE_AUDIT)),
    page("/team/settings/", get(OWNER, lacks=MANAGE_TEAM), post(OWNER, 302, {"name": "Garden"}, lacks=MANAGE_TEAM)),
    page(
        "/team/settings/two-factors/",
        get(OWNER, 302, lacks=MANAGE_TEAM),
        post(OWNER, 302, {"required": "yes"}, lacks=MANAGE_TEAM),
    ),
    page(
        "/team/start/",
        get(),
        post(ok=302, body={"name": "Garden"}),
        gate=Gate.PEOPLE,
    ),
    page("/team/invitations/", get(MANAGERS, lacks=MANAGE_MEMBERS)),
    page(
        "/team/invitations/new/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        post(
            MANAGERS,
            302,
            {"email": "noa@example.com", "role": "installer", "grants": "chosen", "templates": "<template_id>"},
            lacks=MANAGE_MEMBERS,
        ),
    ),
    page("/team/invitations/<invitation_id>/resend/", post(MANAGERS, 302, lacks=MANAGE_MEMBERS)),
    page("/team/invitations/<invitation_id>/revoke/", post(MANAGERS, 302, lacks=MANAGE_MEMBERS)),
    page("/invitation/", get(ok=410), post(ok=410), gate=Gate.ALL),
    page("/invitation/switch/", post(ok=302), gate=Gate.ALL),
    page("/invitation/<secret>/", get(ok=404), gate=Gate.ALL, rows={"secret": "unknown"}),
    page("/team/switch/", get(), post(ok=302, body={"team": "<team_id>"})),
    page("/team/members/leave/", get(), post(ok=422, body={"confirm": "another team"})),
    page("/team/members/<member_id>/", get()),
    page("/team/members/<member_id>/role/", post(MANAGERS, 302, {"role": "installer"}, lacks=MANAGE_MEMBERS)),
    page(
        "/team/members/<member_id>/remove/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        post(MANAGERS, 302, {"confirm": "<member_email>"}, lacks=MANAGE_MEMBERS),
    ),
    page(
        "/team/members/<member_id>/transfer/",
        get(OWNER, lacks=MANAGE_TEAM),
        post(OWNER, 302, {"confirm": "<member_email>"}, lacks=MANAGE_TEAM),
    ),
]

PROVISIONING = [
    page("/team/provisioning/", get()),
    page(
        "/team/provisioning/ask/",
        get(answers={Who.STRANGER: 404}),
        post(ok=302, body={"template_id": "<template_id>"}),
        query="?template_id=<template_id>",
    ),
    page("/team/provisioning/requests/<request_id>/", get(MANAGERS, lacks=MANAGE_MEMBERS)),
    page("/team/provisioning/requests/<request_id>/grant/", post(MANAGERS, 302, lacks=MANAGE_MEMBERS)),
    page("/team/provisioning/requests/<request_id>/decline/", post(MANAGERS, 302, lacks=MANAGE_MEMBERS)),
    page(
        "/team/provisioning/<member_id>/<template_id>/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        post(MANAGERS, 302, {"devices_limit": "5"}, lacks=MANAGE_MEMBERS),
        rows={"member_id": "helper_id"},
    ),
    page(
        "/team/provisioning/<member_id>/<template_id>/toggle/",
        post(MANAGERS, 302, {"act": "take"}, lacks=MANAGE_MEMBERS),
        rows={"member_id": "helper_id"},
    ),
]

TEMPLATES = [
    page("/templates/", get()),
    page("/templates/new/", get(EDITORS, lacks=EDIT_TEMPLATES), post(EDITORS, 302, PUMP, lacks=EDIT_TEMPLATES)),
    page("/templates/name-check/", get(), query="?name=Pump&board=esp32&template=<template_id>"),
    page("/templates/gateway-check/", get(), post(ok=200)),
    page(
        "/templates/import/",
        get(EDITORS, lacks=EDIT_TEMPLATES),
        post(EDITORS, 302, {"text": PUMP_FILE, "make": "1"}, lacks=EDIT_TEMPLATES),
    ),
    page("/templates/schema.json", get(), gate=Gate.ALL),
    page("/templates/<template_id>/", get()),
    page("/templates/<template_id>/history/", get()),
    page("/templates/<template_id>/history/compare/", get()),
    page(
        "/templates/<template_id>/history/<number>/restore/",
        get(EDITORS, lacks=EDIT_TEMPLATES),
        post(EDITORS, 302, {"revision": "1"}, lacks=EDIT_TEMPLATES),
        rows={"number": "1"},
    ),
    page("/templates/<template_id>/export/", get()),
    page("/templates/<template_id>/duplicate/", post(EDITORS, 302, lacks=EDIT_TEMPLATES)),
    page(
        "/templates/<template_id>/delete/",
        get(EDITORS, lacks=EDIT_TEMPLATES),
        post(EDITORS, 302, {"confirm": "Spare"}, lacks=EDIT_TEMPLATES),
        rows={"template_id": "spare_id"},
    ),
    page("/templates/<template_id>/hotspot/", get()),
    page("/templates/<template_id>/labels/", get(), post(ok=200, body={"library": "1.2", "macs": "24:6F:28:01:02:03"})),
    page("/templates/<template_id>/header/", get()),
    page(
        "/templates/<template_id>/datastreams/",
        get(),
        post(EDITORS, 200, {"revision": "1", "add": "datastream"}, lacks=EDIT_TEMPLATES),
    ),
    page("/templates/<template_id>/check/", get(), post(ok=200, body={"text": "#define BLYNK_TEMPLATE_ID"})),
    page(
        "/templates/<template_id>/edit/",
        get(EDITORS, lacks=EDIT_TEMPLATES),
        post(EDITORS, 302, {**PUMP, "revision": "1"}, lacks=EDIT_TEMPLATES),
    ),
    page(
        "/templates/<template_id>/archive/",
        get(EDITORS, lacks=EDIT_TEMPLATES),
        post(EDITORS, 302, lacks=EDIT_TEMPLATES),
    ),
    page("/templates/<template_id>/unarchive/", post(EDITORS, 302, lacks=EDIT_TEMPLATES)),
    page("/boards/", get()),
    page("/boards/<key>/", get(), rows={"key": "esp32"}),
]

DEVICES = [
    page("/devices/", get(), query="?template=<template_id>"),
    page("/devices/<device_id>/", get()),
    page(
        "/devices/<device_id>/rename/",
        get(DEVICE_EDITORS, lacks=EDIT_DEVICES),
        post(DEVICE_EDITORS, 302, {"name": "Tap"}, lacks=EDIT_DEVICES),
    ),
    page("/devices/<device_id>/write/", post(DEVICE_EDITORS, 302, {"pin": "1", "value": "5"}, lacks=EDIT_DEVICES)),
    page(
        "/devices/<device_id>/delete/",
        get(EDITORS, lacks=DELETE_DEVICES),
        post(EDITORS, 302, {"confirm": "<device_name>"}, lacks=DELETE_DEVICES),
    ),
    page("/devices/refused/", get()),
    page("/devices/<device_id>/menu/", get()),
    page("/devices/<device_id>/reconfigure/", get(EDITORS, lacks=PROVISION), post(EDITORS, 200, lacks=PROVISION)),
    page("/devices/<device_id>/reboot/", post(DEVICE_EDITORS, 302, lacks=EDIT_DEVICES)),
    page(
        "/devices/<device_id>/setup-mode/",
        get(DEVICE_EDITORS, lacks=EDIT_DEVICES),
        post(DEVICE_EDITORS, 302, lacks=EDIT_DEVICES),
    ),
    page(
        "/devices/<device_id>/erase/",
        get(EDITORS, lacks=DELETE_DEVICES),
        post(EDITORS, 302, {"confirm": "<device_name>"}, lacks=DELETE_DEVICES),
    ),
    page("/devices/<device_id>/token/", get()),
    page("/devices/<device_id>/token/rotate/", post(EDITORS, 200, {"overlap": "3600"}, lacks=PROVISION)),
    page(
        "/devices/<device_id>/token/revoke/",
        get(EDITORS, lacks=DELETE_DEVICES),
        post(EDITORS, 302, {"confirm": "<device_name>"}, lacks=DELETE_DEVICES),
    ),
]

SESSIONS = [
    page("/sessions/", get(), query="?template=<template_id>"),
    page("/sessions/export.<kind>", get(), rows={"kind": "json"}),
    page("/sessions/funnel/", get()),
    page(
        "/sessions/new/",
        get(),
        post(EDITORS, 200, {"template": "<template_id>"}, lacks=PROVISION),
        query="?template=<template_id>",
    ),
    page("/sessions/batches/", get()),
    page(
        "/sessions/batches/new/",
        get(),
        post(EDITORS, 200, {"template": "<template_id>", "count": "2", "lifetime": "3600"}, lacks=PROVISION),
        query="?template=<template_id>",
    ),
    page("/sessions/batches/<batch_id>/", get()),
    page("/sessions/batches/<batch_id>/sheet/", get()),
    page(
        "/sessions/batches/<batch_id>/cancel/",
        get(EDITORS, lacks=DELETE_DEVICES),
        post(EDITORS, 302, {"confirm": "<batch_name>"}, lacks=DELETE_DEVICES),
    ),
    page("/sessions/<session_id>/", get()),
    page("/sessions/<session_id>/cancel/", post(EDITORS, 302, lacks=DELETE_DEVICES)),
    page(
        "/sessions/<session_id>/name/",
        post(EDITORS, 302, {"name": "Tap"}, lacks=DELETE_DEVICES),
        rows={"session_id": "activation_id"},
    ),
    page(
        "/sessions/<session_id>/evidence/",
        post(DEVICE_EDITORS, 302, {"kind": "led", "value": "dark"}, lacks=EDIT_DEVICES),
    ),
    page("/sessions/<session_id>/report/", get()),
    page(
        "/sessions/<session_id>/again/<device_id>/",
        get(EDITORS, 302, lacks=DELETE_DEVICES),
        post(EDITORS, 302, {"confirm": "<device_name>"}, lacks=DELETE_DEVICES),
        rows={"session_id": "activation_id"},
    ),
    page("/sessions/<session_id>/route/", post(EDITORS, 302, {"route": "usb"}, lacks=DELETE_DEVICES)),
    page("/sessions/<session_id>/hotspot/", get()),
    page("/sessions/<session_id>/usb/", get()),
    page("/sessions/<session_id>/virtual/", post(EDITORS, 302, {"token": "x"}, lacks=DELETE_DEVICES)),
]

KEYS = [
    page("/team/keys/", get(EDITORS, lacks=MANAGE_KEYS)),
    page(
        "/team/keys/new/",
        get(EDITORS, lacks=MANAGE_KEYS),
        post(EDITORS, 200, {"name": "Line", "permissions": [VIEW], "days": "30"}, lacks=MANAGE_KEYS),
    ),
    page(
        "/team/keys/<key_id>/revoke/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        post(MANAGERS, 302, lacks=MANAGE_MEMBERS),
    ),
    api("api-keys/", get(EDITORS, lacks=MANAGE_KEYS), post(EDITORS, 201, {"name": "Line"}, lacks=MANAGE_KEYS)),
    api("api-keys/<key_id>/", delete(MANAGERS, lacks=MANAGE_MEMBERS)),
]

WEBHOOKS = [
    page("/team/webhooks/", get(EDITORS, lacks=MANAGE_WEBHOOKS)),
    page("/team/webhooks/new/", get(EDITORS, lacks=MANAGE_WEBHOOKS), post(EDITORS, 200, HOOK, lacks=MANAGE_WEBHOOKS)),
    page("/team/webhooks/mails/", get(), post(ok=302, body={"mails": "on"})),
    page("/team/webhooks/<webhook_id>/", get(EDITORS, lacks=MANAGE_WEBHOOKS)),
    page(
        "/team/webhooks/<webhook_id>/edit/",
        get(EDITORS, lacks=MANAGE_WEBHOOKS),
        post(EDITORS, 302, HOOK, lacks=MANAGE_WEBHOOKS),
    ),
    page("/team/webhooks/<webhook_id>/secret/", post(EDITORS, 200, lacks=MANAGE_WEBHOOKS)),
    page(
        "/team/webhooks/<webhook_id>/delete/",
        get(EDITORS, lacks=MANAGE_WEBHOOKS),
        post(EDITORS, 302, {"confirm": "<webhook_name>"}, lacks=MANAGE_WEBHOOKS),
    ),
    page("/team/webhooks/<webhook_id>/test/", post(EDITORS, 302, lacks=MANAGE_WEBHOOKS)),
    page("/team/webhooks/<webhook_id>/deliveries/<delivery_id>/resend/", post(EDITORS, 302, lacks=MANAGE_WEBHOOKS)),
]

API = [
    api("webhooks/", get(EDITORS, lacks=MANAGE_WEBHOOKS), post(EDITORS, 201, HOOK, lacks=MANAGE_WEBHOOKS)),
    api(
        "webhooks/<webhook_id>/",
        get(EDITORS, lacks=MANAGE_WEBHOOKS),
        patch(EDITORS, 200, {"name": "Other"}, lacks=MANAGE_WEBHOOKS),
        delete(EDITORS, lacks=MANAGE_WEBHOOKS),
    ),
    api("webhooks/<webhook_id>/test/", post(EDITORS, 202, lacks=MANAGE_WEBHOOKS)),
    api("webhooks/<webhook_id>/deliveries/", get(EDITORS, lacks=MANAGE_WEBHOOKS)),
    api("webhooks/<webhook_id>/deliveries/<delivery_id>/resend/", post(EDITORS, 202, lacks=MANAGE_WEBHOOKS)),
    api("audit/", get(MANAGERS, lacks=SEE_AUDIT)),
    api("boards/", get()),
    api("boards/<key>/", get(), rows={"key": "esp32"}),
    api("gateway-check/", post(ok=200)),
    api("templates/", get(), post(EDITORS, 201, PUMP, lacks=EDIT_TEMPLATES)),
    api("templates/import/", post(EDITORS, 201, raw=PUMP_FILE, lacks=EDIT_TEMPLATES)),
    api(
        "templates/<template_id>/",
        get(),
        patch(EDITORS, 200, {"name": "Pump"}, lacks=EDIT_TEMPLATES),
        delete(EDITORS, lacks=EDIT_TEMPLATES),
        rows={"template_id": "spare_id"},
    ),
    api("templates/<template_id>/check/", post(ok=200, body={"text": "#define BLYNK_TEMPLATE_ID"})),
    api("templates/<template_id>/firmware/", get()),
    api("templates/<template_id>/hotspot-names/", get()),
    api("templates/<template_id>/duplicate/", post(EDITORS, 201, lacks=EDIT_TEMPLATES)),
    api("templates/<template_id>/export/", get()),
    api("templates/<template_id>/revisions/", get()),
    api("templates/<template_id>/revisions/<number>/", get(), rows={"number": "1"}),
    api(
        "templates/<template_id>/revisions/<number>/restore/",
        post(EDITORS, 200, {"revision": 1}, lacks=EDIT_TEMPLATES),
        rows={"number": "1"},
    ),
    api("provisioning-funnel/", get()),
    api("provisioning-sessions/", get(), post(EDITORS, 201, {"template_id": "<template_id>"}, lacks=PROVISION)),
    api("provisioning-sessions/<session_id>/", get(), delete(EDITORS, lacks=DELETE_DEVICES)),
    api(
        "provisioning-sessions/<session_id>/evidence/",
        post(DEVICE_EDITORS, 201, {"kind": "last_error", "value": 701}, lacks=EDIT_DEVICES),
    ),
    api("provisioning-sessions/<session_id>/report/", get()),
    api(
        "provisioning-sessions/<session_id>/same-as/",
        post(EDITORS, 409, {"device_id": "<device_id>"}, lacks=DELETE_DEVICES),
        rows={"session_id": "activation_id"},
    ),
    api("team/members/", get()),
    api(
        "team/members/<member_id>/",
        get(),
        patch(MANAGERS, 200, {"role": "installer"}, lacks=MANAGE_MEMBERS),
        delete(MANAGERS, lacks=MANAGE_MEMBERS),
    ),
    api(
        "team/invitations/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        post(
            MANAGERS,
            201,
            {"email": "noa@example.com", "role": "installer", "grants": [{"template_id": "<template_id>"}]},
            lacks=MANAGE_MEMBERS,
        ),
    ),
    api(
        "team/invitations/<invitation_id>/",
        get(MANAGERS, lacks=MANAGE_MEMBERS),
        delete(MANAGERS, lacks=MANAGE_MEMBERS),
    ),
    api("team/invitations/<invitation_id>/resend/", post(MANAGERS, 200, lacks=MANAGE_MEMBERS)),
    api("grants/", get(), query="?member_id=<member_id>&template_id=<template_id>"),
    api(
        "grants/<member_id>/<template_id>/",
        get(),
        put(MANAGERS, 200, {"devices_limit": 5}, lacks=MANAGE_MEMBERS),
        delete(MANAGERS, lacks=MANAGE_MEMBERS),
        rows={"member_id": "helper_id"},
    ),
    api(
        "grant-requests/",
        get(),
        post(ok=201, body={"template_id": "<template_id>"}, answers=dict.fromkeys(EDITORS, 400)),
    ),
    api("grant-requests/<request_id>/grant/", post(MANAGERS, 200, lacks=MANAGE_MEMBERS)),
    api("grant-requests/<request_id>/decline/", post(MANAGERS, 200, lacks=MANAGE_MEMBERS)),
    api(
        "provisioning-batches/",
        get(),
        post(EDITORS, 201, {"template_id": "<template_id>", "count": 2}, lacks=PROVISION),
    ),
    api("provisioning-batches/<batch_id>/", get(), delete(EDITORS, 200, lacks=DELETE_DEVICES)),
    api("devices/", get(), query="?template_id=<template_id>"),
    api(
        "devices/<device_id>/",
        get(),
        patch(DEVICE_EDITORS, 200, {"name": "Tap"}, lacks=EDIT_DEVICES),
        delete(EDITORS, lacks=DELETE_DEVICES),
    ),
    api("devices/<device_id>/reconfigure/", post(EDITORS, 201, lacks=PROVISION)),
    api("devices/<device_id>/reboot/", post(DEVICE_EDITORS, 409, lacks=EDIT_DEVICES)),
    api("devices/<device_id>/setup-mode/", post(DEVICE_EDITORS, 409, lacks=EDIT_DEVICES)),
    api("devices/<device_id>/data/", delete(EDITORS, 200, lacks=DELETE_DEVICES)),
    api("devices/<device_id>/token/", get(), delete(EDITORS, lacks=DELETE_DEVICES)),
    api("devices/<device_id>/token/rotate/", post(EDITORS, 201, {"overlap_seconds": 60}, lacks=PROVISION)),
    api("refused-logins/", get()),
    api("devices/<device_id>/timeline/", get()),
    api(
        "devices/<device_id>/readings/",
        get(),
        post(DEVICE_EDITORS, 201, {"pin": 1, "value": "5"}, lacks=EDIT_DEVICES),
    ),
    api("schema/", get(), gate=Gate.ALL),
    api("docs/", get(), gate=Gate.ALL),
]

SIGN_IN = [
    page("/accounts/login/", get(ok=302, answers=GREETED), post(ok=302, answers=GREETED), gate=Gate.ALL),
    page("/accounts/login/code/confirm/", get(ok=302), post(ok=302), gate=Gate.ALL),
    page("/accounts/logout/", get(ok=200, answers=SENT_HOME), post(ok=302), gate=Gate.ALL),
    page("/accounts/signup/", get(ok=302, answers=GREETED), post(ok=302, answers=GREETED), gate=Gate.ALL),
    page("/accounts/inactive/", get(), gate=Gate.ALL),
    page("/accounts/reauthenticate/", get(), post(ok=200, body={"password": "wrong"}), gate=Gate.PEOPLE),
    page("/accounts/email/", get(), post(ok=200, body={"action_add": "", "email": ""}), gate=Gate.PEOPLE),
    page("/accounts/confirm-email/", get(), gate=Gate.ALL),
    page("/accounts/confirm-email/<key>/", get(), post(ok=404), gate=Gate.ALL, rows={"key": "unknown"}),
    page("/accounts/password/change/", get(), post(ok=200), gate=Gate.PEOPLE),
    page("/accounts/password/set/", get(ok=302), post(ok=302), gate=Gate.PEOPLE),
    page("/accounts/password/reset/", get(), post(ok=200), gate=Gate.ALL),
    page("/accounts/password/reset/done/", get(), gate=Gate.ALL),
    page(
        "/accounts/password/reset/key/<uidb36>-<key>/",
        get(),
        post(ok=200),
        gate=Gate.ALL,
        rows={"uidb36": "1", "key": "unknown"},
    ),
    page("/accounts/password/reset/key/done/", get(), gate=Gate.ALL),
    page("/accounts/profile/", get(), post(ok=302, body={"name": "Somebody"}), gate=Gate.PEOPLE),
    page("/accounts/sessions/", get(), gate=Gate.PEOPLE),
    page("/accounts/sessions/sign-out-others/", post(ok=302), gate=Gate.PEOPLE),
    page("/accounts/sessions/<session_id>/sign-out/", post(ok=404), gate=Gate.PEOPLE, rows={"session_id": "0"}),
    page("/accounts/2fa/", get(), gate=Gate.PEOPLE),
    page("/accounts/2fa/authenticate/", get(ok=302), post(ok=302), gate=Gate.ALL),
    page("/accounts/2fa/reauthenticate/", get(ok=302), post(ok=302), gate=Gate.PEOPLE),
    page("/accounts/2fa/totp/activate/", get(), post(ok=200, body={"code": "x"}), gate=Gate.PEOPLE),
    page("/accounts/2fa/totp/deactivate/", get(ok=404), post(ok=404), gate=Gate.PEOPLE),
    page("/accounts/2fa/recovery-codes/", get(ok=404), gate=Gate.PEOPLE),
    page("/accounts/2fa/recovery-codes/generate/", get(), post(ok=200), gate=Gate.PEOPLE),
    page("/accounts/2fa/recovery-codes/download/", get(ok=404), gate=Gate.PEOPLE),
    page("/accounts/2fa/webauthn/", get(), gate=Gate.PEOPLE),
    page("/accounts/2fa/webauthn/add/", get(), post(ok=200, body={"credential": "{}"}), gate=Gate.PEOPLE),
    page("/accounts/2fa/webauthn/login/", get(ok=302), post(ok=302), gate=Gate.ALL),
    page("/accounts/2fa/webauthn/reauthenticate/", get(ok=302), post(ok=302), gate=Gate.PEOPLE),
    page("/accounts/2fa/webauthn/keys/<pk>/edit/", get(ok=404), post(ok=404), gate=Gate.PEOPLE, rows={"pk": "0"}),
    page("/accounts/2fa/webauthn/keys/<pk>/remove/", get(ok=404), post(ok=404), gate=Gate.PEOPLE, rows={"pk": "0"}),
    page("/accounts/3rdparty/", get(), post(ok=200), gate=Gate.PEOPLE),
    page("/accounts/3rdparty/login/cancelled/", get(), gate=Gate.ALL),
    page("/accounts/3rdparty/login/error/", get(ok=401), gate=Gate.ALL),
    page("/accounts/3rdparty/signup/", get(ok=302), post(ok=302), gate=Gate.ALL),
    page("/accounts/social/login/cancelled/", get(ok=301), gate=Gate.ALL),
    page("/accounts/social/login/error/", get(ok=301), gate=Gate.ALL),
    page("/accounts/social/signup/", get(ok=301), gate=Gate.ALL),
    page("/accounts/social/connections/", get(ok=301), gate=Gate.ALL),
]

TABLE: list[Line] = [
    *GENERAL,
    *TEAM,
    *PROVISIONING,
    *TEMPLATES,
    *DEVICES,
    *SESSIONS,
    *KEYS,
    *WEBHOOKS,
    *API,
    *SIGN_IN,
]

NOWHERE = "/api/v1/"
"""Any address of the API that is none: 404 whatever the method, with or without a key."""

STAFF_ONLY = "/admin/"
"""Every address below it is for those who run the installation: one line holds for them all, those of tables to come
included."""
