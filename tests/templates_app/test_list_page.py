"""The list of templates."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, texts

URL = "/templates/"
NAMES = "tbody th[scope=row]"


def make(cast: Cast, *names: str) -> list[Template]:
    return [templates.create(team=cast.team, name=name, board="esp32", description="", by=cast.alice) for name in names]


@pytest.mark.parametrize("name", ["alice", "ann", "dan", "ines", "vic"])
def test_every_member_sees_the_teams_templates(cast: Cast, template: Template, name: str) -> None:
    assert texts(signed_in(cast.member(name)).get(URL), NAMES) == ["Soil Sensor"]


def test_stranger_sees_only_their_own(cast: Cast, template: Template, other_template: Template) -> None:
    assert texts(signed_in(cast.sam).get(URL), NAMES) == ["Boiler"]


def test_signed_out_are_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == f"{reverse('account_login')}?next={URL}"


def test_wrong_method(cast: Cast) -> None:
    assert signed_in(cast.alice).post(URL).status_code == 405


def test_row_says_board_and_devices(cast: Cast, template: Template) -> None:
    make_device(template, cast.alice)
    make_device(template, cast.alice)

    cells = texts(signed_in(cast.vic).get(URL), "tbody td")

    assert cells[:3] == [template.template_id, "ESP32", "2"]


def test_new_team_is_taught_to_make_one(cast: Cast) -> None:
    response = signed_in(cast.dan).get(URL)

    assert one(response, ".empty a")["href"] == "/templates/new/"


def test_viewer_of_a_new_team_has_no_button(cast: Cast) -> None:
    response = signed_in(cast.vic).get(URL)

    assert has(response, ".empty")
    assert not has(response, "a[href='/templates/new/']")


@pytest.mark.parametrize("query", ["soil", "SOIL", "damp"])
def test_search_finds_name_and_description(cast: Cast, query: str) -> None:
    templates.create(team=cast.team, name="Soil", board="esp32", description="How damp it is", by=cast.alice)
    make(cast, "Boiler")

    assert texts(signed_in(cast.vic).get(URL, {"q": query}), NAMES) == ["Soil"]


def test_search_finds_an_id(cast: Cast, template: Template) -> None:
    make(cast, "Boiler")

    assert texts(signed_in(cast.vic).get(URL, {"q": template.template_id}), NAMES) == ["Soil Sensor"]


@pytest.mark.parametrize("query", ["\x00", "%", "_", "'; drop table", "<script>", "😀" * 300])
def test_hostile_search_finds_nothing_or_everything_but_answers(cast: Cast, template: Template, query: str) -> None:
    response = signed_in(cast.vic).get(URL, {"q": query})

    assert response.status_code == 200
    assert "<script>" not in str(one(response, "form.filters"))


def test_archived_ones_stand_apart(cast: Cast) -> None:
    old, _ = make(cast, "Old", "New")
    templates.archive(template=old, by=cast.alice)
    browser = signed_in(cast.vic)

    assert texts(browser.get(URL), NAMES) == ["New"]
    assert texts(browser.get(URL, {"show": "archived"}), NAMES) == ["Old"]


def test_pages_follow_each_other_both_ways(cast: Cast, settings: Settings) -> None:
    settings.PAGE_SIZE = 2
    make(cast, "A", "B", "C")
    browser = signed_in(cast.vic)

    first = browser.get(URL)
    second = browser.get(URL + str(one(first, "a[rel=next]")["href"]))
    back = browser.get(URL + str(one(second, "a[rel=prev]")["href"]))

    assert [texts(page, NAMES) for page in (first, second, back)] == [["C", "B"], ["A"], ["C", "B"]]


def test_costs_the_same_for_one_template_and_for_many(cast: Cast) -> None:
    make(cast, "A")
    browser = signed_in(cast.vic)
    with CaptureQueriesContext(connection) as for_one:
        browser.get(URL)
    make(cast, *"BCDEFGH")

    with CaptureQueriesContext(connection) as for_many:
        browser.get(URL)

    assert len(for_many) == len(for_one) == 6
