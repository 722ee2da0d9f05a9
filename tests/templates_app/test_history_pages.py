"""History, two revisions side by side, restore."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, text_of, texts

STREAM = {"pin": 1, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85}


def url_of(template: Template, *more: object) -> str:
    return "/".join(["/templates", template.template_id, "history", *map(str, more), ""])


def change(template: Template, cast: Cast, **content: Any) -> None:
    template.refresh_from_db()
    templates.apply(template=template, content=content, revision=template.revision, by=cast.dan)
    template.refresh_from_db()


def test_history_says_who_and_what_newest_first(cast: Cast, template: Template) -> None:
    change(template, cast, name="Pump", datastreams=[STREAM])

    response = signed_in(cast.vic).get(url_of(template))

    assert texts(response, "tbody th") == ["Revision 2 present", "Revision 1"]
    assert texts(response, "td[data-label='What changed']") == [
        "Renamed from “Soil Sensor” to “Pump”; 1 datastream added (V1).",
        "The template was created.",
    ]
    assert texts(response, "td[data-label='Who']") == ["Dan", "Alice"]


def test_history_comes_in_pages_and_the_first_row_of_the_next_still_knows_its_change(
    cast: Cast, template: Template, settings: Settings
) -> None:
    settings.PAGE_SIZE = 2
    for number in range(3):
        change(template, cast, description=f"Text {number}")
    browser = signed_in(cast.vic)

    first = browser.get(url_of(template))
    second = browser.get(url_of(template) + str(one(first, "a[rel=next]")["href"]))

    assert texts(first, "tbody th") == ["Revision 4 present", "Revision 3"]
    assert texts(first, "td[data-label='What changed']") == ["Description changed."] * 2
    assert texts(second, "td[data-label='What changed']") == ["Description added.", "The template was created."]


def test_history_costs_the_same_however_long_it_is(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.vic)
    with CaptureQueriesContext(connection) as before:
        browser.get(url_of(template))
    for number in range(5):
        change(template, cast, description=f"Text {number}")
    with CaptureQueriesContext(connection) as after:
        browser.get(url_of(template))

    assert len(after) == len(before) == 6


def test_viewer_compares_but_restores_nothing(cast: Cast, template: Template) -> None:
    change(template, cast, name="Pump")

    response = signed_in(cast.vic).get(url_of(template))

    assert has(response, ".row-actions a[href*='compare']")
    assert not has(response, ".row-actions a[href*='restore']")


def test_two_revisions_stand_side_by_side_with_words(cast: Cast, template: Template) -> None:
    change(template, cast, description="Cellar", datastreams=[STREAM])
    change(template, cast, description="", datastreams=[{**STREAM, "unit": "K"}])

    first = signed_in(cast.vic).get(url_of(template, "compare"), {"from": "1", "to": "2"})
    second = signed_in(cast.vic).get(url_of(template, "compare"))

    assert texts(first, "td[data-label=Change]") == ["added", "added"]
    assert texts(first, "tbody th") == ["Description", "Datastream V1"]
    assert texts(second, "tbody tr") == ["Description removed Cellar nothing", "Datastream V1, unit changed °C K"]


def test_the_same_revision_twice_does_not_differ(cast: Cast, template: Template) -> None:
    assert "Nothing differs" in text_of(signed_in(cast.vic).get(url_of(template, "compare")), ".empty")


@pytest.mark.parametrize("query", ["from=7&to=1", "from=1&to=999999999", "to=2"])
def test_a_revision_that_never_was_is_404(cast: Cast, template: Template, query: str) -> None:
    assert signed_in(cast.vic).get(url_of(template, "compare") + f"?{query}").status_code == 404


@pytest.mark.parametrize("query", ["from=x&to=%00", "from=&to=", "from=-1&to=1e9"])
def test_what_is_no_number_shows_the_newest(cast: Cast, template: Template, query: str) -> None:
    assert signed_in(cast.vic).get(url_of(template, "compare") + f"?{query}").status_code == 200


def test_hostile_names_are_text(cast: Cast, template: Template) -> None:
    change(template, cast, name="<script>alert(1)</script>")
    browser = signed_in(cast.vic)

    for page in (browser.get(url_of(template)), browser.get(url_of(template, "compare"))):
        assert not has(page, "main script")


def test_restoring_asks_first_and_makes_a_new_revision(cast: Cast, template: Template) -> None:
    change(template, cast, name="Pump", datastreams=[STREAM])
    browser = signed_in(cast.dan)
    asked = browser.get(url_of(template, 1, "restore"))
    assert texts(asked, "tbody th") == ["Name", "Datastream V1"]
    seen = str(one(asked, "main form input[name=revision]")["value"])

    response = browser.post(url_of(template, 1, "restore"), {"revision": seen})

    template.refresh_from_db()
    assertRedirects(response, url_of(template))
    assert (template.name, template.revision, template.datastreams.count()) == ("Soil Sensor", 3, 0)
    assert template.revisions.count() == 3


def test_restoring_beside_another_editor_loses_nothing(cast: Cast, template: Template) -> None:
    change(template, cast, name="Pump")
    change(template, cast, name="Theirs")

    response = signed_in(cast.dan).post(url_of(template, 1, "restore"), {"revision": "2"})

    template.refresh_from_db()
    assert response.status_code == 409
    assert "Revision 3 was saved" in text_of(response, ".notice")
    assert one(response, "main form input[name=revision]")["value"] == "3"
    assert (template.name, template.revision) == ("Theirs", 3)


def test_restoring_what_is_there_already_changes_nothing(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.dan)

    response = browser.post(url_of(template, 1, "restore"), {"revision": "1"}, follow=True)

    assert "nothing changed" in text_of(response, ".toast")
    assert template.revisions.count() == 1
    assert "Nothing to restore" in text_of(browser.get(url_of(template, 1, "restore")), ".empty")


@pytest.mark.parametrize("name", ["ines", "vic"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_restoring_needs_the_permission(cast: Cast, template: Template, name: str, method: str) -> None:
    response = getattr(signed_in(cast.member(name)), method)(url_of(template, 1, "restore"))

    assert response.status_code == 403
    assert "edit templates" in text_of(response, ".plain-lead")


@pytest.mark.parametrize("more", [(), ("compare",), (1, "restore")])
def test_strangers_and_the_signed_out_see_nothing(
    cast: Cast, template: Template, client: Client, more: tuple[object, ...]
) -> None:
    assert signed_in(cast.sam).get(url_of(template, *more)).status_code == 404
    assert "/accounts/login/" in client.get(url_of(template, *more))["Location"]


@pytest.mark.parametrize("more", [(), ("compare",)])
def test_wrong_method(cast: Cast, template: Template, more: tuple[object, ...]) -> None:
    assert signed_in(cast.alice).post(url_of(template, *more)).status_code == 405
