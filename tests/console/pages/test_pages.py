"""Landing, overview and palette."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from devices.actions import sessions
from devices.models import Device
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, soup, texts, words

OVERVIEW, PALETTE = "/overview/", "/palette/"


def test_landing_says_what_landfall_is_and_leads_in(client: Client, db: None) -> None:
    response = client.get("/")

    assert [link["href"] for link in soup(response).select(".plain-card a")] == [
        "/accounts/login/",
        "/accounts/signup/",
    ]


def test_landing_costs_no_query(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/")

    assert len(queries) == 0


def test_landing_sends_the_signed_in_to_their_overview(cast: Cast) -> None:
    assertRedirects(signed_in(cast.vic).get("/"), OVERVIEW)


@pytest.mark.parametrize("url", [OVERVIEW, PALETTE])
def test_signed_out_are_sent_to_sign_in(client: Client, db: None, url: str) -> None:
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("url", ["/", OVERVIEW, PALETTE])
def test_wrong_method(cast: Cast, url: str) -> None:
    assert signed_in(cast.alice).post(url).status_code == 405


def test_numbers_are_those_of_the_team(cast: Cast, template: Template, other_template: Template) -> None:
    make_device(template, cast.alice)
    make_device(other_template, cast.sam)
    sessions.open_session(template=template, by=cast.dan)

    numbers = texts(signed_in(cast.vic).get(OVERVIEW), ".stats dd")

    assert numbers == ["0", "of 1", "1", "waiting for a device", "1", "in use"]


def test_new_team_begins_with_a_template(cast: Cast) -> None:
    response = signed_in(cast.dan).get(OVERVIEW)

    assert [" ".join(step["class"]) for step in soup(response).select(".step")] == [
        "step step-now",
        "step step-next",
        "step step-next",
    ]
    assert one(response, ".step a")["href"] == "/templates/new/"


def test_template_done_leads_to_its_lines_and_to_adding_a_device(cast: Cast, template: Template) -> None:
    response = signed_in(cast.dan).get(OVERVIEW)

    assert [step["class"][1] for step in soup(response).select(".step")] == ["step-done", "step-now", "step-next"]
    assert [link["href"] for link in soup(response).select(".step a")] == [
        "/templates/new/",
        f"/templates/{template.template_id}/",
        f"/sessions/new/?template={template.template_id}",
    ]


def test_lines_count_as_copied_once_a_board_logged_in(cast: Cast, template: Template) -> None:
    opened = sessions.open_session(template=template, by=cast.dan)
    type(opened.session).objects.filter(pk=opened.session.pk).update(seen_at=timezone.now())

    response = signed_in(cast.dan).get(OVERVIEW)

    assert [step["class"][1] for step in soup(response).select(".step")] == ["step-done", "step-done", "step-now"]


def test_first_steps_are_gone_with_the_first_device(cast: Cast, device: Device) -> None:
    assert not has(signed_in(cast.dan).get(OVERVIEW), ".steps")


def test_viewer_of_a_new_team_has_nothing_to_press(cast: Cast) -> None:
    assert not has(signed_in(cast.vic).get(OVERVIEW), ".step a")


def test_newest_sessions_and_events_link_to_their_pages(cast: Cast, device: Device) -> None:
    session = device.activation

    response = signed_in(cast.vic).get(OVERVIEW)

    rows = soup(response).select(".rows .row a")
    assert [row["href"] for row in rows] == [f"/sessions/{session.pk}/", f"/devices/{device.pk}/"]
    assert "Activated by its first login" in texts(response, ".rows .row")[1]


def test_stranger_sees_nothing_of_it(cast: Cast, device: Device) -> None:
    response = signed_in(cast.sam).get(OVERVIEW)

    assert not has(response, ".rows")


def test_hostile_names_are_text(cast: Cast) -> None:
    hostile = templates.create(
        team=cast.team, name="<script>alert(1)</script>", board="esp32", description="", by=cast.dan
    )
    sessions.open_session(template=hostile, by=cast.dan)

    response = signed_in(cast.vic).get(OVERVIEW)

    assert "<script>alert" not in response.content.decode()
    assert "<script>alert(1)</script>" in texts(response, ".rows .row a")


def test_overview_costs_the_same_for_one_device_and_for_many(cast: Cast, device: Device) -> None:
    browser = signed_in(cast.vic)
    with CaptureQueriesContext(connection) as before:
        browser.get(OVERVIEW)
    for _ in range(4):
        make_device(device.template, cast.alice)

    with CaptureQueriesContext(connection) as after:
        browser.get(OVERVIEW)

    assert len(after) == len(before) == 11


def found(client: Client, text: str) -> list[tuple[str, str]]:
    return [(result["kind"], result["title"]) for result in client.get(PALETTE, {"q": text}).json()]


def test_palette_finds_templates_devices_and_pages(cast: Cast, device: Device) -> None:
    assert found(signed_in(cast.vic), "so") == [("template", "Soil Sensor"), ("device", device.name)]
    assert ("page", "Templates") in found(signed_in(cast.vic), "temp")


def test_palette_links_to_what_it_finds(cast: Cast, device: Device) -> None:
    results = signed_in(cast.vic).get(PALETTE, {"q": "soil"}).json()

    assert [result["url"] for result in results] == [
        f"/templates/{device.template.template_id}/",
        f"/devices/{device.pk}/",
    ]


def test_palette_finds_nothing_of_another_team(cast: Cast, device: Device) -> None:
    assert found(signed_in(cast.sam), "soil") == []


def test_palette_without_text_lists_pages_alone(cast: Cast, device: Device) -> None:
    assert {kind for kind, _ in found(signed_in(cast.vic), "")} == {"page"}


def test_palette_names_no_page_that_the_role_does_not_allow(cast: Cast) -> None:
    assert ("page", "New template") in found(signed_in(cast.dan), "new")
    assert ("page", "New template") not in found(signed_in(cast.vic), "new")


@pytest.mark.parametrize("text", ["\x00", "%", "😀" * 500, "'\"<>"])
def test_palette_answers_whatever_is_typed(cast: Cast, device: Device, text: str) -> None:
    assert signed_in(cast.vic).get(PALETTE, {"q": text}).status_code == 200


def test_unknown_address_is_a_404_in_the_consoles_look(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert words(one(response, "h1")) == "This page does not exist"


@pytest.mark.parametrize("name", ["alice", "ann", "dan", "ines", "vic"])
def test_palette_names_only_pages_that_open(cast: Cast, name: str) -> None:
    client = signed_in(cast.member(name))
    pages = client.get(PALETTE, {"q": ""}).json()
    statuses = {page["title"]: client.get(page["url"]).status_code for page in pages}
    assert {title for title, status in statuses.items() if status != 200} == set()
    assert "Overview" in statuses
