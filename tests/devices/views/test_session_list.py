"""The list of sessions: filters, search, export, and the funnel's page."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from devices.actions import activation, sessions
from devices.actions.values import Claim
from devices.models import Device, ProvisioningSession
from devices.status import Route
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, piece, text_of, texts

pytestmark = pytest.mark.django_db
LIST = reverse("sessions:list")


@pytest.fixture
def failed(template: Template, cast: Cast) -> ProvisioningSession:
    session = sessions.open_session(template=template, by=cast.dan, route=Route.USB).session
    activation.activate([Claim(session.token.pk, "192.0.2.7", "TMPLother0000")])
    session.refresh_from_db()
    return session


def shown(cast: Cast, query: str) -> list[str]:
    return texts(signed_in(cast.vic).get(f"{LIST}?{query}"), "tbody th")


def test_row_tells_who_how_long_how_far_and_why(failed: ProvisioningSession, cast: Cast) -> None:
    row = text_of(signed_in(cast.vic).get(LIST), "tbody tr")
    for part in ("Failed", "Soil Sensor", "Dan", "USB", "Opened", "firmware made for another template"):
        assert part in row


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("state=failed", True),
        ("state=open", False),
        ("state=nonsense", True),
        ("route=usb", True),
        ("route=hotspot", False),
        ("person=Dan", True),
        ("person=Alice", False),
        ("q=another+template", True),
        ("q=soil", True),
        ("q=nothing-like-it", False),
        ("cause=template_mismatch", True),
        ("cause=other", False),
        ("days=7", True),
        ("days=99999", True),
        ("days=-1", True),
        ("day=2020-01-01", False),
        ("day=nonsense", True),
        ("board=ESP32", False),
        ("library=1.4.0", False),
        ("template=TMPLzzzzzzzzz", False),
        ("q=%00", True),
        ("q=" + "%F0%9F%8C%B1" * 40, False),
    ],
)
def test_filters_find_what_they_say(failed: ProvisioningSession, cast: Cast, query: str, is_shown: bool) -> None:
    assert bool(shown(cast, query)) is is_shown


def test_token_is_found_by_its_hint(failed: ProvisioningSession, cast: Cast) -> None:
    assert shown(cast, f"q={failed.token.hint}") == [f"Session {failed.pk}"]


def test_board_and_library_are_those_of_the_device_where_the_session_has_none(device: Device, cast: Cast) -> None:
    Device.objects.update(reported_board="ESP32", library_version="1.4.0")
    assert shown(cast, "board=ESP32&library=1.4.0")
    assert not shown(cast, "board=ESP8266")


def test_filters_are_kept_while_another_is_chosen(failed: ProvisioningSession, cast: Cast) -> None:
    page = signed_in(cast.vic).get(f"{LIST}?route=usb&q=soil&cause=template_mismatch")
    assert one(page, "form.filters [name=route]")["value"] == "usb"
    assert one(page, "form.filters [name=cause]")["value"] == "template_mismatch"
    assert all("q=soil" in str(link["href"]) for link in one(page, "form.filters").select(".chip[href*=state]"))


def test_rows_refresh_while_a_session_is_open_and_equal_the_page(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.dan).session
    browser = signed_in(cast.vic)
    whole, fragment = browser.get(LIST), browser.get(LIST, headers={"HX-Request": "true"})
    assert piece(whole, "#session-rows") == piece(fragment, "#session-rows")
    assert has(whole, "#session-rows[hx-trigger]")
    sessions.cancel(session=session)
    assert not has(browser.get(LIST), "#session-rows[hx-trigger]")


def test_list_costs_the_same_for_many(template: Template, cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(60):
        sessions.open_session(template=template, by=cast.dan)
    browser = signed_in(cast.vic)
    browser.get(LIST)
    with django_assert_max_num_queries(8):
        browser.get(f"{LIST}?q=soil")


def test_csv_has_what_the_list_shows_and_no_formula(
    failed: ProvisioningSession, template: Template, cast: Cast
) -> None:
    ProvisioningSession.objects.update(opened_by="=cmd|'/c calc'!A1")
    sessions.open_session(template=template, by=cast.alice)
    response = signed_in(cast.vic).get(reverse("sessions:export", args=["csv"]) + "?state=failed")
    (row,) = csv.DictReader(StringIO(response.getvalue().decode()))
    assert row["id"] == str(failed.pk)
    assert row["opened_by"] == "'=cmd|'/c calc'!A1"
    assert row["finding"] == "The board runs firmware made for another template."
    assert "attachment" in response["Content-Disposition"]


def test_json_is_one_array_and_holds_no_secret(failed: ProvisioningSession, cast: Cast) -> None:
    response = signed_in(cast.vic).get(reverse("sessions:export", args=["json"]))
    (row,) = json.loads(response.getvalue())
    assert (row["state"], row["route"], row["seconds"]) == ("failed", "usb", 0)
    assert failed.token.hint not in response.getvalue().decode()
    assert signed_in(cast.sam).get(reverse("sessions:export", args=["json"])).getvalue() == b"[]\n"


def test_other_kinds_of_export_are_nowhere(cast: Cast) -> None:
    assert signed_in(cast.vic).get(reverse("sessions:export", args=["xml"])).status_code == 404


def test_funnel_page_draws_and_tells_in_words(failed: ProvisioningSession, device: Device, cast: Cast) -> None:
    page = signed_in(cast.vic).get(reverse("sessions:funnel"))
    assert "Opened: 2, 100%. Device seen: 1, 50%." in text_of(page, "svg.funnel desc")
    assert one(page, "svg.funnel")["role"] == "img"
    assert "style" not in str(one(page, "svg.funnel"))
    assert "1 fewer (50%)" in text_of(page, "main")
    link = next(link for link in one(page, "main").select("a") if link.get_text() == "template mismatch")
    assert shown(cast, str(link["href"]).partition("?")[2]) == [f"Session {failed.pk}"]


@pytest.mark.parametrize("by", ["template", "board", "library", "person", "day", "nonsense", ""])
def test_funnel_page_has_every_dimension(failed: ProvisioningSession, cast: Cast, by: str) -> None:
    assert signed_in(cast.vic).get(f"{reverse('sessions:funnel')}?by={by}&days=7").status_code == 200


def test_funnel_page_without_sessions_says_what_it_would_show(cast: Cast) -> None:
    assert "No sessions in this period" in text_of(signed_in(cast.vic).get(reverse("sessions:funnel")))


def test_funnel_costs_a_fixed_number_of_queries(
    failed: ProvisioningSession, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.vic)
    browser.get(reverse("sessions:funnel"))
    with django_assert_max_num_queries(7):
        browser.get(reverse("sessions:funnel"))
