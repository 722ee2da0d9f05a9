"""The pages of the hotspot and USB routes, as the server gives them out."""

import re
from typing import Any

import pytest
from django.urls import reverse

from devices.actions import activation, sessions
from devices.actions.values import Claim
from devices.models import ProvisioningSession
from devices.status import Route
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, text_of

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("route", [Route.HOTSPOT, Route.USB])


@pytest.fixture
def session(template: Template, cast: Cast) -> ProvisioningSession:
    return sessions.open_session(template=template, by=cast.dan).session


def url_of(session: ProvisioningSession, name: str) -> str:
    return reverse(f"sessions:{name}", args=[session.pk])


@BOTH
def test_choosing_a_route_is_noted_and_leads_to_its_page(
    session: ProvisioningSession, cast: Cast, route: Route
) -> None:
    response = signed_in(cast.dan).post(url_of(session, "route"), {"route": route.value})
    assert response["Location"] == url_of(session, route.value)
    session.refresh_from_db()
    assert session.route == route


@pytest.mark.parametrize("route", ["", "api", "virtual", "elsewhere", "//evil.example", "\x00"])
def test_other_routes_have_no_page(session: ProvisioningSession, cast: Cast, route: str) -> None:
    response = signed_in(cast.dan).post(url_of(session, "route"), {"route": route})
    assert response["Location"] == url_of(session, "detail")
    session.refresh_from_db()
    assert session.route == ""


def test_a_session_that_has_ended_keeps_its_route(session: ProvisioningSession, cast: Cast) -> None:
    sessions.choose_route(session=session, route=Route.USB)
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    signed_in(cast.dan).post(url_of(session, "route"), {"route": "hotspot"})
    session.refresh_from_db()
    assert session.route == Route.USB


@BOTH
def test_no_input_of_the_wifi_form_can_be_sent(session: ProvisioningSession, cast: Cast, route: Route) -> None:
    page = signed_in(cast.dan).get(url_of(session, route.value))
    form = one(page, "[data-wifi-form]")
    assert form.select("[data-wifi=pass]")
    assert not form.select("[name]")
    assert form.get("action") is None


@BOTH
def test_pages_tell_scripts_where_the_board_and_the_gateway_are(
    session: ProvisioningSession, cast: Cast, settings: Any, route: Route
) -> None:
    settings.GATEWAY_PUBLIC_HOST = "devices.example.com"
    told = one(signed_in(cast.dan).get(url_of(session, route.value)), "[data-session-id]")
    assert told["data-board-url"] == "http://192.168.4.1"
    assert told["data-gateway-host"] == "devices.example.com"
    assert told["data-template-id"] == session.template.template_id
    assert told["data-terminal"] == "false"


def test_the_hotspots_name_of_the_newest_library_comes_first(session: ProvisioningSession, cast: Cast) -> None:
    text = text_of(signed_in(cast.dan).get(url_of(session, "hotspot")))
    libraries = ["Blynk library 1.2 and later", "Blynk library 1.1", "Blynk library 1.0.x", "BlynkEdgent library 0.9"]
    places = [text.index(library) for library in libraries]
    assert places == sorted(places)


def test_only_the_hotspot_page_may_call_a_board(session: ProvisioningSession, cast: Cast) -> None:
    browser = signed_in(cast.dan)
    policies = {name: browser.get(url_of(session, name))["Content-Security-Policy"] for name in ("hotspot", "usb")}
    assert re.search(r"connect-src 'self' http://192\.168\.4\.1(;|$)", policies["hotspot"])
    assert "192.168" not in policies["usb"]
    assert "unsafe" not in policies["hotspot"]


def test_hotspot_name_is_exact_where_the_mac_is_known(session: ProvisioningSession, cast: Cast) -> None:
    browser = signed_in(cast.dan)
    assert "Blynk Soil Sensor-XXXX" in text_of(browser.get(url_of(session, "hotspot")))
    ProvisioningSession.objects.filter(pk=session.pk).update(planned_mac="24:6F:28:01:02:03")
    page = browser.get(url_of(session, "hotspot"))
    assert "Blynk Soil Sensor-9A4R" in text_of(page)
    assert has(page, ".qr")


@BOTH
def test_ended_session_offers_nothing_to_send(session: ProvisioningSession, cast: Cast, route: Route) -> None:
    sessions.cancel(session=session)
    page = signed_in(cast.dan).get(url_of(session, route.value))
    assert one(page, "[data-session-id]")["data-terminal"] == "true"
    assert one(page, "[data-route-open]").has_attr("hidden")


@BOTH
def test_pages_hold_no_token(session: ProvisioningSession, cast: Cast, route: Route) -> None:
    page = signed_in(cast.dan).get(url_of(session, route.value))
    assert not re.search(r"lfd_[0-9A-Za-z]{28}", page.text)
    assert "no-store" in page["Cache-Control"]


def test_a_board_without_a_console_is_a_serial_monitor(cast: Cast, template: Template) -> None:
    Template.objects.filter(pk=template.pk).update(board="mkr-wifi-1010")
    template.refresh_from_db()
    session = sessions.open_session(template=template, by=cast.dan).session
    assert "A serial monitor only" in text_of(signed_in(cast.dan).get(url_of(session, "usb")))
