"""Templates in the API: made, read, changed, and their firmware lines as data."""

import pytest

from templates_app.actions import templates as actions
from templates_app.models import Template
from templates_app.template_ids import is_template_id
from tests.cast import Cast
from tests.console.api.caller import Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


def test_a_template_is_made_with_an_id_of_ours(dan: Caller, cast: Cast) -> None:
    answer = dan.post("templates/", {"name": " Pump ", "board": "esp8266", "description": "In the cellar"})
    made = Template.objects.get(team=cast.team)
    assert is_template_id(answer.data["template_id"])
    assert answer.data == {
        "template_id": made.template_id,
        "name": "Pump",
        "board": "esp8266",
        "description": "In the cellar",
        "datastreams": [],
        "events": [],
        "revision": 1,
        "is_archived": False,
        "created_at": made.created_at.isoformat().replace("+00:00", "Z"),
        "updated_at": made.updated_at.isoformat().replace("+00:00", "Z"),
        "devices_count": 0,
        "drifted_count": 0,
    }
    assert dan.get(f"templates/{made.template_id}/").data == answer.data


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"board": "esp32"}, "name"),
        ({"name": "Pump"}, "board"),
        ({"name": "", "board": "esp32"}, "name"),
        ({"name": 'a "quoted" name', "board": "esp32"}, "name"),
        ({"name": "x" * 101, "board": "esp32"}, "name"),
        ({"name": "Pump", "board": "toaster"}, "board"),
        ({"name": "Pump", "board": "esp32", "description": "x" * 201}, "description"),
        ({"name": "Pump", "board": "esp32", "template_id": "TMPL123456789"}, "template_id"),
    ],
)
def test_unusable_values_are_refused_by_field(body: dict[str, str], field: str, dan: Caller) -> None:
    answer = dan.post("templates/", body)
    assert answer.status == 400
    assert answer.problem_fields() == {field}
    assert not Template.objects.exists()


def test_a_change_makes_the_next_revision_and_keeps_the_rest(dan: Caller, template: Template) -> None:
    answer = dan.patch(f"templates/{template.template_id}/", {"description": "New", "revision": 1})
    assert (answer.data["revision"], answer.data["name"], answer.data["description"]) == (2, "Soil Sensor", "New")


def test_a_change_of_an_older_revision_is_a_conflict(dan: Caller, template: Template) -> None:
    path = f"templates/{template.template_id}/"
    assert dan.patch(path, {"name": "One", "revision": 1}).status == 200
    answer = dan.patch(path, {"name": "Two", "revision": 1})
    assert (answer.status, answer.data["type"]) == (409, "urn:landfall:problem:conflict")
    assert dan.patch(path, {"name": "Two"}).status == 200


def test_the_list_can_leave_out_what_is_archived(dan: Caller, template: Template, cast: Cast) -> None:
    kept = actions.create(team=cast.team, name="Pump", board="esp32", description="", by=cast.alice)
    actions.archive(template=template, by=cast.alice)

    def ids(query: str) -> list[str]:
        return [row["template_id"] for row in dan.get(f"templates/{query}").data["results"]]

    assert ids("?is_archived=false") == [kept.template_id]
    assert ids("?is_archived=true") == [template.template_id]
    assert ids("") == [kept.template_id, template.template_id]
    assert dan.get("templates/?is_archived=maybe").status == 400
