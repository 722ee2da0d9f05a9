"""Adding a device, as its pages tell it."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from console.kit.tokens import TOKEN_PREFIX, is_ours
from console.teams.models import Grant
from devices.actions import activation, sessions
from devices.actions.values import Claim
from devices.models import AuthToken, Device, ProvisioningSession
from devices.status import SessionState
from devices.virtual import orders
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, piece, text_of

pytestmark = pytest.mark.django_db
NEW = reverse("sessions:new")


def open_in(client: Client, template: Template, request_id: str = "") -> str:
    """Press "Issue token"; returns the token that the answer shows."""
    response = client.post(NEW, {"template": template.template_id, "request_id": request_id})
    assert response.status_code == 200
    return str(one(response, "[data-session-token]")["data-session-token"])


def url_of(session: ProvisioningSession, name: str = "detail") -> str:
    return reverse(f"sessions:{name}", args=[session.pk])


@pytest.fixture
def session(template: Template, cast: Cast) -> ProvisioningSession:
    return sessions.open_session(template=template, by=cast.alice).session


def test_issuing_shows_the_token_once(template: Template, cast: Cast) -> None:
    client = signed_in(cast.alice)
    token = open_in(client, template)
    assert is_ours(token, TOKEN_PREFIX)
    again = client.get(url_of(ProvisioningSession.objects.get()))
    assert token not in again.content.decode()
    assert "no-store" in again["Cache-Control"]
    assert has(again, "[data-token-slot]")


def test_the_page_hands_over_gateway_and_snippets(template: Template, cast: Cast) -> None:
    client = signed_in(cast.alice)
    response = client.post(NEW, {"template": template.template_id})
    text = text_of(response)
    assert "127.0.0.1:8080" in text
    for library in ("BlynkSimpleEsp32.h", "import BlynkLib", "import blynklib", "blynk-library"):
        assert library in text
    assert "Blynk Soil Sensor-XXXX" in text


def test_page_says_when_boards_cannot_reach_the_gateway(template: Template, cast: Cast) -> None:
    client = signed_in(cast.alice)
    page = client.post(NEW, {"template": template.template_id})
    assert "Boards on your WiFi cannot reach 127.0.0.1" in text_of(page, ".finding")
    with override_settings(GATEWAY_PUBLIC_HOST="devices.example.com"):
        assert not has(client.post(NEW, {"template": template.template_id}), ".finding")


def test_double_submit_opens_one_session(template: Template, cast: Cast) -> None:
    client, request_id = signed_in(cast.alice), str(uuid4())
    open_in(client, template, request_id)
    second = client.post(NEW, {"template": template.template_id, "request_id": request_id}, follow=True)
    assert ProvisioningSession.objects.count() == 1
    assert "already open" in text_of(second)


def test_template_from_the_address_is_chosen(template: Template, cast: Cast) -> None:
    response = signed_in(cast.alice).get(NEW, {"template": template.template_id})
    assert one(response, "option[selected]")["value"] == template.template_id


def test_team_without_templates_is_sent_to_make_one(cast: Cast) -> None:
    response = signed_in(cast.alice).get(NEW)
    assert has(response, f'a[href="{reverse("templates:new")}"]')


def test_teammate_without_the_permission_is_told_which_and_whom_to_ask(template: Template, cast: Cast) -> None:
    for member in (cast.vic, cast.ines):
        client = signed_in(member)
        assert "provision new devices" in text_of(client.get(NEW))
        refused = client.post(NEW, {"template": template.template_id})
        assert refused.status_code == 403
        assert "provision new devices" in text_of(refused)
        assert "Alice or Ann" in text_of(refused)
    assert not ProvisioningSession.objects.exists()


def test_installer_with_a_grant_opens_a_session(template: Template, cast: Cast) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    open_in(signed_in(cast.ines), template)


def test_stranger_sees_404_everywhere(session: ProvisioningSession, template: Template, cast: Cast) -> None:
    client = signed_in(cast.sam)
    assert client.get(url_of(session)).status_code == 404
    assert client.post(NEW, {"template": template.template_id}).status_code == 404
    for name in ("cancel", "name", "virtual"):
        assert client.post(url_of(session, name)).status_code == 404


def test_signed_out_visitor_is_sent_to_sign_in(session: ProvisioningSession) -> None:
    for url in (url_of(session), NEW, reverse("sessions:list")):
        assert Client().get(url)["Location"].startswith(reverse("account_login"))


def test_changes_ask_for_post(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    for name in ("cancel", "name", "virtual"):
        assert client.get(url_of(session, name)).status_code == 405


def test_teammate_watches_but_only_opener_or_manager_cancels(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.vic)
    assert client.get(url_of(session)).status_code == 200
    assert not has(client.get(url_of(session)), f'form[action="{url_of(session, "cancel")}"]')
    assert client.post(url_of(session, "cancel")).status_code == 403
    signed_in(cast.dan).post(url_of(session, "cancel"))
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED


def test_cancelling_kills_the_token(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    response = client.post(url_of(session, "cancel"), follow=True)
    assert "no longer works" in text_of(response)
    assert AuthToken.objects.get(session=session).revoked_at is not None
    assert "already ended" in text_of(client.post(url_of(session, "cancel"), follow=True))


def test_steps_follow_the_device(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert "Waiting for the device" in text_of(client.get(url_of(session)), ".step-now")
    ProvisioningSession.objects.update(seen_at=timezone.now(), seen_from="192.0.2.7")
    assert "Device seen" in text_of(client.get(url_of(session)), ".step-now")
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    page = client.get(url_of(session))
    assert "Named" in text_of(page, ".step-now")
    assert has(page, "[data-session-ended=true]")
    # Until it is named the page goes on asking: the board tells its hotspot's name after its first login.
    assert has(page, "#progress[hx-get]")
    ProvisioningSession.objects.update(named_at=timezone.now())
    assert not has(client.get(url_of(session)), "#progress[hx-get]")


def test_poll_answers_only_when_something_changed(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    page = client.get(url_of(session))
    poll = str(one(page, "#progress")["hx-get"])
    assert client.get(poll, headers={"HX-Request": "true"}).status_code == 204
    ProvisioningSession.objects.update(seen_at=timezone.now())
    swapped = client.get(poll, headers={"HX-Request": "true"})
    assert piece(swapped, "#progress") == piece(client.get(url_of(session)), "#progress")


def test_chosen_template_has_a_qr_code_for_a_phone(template: Template, cast: Cast) -> None:
    client = signed_in(cast.dan)
    assert has(client.get(f"{NEW}?template={template.template_id}"), ".qr")
    assert not has(client.get(NEW), ".qr")
    assert not has(signed_in(cast.vic).get(f"{NEW}?template={template.template_id}"), ".qr")


def test_poll_costs_a_fixed_number_of_queries(
    session: ProvisioningSession, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.alice)
    client.get(url_of(session))  # now and then it is noted that the owner watches
    with django_assert_max_num_queries(6):
        client.get(url_of(session), headers={"HX-Request": "true"})


def test_naming_leads_to_the_device(session: ProvisioningSession, cast: Cast) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    client = signed_in(cast.alice)
    response = client.post(url_of(session, "name"), {"name": "Greenhouse north"})
    device = Device.objects.get()
    assert response["Location"] == reverse("devices:detail", args=[device.pk])
    assert device.name == "Greenhouse north"


def test_unusable_name_says_what_to_change(session: ProvisioningSession, cast: Cast) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    response = signed_in(cast.alice).post(url_of(session, "name"), {"name": "x" * 61}, follow=True)
    assert "60 is the most" in text_of(response)


def test_overdue_session_shows_expired_and_its_finding_before_the_sweep(
    session: ProvisioningSession, cast: Cast
) -> None:
    past = timezone.now() - timedelta(minutes=1)
    ProvisioningSession.objects.update(expires_at=past)
    page = signed_in(cast.alice).get(url_of(session))
    assert "Nothing reached this server" in text_of(page, ".session-finding:first-of-type .finding-what")
    assert not has(page, "[data-session-token], [data-token-slot]")


def test_failed_session_shows_both_template_ids(session: ProvisioningSession, cast: Cast) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7", "TMPLother9999")])
    text = text_of(signed_in(cast.alice).get(url_of(session)), ".finding")
    assert session.template.template_id in text
    assert "TMPLother9999" in text


def test_reported_template_id_is_escaped(session: ProvisioningSession, cast: Cast) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7", "<script>alert(1)</script>")])
    assert "<script>alert" not in signed_in(cast.alice).get(url_of(session)).content.decode()


def test_list_filters_by_state_at_read(session: ProvisioningSession, cast: Cast) -> None:
    ProvisioningSession.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    client = signed_in(cast.alice)
    assert has(client.get(reverse("sessions:list"), {"state": "expired"}), f'a[href="{url_of(session)}"]')
    assert not has(client.get(reverse("sessions:list"), {"state": "open"}), f'a[href="{url_of(session)}"]')


def test_virtual_device_asks_for_the_sessions_own_token(session: ProvisioningSession, cast: Cast) -> None:
    response = signed_in(cast.alice).post(url_of(session, "virtual"), {"token": "x" * 32}, follow=True)
    text = text_of(response)
    assert "no longer has the session's token" in text or "only beside the embedded servers" in text


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the fleet is asked for, in embedded mode."""
    found: list[dict[str, object]] = []
    monkeypatch.setattr(orders, "is_offered", lambda: True)

    def place(order: orders.Order) -> bool:
        found.append(asdict(order))
        return True

    monkeypatch.setattr(orders, "_place", place)
    return found


def test_a_virtual_device_in_setup_mode_needs_no_token(
    session: ProvisioningSession, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    client = signed_in(cast.alice)
    page = client.get(url_of(session))
    assert len(page.content.decode().split('value="no-dns"')) == 2
    response = client.post(url_of(session, "virtual"), {"mode": "setup", "fault": "no-dns"}, follow=True)
    assert "is starting" in text_of(response)
    assert [(order["mode"], order["fault"], order["session_id"]) for order in ordered] == [
        ("setup", "no-dns", session.pk)
    ]


def test_a_virtual_device_is_ordered_with_its_token_and_fault(
    template: Template, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    client = signed_in(cast.alice)
    token = open_in(client, template)
    url = url_of(ProvisioningSession.objects.get(), "virtual")
    refused = client.post(url, {"mode": "connected", "token": token, "fault": "no-dns"}, follow=True)
    assert "in setup mode only" in text_of(refused)
    client.post(url, {"mode": "connected", "token": token, "fault": "dies-after-login"})
    assert "no fault of that name" in text_of(client.post(url, {"token": token, "fault": "no\0such"}, follow=True))
    client.post(url, {"token": token})
    assert [(order["token"], order["fault"]) for order in ordered] == [(token, "dies-after-login"), (token, "")]


def test_a_virtual_device_is_the_templates_board_unless_another_is_chosen(
    session: ProvisioningSession, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    Template.objects.update(board="mkr1000")
    client = signed_in(cast.alice)
    page = client.get(url_of(session))
    assert one(page, "#virtual-board option[selected]")["value"] == "mkr"
    url = url_of(session, "virtual")
    client.post(url, {"mode": "setup", "board": "mkr", "library": ""})
    client.post(url, {"mode": "setup", "board": "esp8266", "library": "1.0.1"})
    told = text_of(client.post(url, {"mode": "setup", "board": "mkr", "library": "1.4.0"}, follow=True))
    assert "choose 1.2.0" in told
    told = text_of(client.post(url, {"mode": "setup", "board": "abacus"}, follow=True))
    assert "no virtual board of that name" in told
    assert [(order["kind"], order["library"]) for order in ordered] == [("mkr", "1.2.0"), ("esp8266", "1.0.1")]


def test_a_choice_that_is_refused_stays_in_the_form_to_be_mended(
    template: Template, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    client = signed_in(cast.alice)
    token = open_in(client, template)
    url = url_of(ProvisioningSession.objects.get(), "virtual")
    fields = {"mode": "connected", "board": "esp8266", "library": "1.0.1", "fault": "no-dns"}
    refused = client.post(url, fields | {"token": token})
    assert token not in refused["Location"]
    page = client.get(refused["Location"])
    chosen = {name: one(page, f"#virtual-{name} option[selected]")["value"] for name in fields}
    assert (chosen, ordered) == (fields, [])
    assert has(page, "#virtual details[open]")
    unknown = client.post(url, {"mode": "setup", "board": "abacus", "token": token})
    assert unknown["Location"].endswith("/?mode=setup#virtual")
    for query in ({}, {"board": "abacus", "mode": "no\0such", "fault": "\N{FIRE}" * 80}):
        page = client.get(url_of(ProvisioningSession.objects.get()), query)
        assert not has(page, "#virtual details[open]")


@pytest.mark.parametrize(("board", "words"), [("wio-terminal", "(this template's)"), ("raspberry-pi-linux", "")])
@pytest.mark.usefixtures("ordered")
def test_only_the_templates_own_board_is_called_so(
    session: ProvisioningSession, cast: Cast, board: str, words: str
) -> None:
    Template.objects.update(board=board)
    page = signed_in(cast.alice).get(url_of(session))
    assert one(page, "#virtual-board option[selected]").text.endswith(words)
    assert text_of(page).count("(this template's)") == bool(words)


@pytest.mark.parametrize(("is_dark", "words"), [(False, "Blue, on for 50 ms, off for 500 ms"), (True, "Stays dark")])
def test_the_page_shows_what_the_led_of_its_board_does(
    session: ProvisioningSession,
    cast: Cast,
    ordered: list[dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
    is_dark: bool,
    words: str,
) -> None:
    status = orders.BoardStatus(hotspot_name="Blynk Soil", state="WAIT_CONFIG", led="wait_config", is_led_dark=is_dark)
    monkeypatch.setattr(orders, "board_of", lambda _session_id: status)
    assert words in text_of(signed_in(cast.alice).get(url_of(session)), "#progress .led-state")


def test_an_ended_session_gets_no_virtual_device_in_setup_mode(
    session: ProvisioningSession, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    sessions.cancel(session=session)
    response = signed_in(cast.alice).post(url_of(session, "virtual"), {"mode": "setup"}, follow=True)
    assert "This session has ended" in text_of(response)
    assert ordered == []


def test_teammate_who_may_not_change_the_session_starts_no_virtual_device(
    session: ProvisioningSession, cast: Cast, ordered: list[dict[str, object]]
) -> None:
    assert signed_in(cast.vic).post(url_of(session, "virtual"), {"mode": "setup"}).status_code == 403
    assert signed_in(cast.sam).post(url_of(session, "virtual"), {"mode": "setup"}).status_code == 404
    assert ordered == []


def test_the_page_links_the_setup_page_of_its_board(
    session: ProvisioningSession, cast: Cast, ordered: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    status = orders.BoardStatus(hotspot_name="Blynk Soil", state="WAIT_CONFIG", url="http://127.0.0.1:9/", serial="/x")
    monkeypatch.setattr(orders, "board_of", lambda _session_id: status)
    page = signed_in(cast.alice).get(url_of(session))
    assert one(page, 'a[href="http://127.0.0.1:9/"]').text == "http://127.0.0.1:9/"
    assert not has(signed_in(cast.vic).get(url_of(session)), 'a[href="http://127.0.0.1:9/"]')


def test_opening_too_often_is_answered_with_a_page_that_says_when(
    template: Template, cast: Cast, settings: Any
) -> None:
    settings.SESSIONS_PER_MINUTE_PER_ACCOUNT = 1
    client = signed_in(cast.dan)
    open_in(client, template)
    response = client.post(NEW, {"template": template.template_id})
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "provisioning sessions were opened" in text_of(response)
    assert ProvisioningSession.objects.count() == 1
