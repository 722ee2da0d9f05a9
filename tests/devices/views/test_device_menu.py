"""The device menu: reconfigure, reboot, setup mode, erase, and what each says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from console.kit import gateway_bus
from console.teams.models import Grant
from devices.actions import activation, presence, readings, sessions
from devices.actions.values import Activated, Attach, Claim, Detach, Written
from devices.models import AuthToken, Device, Presence, ProvisioningSession, Reading, TimelineEvent
from tests.cast import Cast, signed_in
from tests.selectors import has, one, piece, text_of, texts

pytestmark = pytest.mark.django_db


def url_of(device: Device, name: str) -> str:
    return reverse(f"devices:{name}", args=[device.pk])


@pytest.fixture(autouse=True)
def every_order_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_bus, "console_command", lambda **_: True)


def connect(device: Device, connection_id: int = 1) -> None:
    presence.attach([Attach(device.pk, connection_id, "one", "192.0.2.7", 60)])


def test_menu_has_what_the_help_article_names(device: Device, cast: Cast) -> None:
    page = signed_in(cast.alice).get(url_of(device, "menu"))
    labels = texts(page, ".menu-item-label")
    for label in ("Reconfigure", "Reboot", "Enter setup mode", "Erase all device data", "Delete device"):
        assert label in labels
    assert "Cancel" in text_of(page, ".menu-end")


def test_dialog_and_page_hold_the_same_menu(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    dialog, page = client.get(url_of(device, "detail")), client.get(url_of(device, "menu"))
    assert has(dialog, f'a[data-dialog-open="device-menu"][href="{url_of(device, "menu")}"]')
    assert texts(dialog, "#device-menu .menu-item-label") == texts(page, ".menu-page .menu-item-label")


def test_menu_names_the_permission_that_is_missing(device: Device, cast: Cast) -> None:
    page = signed_in(cast.ines).get(url_of(device, "menu"))
    text = text_of(page, ".menu-list")
    assert "Needs the permission to provision new devices." in text
    assert "Needs the permission to delete devices." in text
    assert has(page, f'form[action="{url_of(device, "reboot")}"]')
    assert not has(page, f'a[href="{url_of(device, "erase")}"]')
    viewers = signed_in(cast.vic).get(url_of(device, "detail"))
    assert text_of(viewers, "#device-menu").count("Needs the permission to") == 5
    assert not has(viewers, "#device-menu form")


def test_reconfigure_opens_a_session_for_this_device(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    explained = client.get(url_of(device, "reconfigure"))
    assert "works until the new one is first used" in text_of(explained)
    form = {"request_id": one(explained, "input[name=request_id]")["value"]}
    page = client.post(url_of(device, "reconfigure"), form)
    assert device.name in text_of(page, "h1")
    assert "present token works until this one is first used" in text_of(page, ".page-lead")
    token = str(one(page, "[data-session-token]")["data-session-token"])
    assert len(token) == 32
    assert page["Cache-Control"].find("no-store") >= 0
    again = client.post(url_of(device, "reconfigure"), form)
    assert again.status_code == 302
    session = ProvisioningSession.objects.get(is_reconfigure=True)
    assert (session.device, session.opened_by) == (device, cast.alice.label)
    assert "is open already" in text_of(client.get(url_of(device, "reconfigure")))


def test_reconfigure_by_a_grant_of_the_template(device: Device, cast: Cast) -> None:
    client = signed_in(cast.ines)
    refused = client.post(url_of(device, "reconfigure"))
    assert refused.status_code == 403
    assert "provision new devices" in text_of(refused)
    Grant.objects.create(member=cast.ines, template_id=device.template.template_id)
    assert client.post(url_of(device, "reconfigure")).status_code == 200


def live_tokens(device: Device) -> list[int]:
    return list(AuthToken.objects.live().filter(device=device).values_list("pk", flat=True))


@pytest.mark.parametrize("ending", ["cancelled", "expired"])
def test_session_that_ends_unused_leaves_the_device_as_it_was(ending: str, device: Device, cast: Cast) -> None:
    before = live_tokens(device)
    opened = sessions.open_session(template=device.template, by=cast.alice, device=device)
    if ending == "cancelled":
        sessions.cancel(session=opened.session)
    else:
        ProvisioningSession.objects.filter(pk=opened.session.pk).update(expires_at=timezone.now())
        AuthToken.objects.filter(session=opened.session).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert live_tokens(device) == before
    page = signed_in(cast.alice).get(reverse("sessions:detail", args=[opened.session.pk]))
    assert "is as it was" in text_of(page, "#progress")
    assert has(page, f'#progress a[href="{url_of(device, "reconfigure")}"]')


def test_first_use_of_the_new_token_ends_the_old_one(device: Device, cast: Cast) -> None:
    (old,) = live_tokens(device)
    opened = sessions.open_session(template=device.template, by=cast.alice, device=device)
    assert live_tokens(device) == [old]
    (outcome,) = activation.activate([Claim(opened.session.token.pk, "192.0.2.9")])
    assert isinstance(outcome, Activated)
    assert outcome.device_id == device.pk
    assert live_tokens(device) == [opened.session.token.pk]
    page = signed_in(cast.alice).get(url_of(device, "detail"))
    assert f"Reconfigured by {cast.alice.label}" in text_of(page, ".timeline")


@pytest.mark.parametrize("name", ["reboot", "setup_mode"])
def test_order_to_an_offline_device_says_so(name: str, device: Device, cast: Cast) -> None:
    page = signed_in(cast.ines).post(url_of(device, name), follow=True)
    assert "is offline, so nothing was sent" in text_of(page)
    assert not TimelineEvent.objects.filter(kind=name).exists()


def order_of(device: Device, cast: Cast) -> str:
    return text_of(signed_in(cast.alice).get(url_of(device, "detail")), "#device-order")


def test_reboot_waits_for_evidence(device: Device, cast: Cast) -> None:
    connect(device)
    page = signed_in(cast.ines).post(url_of(device, "reboot"), follow=True)
    assert "is asked to reboot" in text_of(page)
    assert f"{cast.ines.label} asked the board to reboot." in text_of(page, ".timeline")
    assert "waiting for the board to go offline" in order_of(device, cast)
    presence.detach([Detach(device.pk, 1, "connection closed")])
    assert "went offline" in order_of(device, cast)
    connect(device, 2)
    assert "it is connected anew" in order_of(device, cast)


def test_reboot_that_nobody_obeyed_says_so(device: Device, cast: Cast) -> None:
    connect(device)
    client = signed_in(cast.ines)
    client.post(url_of(device, "reboot"))
    TimelineEvent.objects.filter(kind="reboot").update(at=timezone.now() - timedelta(minutes=2))
    assert "Nothing shows that the board obeyed" in order_of(device, cast)
    TimelineEvent.objects.filter(kind="reboot").update(at=timezone.now() - timedelta(hours=1))
    assert order_of(device, cast) == ""


def test_setup_mode_is_explained_and_shown_when_it_happened(device: Device, cast: Cast) -> None:
    connect(device)
    client = signed_in(cast.ines)
    assert "stays so until somebody beside it" in text_of(client.get(url_of(device, "setup_mode")))
    client.post(url_of(device, "setup_mode"))
    presence.detach([Detach(device.pk, 1, "connection closed")])
    assert "to open its hotspot" in order_of(device, cast)
    connect(device, 2)
    assert "did not stay in setup mode" in order_of(device, cast)


def test_open_page_shows_the_order_as_a_reload_does(device: Device, cast: Cast) -> None:
    connect(device)
    client = signed_in(cast.alice)
    poll = url_of(device, "detail") + str(one(client.get(url_of(device, "detail")), "#live")["hx-get"])
    client.post(url_of(device, "reboot"))
    client.get(url_of(device, "detail"))
    swapped = client.get(poll, headers={"HX-Request": "true"})
    assert piece(swapped, "#live") == piece(client.get(url_of(device, "detail")), "#live")


def test_erase_asks_for_the_name_and_says_what_went(device: Device, cast: Cast) -> None:
    readings.write([Written(device.pk, 4, "21")])
    client = signed_in(cast.alice)
    page = client.get(url_of(device, "erase"))
    assert "The device with its name, its token and its connection." in text_of(page)
    for typed in ("", "wrong", device.name.upper()):
        assert client.post(url_of(device, "erase"), {"confirm": typed}).status_code == 422
    assert Reading.objects.exists()
    answer = client.post(url_of(device, "erase"), {"confirm": device.name}, follow=True)
    assert "1 reading, 1 latest value, 0 events and 0 metadata values" in text_of(answer, ".toasts")
    assert "1 readings, 1 latest values, 0 events, 0 metadata values." in text_of(answer, ".timeline")
    again = client.post(url_of(device, "erase"), {"confirm": device.name}, follow=True)
    assert "had no data to erase" in text_of(again)
    assert not Reading.objects.exists()


def test_teammates_and_strangers(device: Device, cast: Cast) -> None:
    connect(device)
    for name, permission in (
        ("reconfigure", "provision new devices"),
        ("reboot", "edit devices"),
        ("setup_mode", "edit devices"),
        ("erase", "delete devices"),
    ):
        refused = signed_in(cast.vic).post(url_of(device, name), {"confirm": device.name})
        assert refused.status_code == 403
        assert permission in text_of(refused)
        assert signed_in(cast.sam).post(url_of(device, name), {"confirm": device.name}).status_code == 404
    assert signed_in(cast.sam).get(url_of(device, "menu")).status_code == 404
    assert signed_in(cast.alice).get(url_of(device, "reboot")).status_code == 405
    assert Presence.objects.filter(is_connected=True).exists()


def test_name_prompt_survives_reload_back_and_a_second_phone(device: Device, cast: Cast) -> None:
    first, second = signed_in(cast.alice), signed_in(cast.alice)
    page = reverse("sessions:detail", args=[device.activation_id])
    for phone in (first, first, second):
        assert one(phone.get(page), "input[name=name]")["value"] == device.name
    first.post(page + "name/", {"name": "North"})
    assert not has(second.get(page), "input[name=name]")
    # The second phone still shows the form it had: the last name counts, and both are in the timeline.
    second.post(page + "name/", {"name": "South"})
    device.refresh_from_db()
    assert device.name == "South"
    assert TimelineEvent.objects.filter(kind="renamed").count() == 2
