"""The token page of a device, and static tokens at "Add device"."""

import pytest
from django.urls import reverse

from console.teams.models import Grant
from devices.actions import activation, tokens
from devices.actions.values import Claim
from devices.models import AuthToken, Device, ProvisioningSession
from devices.status import Route
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller
from tests.selectors import has, one, soup, text_of, texts

pytestmark = pytest.mark.django_db
NEW = reverse("sessions:new")


def url_of(device: Device, name: str = "token") -> str:
    return reverse(f"devices:{name}", args=[device.pk])


def test_add_device_offers_a_static_token(template: Template, cast: Cast) -> None:
    client = signed_in(cast.alice)
    form = client.get(NEW)
    assert "Static token (sketch without Edgent)" in text_of(form)
    page = client.post(NEW, {"template": template.template_id, "route": "static"})
    token = str(one(page, "[data-session-token]")["data-session-token"])
    lines = one(page, "#static-lines").get_text().split("\n")
    assert f'#define BLYNK_TEMPLATE_ID "{template.template_id}"' in lines
    assert '#define BLYNK_TEMPLATE_NAME "Soil Sensor"' in lines
    assert f'#define BLYNK_AUTH_TOKEN "{token}"' in lines
    assert "BLYNK_DEVICE_NAME" in text_of(page, "#static-lines-older")
    assert not has(page, "#edgent-head")
    session = ProvisioningSession.objects.get()
    assert session.route == Route.STATIC
    reloaded = client.get(reverse("sessions:detail", args=[session.pk]))
    assert "YOUR_AUTH_TOKEN" in text_of(reloaded, "#static-lines")
    assert token not in reloaded.text


def test_token_page_tells_what_works(device: Device, cast: Cast) -> None:
    page = signed_in(cast.vic).get(url_of(device))
    assert texts(page, "tbody td")[0] == "In use"
    assert AuthToken.objects.get().hint in text_of(page, "tbody")
    assert "Needs the permission to provision new devices." in text_of(page)
    assert not has(page, "main form")


def test_rotating_with_an_overlap(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    form = client.get(url_of(device))
    sent = {"overlap": "86400", "request_id": one(form, "input[name=request_id]")["value"]}
    page = client.post(url_of(device, "token_rotate"), sent)
    assert text_of(page, "h1") == f"New token for {device.name}"
    assert "works until this one is first used, and 1 day longer" in text_of(page, ".page-lead")
    assert client.post(url_of(device, "token_rotate"), sent).status_code == 302
    assert ProvisioningSession.objects.filter(is_reconfigure=True).count() == 1
    assert "Issued, not used yet" in text_of(client.get(url_of(device)), "tbody")
    activation.activate([Claim(ProvisioningSession.objects.get(is_reconfigure=True).token.pk, "192.0.2.9")])
    after = client.get(url_of(device))
    assert texts(after, "tbody td[data-label=State]") == ["In use", "Earlier token, lives on"]
    detail = client.get(url_of(device, "detail"))
    assert "Logged in with the new token that Alice issued." in text_of(detail, ".timeline")
    assert "The earlier token works for another 1 day." in text_of(detail, ".timeline")


@pytest.mark.parametrize("overlap", ["x", "-1", "²", "9" * 30, str(91 * 86400), "\0"])
def test_hostile_overlap_is_refused_with_a_sentence(overlap: str, device: Device, cast: Cast) -> None:
    page = signed_in(cast.alice).post(url_of(device, "token_rotate"), {"overlap": overlap}, follow=True)
    assert "earlier token" in text_of(page, ".toasts")
    assert not ProvisioningSession.objects.filter(is_reconfigure=True).exists()


def test_revoking_asks_for_the_name_and_says_how_to_go_on(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert client.post(url_of(device, "token_revoke"), {"confirm": "wrong"}).status_code == 422
    page = client.post(url_of(device, "token_revoke"), {"confirm": device.name}, follow=True)
    assert "Issue a new one below" in text_of(page, ".toasts")
    assert "This device has no token that works" in text_of(page, ".notice")
    again = client.post(url_of(device, "token_revoke"), {"confirm": device.name}, follow=True)
    assert "nothing was changed" in text_of(again, ".toasts")
    assert "revoked the token" in text_of(client.get(url_of(device, "detail")), ".timeline")


def test_who_may(device: Device, cast: Cast) -> None:
    for name, permission in (("token_rotate", "provision new devices"), ("token_revoke", "delete devices")):
        refused = signed_in(cast.ines).post(url_of(device, name), {"confirm": device.name})
        assert refused.status_code == 403
        assert permission in text_of(refused)
        assert signed_in(cast.sam).post(url_of(device, name), {"confirm": device.name}).status_code == 404
    Grant.objects.create(member=cast.ines, template_id=device.template.template_id)
    assert signed_in(cast.ines).post(url_of(device, "token_rotate")).status_code == 200
    assert signed_in(cast.sam).get(url_of(device)).status_code == 404
    assert AuthToken.objects.active().count() == 1


def test_api_rotates_lists_and_revokes(device: Device, cast: Cast) -> None:
    api = caller(cast.alice)
    opened = api.send("POST", f"devices/{device.pk}/token/rotate/", {"overlap_seconds": 60})
    assert (opened.status, len(opened.data["token"])) == (201, 32)
    states = [row["state"] for row in api.get(f"devices/{device.pk}/token/").data["tokens"]]
    assert states == ["active", "waiting"]
    assert opened.data["token"] not in str(api.get(f"devices/{device.pk}/token/").data)
    for body in ({"overlap_seconds": -1}, {"overlap_seconds": 91 * 86400}, {"lifetime_seconds": 5}, {"x": 1}):
        assert api.send("POST", f"devices/{device.pk}/token/rotate/", body).status == 400
    for _ in range(2):
        assert api.send("DELETE", f"devices/{device.pk}/token/").status == 204
    states = [row["state"] for row in api.get(f"devices/{device.pk}/token/").data["tokens"]]
    assert states == ["waiting"]


def test_static_session_in_the_api(template: Template, cast: Cast) -> None:
    body = {"template_id": template.template_id, "route": "static"}
    opened = caller(cast.alice).send("POST", "provisioning-sessions/", body)
    assert opened.status == 201
    assert ProvisioningSession.objects.get().route == Route.STATIC
    refused = caller(cast.alice).send("POST", "provisioning-sessions/", body | {"route": "carrier pigeon"})
    assert refused.status == 400


def test_every_code_block_of_a_static_session_takes_the_token_from_the_tab(template: Template, cast: Cast) -> None:
    opened = tokens.issue_static(template=template, by=cast.alice)
    page = signed_in(cast.alice).get(reverse("sessions:detail", args=[opened.session.pk]))
    holding = [code for code in soup(page).select("code") if "YOUR_AUTH_TOKEN" in code.get_text()]
    assert holding
    assert all(code.has_attr("data-token-slot") for code in holding)
