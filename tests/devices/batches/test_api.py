"""Batches in the API."""

from uuid import uuid4

import pytest

from console.kit.tokens import TOKEN_PREFIX, is_ours
from console.teams.models import Grant
from console.teams.permissions import Permission
from devices.models import Batch, ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import Answer, Caller, caller
from tests.devices.batches.test_batches import BED, MAC, activate, open_some

pytestmark = pytest.mark.django_db
PATH = "provisioning-batches/"
DEVICES = [{"name": "Bed 1", "mac": "246f28010203", "tags": ["North", "soil"]}, {}]


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


def create(who: Caller, template: Template, body: dict[str, object], **headers: str) -> Answer:
    return who.post(PATH, {"template_id": template.template_id, **body}, **headers)


def test_the_answer_has_every_session_with_its_token(dan: Caller, template: Template) -> None:
    answer = create(dan, template, {"devices": DEVICES, "lifetime_seconds": 7200, "note": "Line 2"})
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.data) == {
        "id",
        "template_id",
        "note",
        "devices_count",
        "expires_at",
        "gateway",
        "sessions",
    }
    first, second = answer.data["sessions"]
    assert (first["row"], first["name"], first["mac"], first["tags"]) == (1, "Bed 1", MAC, ["north", "soil"])
    assert is_ours(first["token"], TOKEN_PREFIX)
    assert first["hotspot_name"].startswith("Blynk Soil Sensor-")
    assert "X" * 4 not in first["hotspot_name"]
    assert (second["name"], second["hotspot_name"]) == ("", "Blynk Soil Sensor-XXXX")
    batch = Batch.objects.get()
    assert (batch.expires_at - batch.opened_at).total_seconds() == 7200


def test_a_number_will_do(dan: Caller, template: Template) -> None:
    assert len(create(dan, template, {"count": 3}).data["sessions"]) == 3
    batch = Batch.objects.get()
    assert (batch.expires_at - batch.opened_at).total_seconds() == 24 * 3600


def test_a_repeated_key_gives_the_first_batch_without_tokens(dan: Caller, template: Template) -> None:
    key = str(uuid4())
    first = create(dan, template, {"devices": DEVICES}, idempotency_key=key)
    again = create(dan, template, {"devices": DEVICES}, idempotency_key=key)
    assert (first.status, again.status) == (201, 200)
    assert again.data["id"] == first.data["id"]
    assert [session["token"] for session in again.data["sessions"]] == [None, None]
    assert create(dan, template, {"count": 1}, idempotency_key="x").problem_fields() == {"Idempotency-Key"}


def test_a_key_of_another_template_is_a_conflict(dan: Caller, template: Template, cast: Cast) -> None:
    key = str(uuid4())
    create(dan, template, {"count": 1}, idempotency_key=key)
    other = Template.objects.create(team=cast.team, name="Pump", board="esp32")
    assert create(dan, other, {"count": 1}, idempotency_key=key).status == 409


def test_rows_with_errors_are_all_named_and_nothing_is_opened(dan: Caller, template: Template, cast: Cast) -> None:
    open_some(template, cast.ann, [BED])
    devices = [{"mac": "24:6F"}, {"name": "A"}, {"name": "a"}, {"tags": ["x y"]}, {"mac": MAC}, {"name": "ok"}]
    answer = create(dan, template, {"devices": devices})
    assert answer.status == 400
    assert answer.problem_fields() == {"devices.0.mac", "devices.2.name", "devices.3.tags", "devices.4.mac"}
    assert ProvisioningSession.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "devices"),
        ({"count": 1, "devices": DEVICES}, "devices"),
        ({"devices": []}, "devices"),
        ({"devices": "x"}, "devices"),
        ({"devices": [{}] * 501}, "devices"),
        ({"devices": ["x"]}, "devices.0"),
        ({"devices": [{"serial": "5"}]}, "devices.0"),
        ({"devices": [{"name": 5}]}, "devices.0.name"),
        ({"devices": [{"tags": "x"}]}, "devices.0.tags"),
        ({"devices": [{"tags": [1]}]}, "devices.0.tags"),
        ({"devices": [{"name": "a\x00b"}]}, "devices.0.name"),
        ({"count": 501}, "count"),
        ({"count": 0}, "count"),
        ({"count": "many"}, "count"),
        ({"count": 1, "lifetime_seconds": 60}, "lifetime_seconds"),
        ({"count": 1, "lifetime_seconds": 604801}, "lifetime_seconds"),
        ({"count": 1, "note": "x" * 201}, "note"),
        ({"count": 1, "colour": "red"}, "colour"),
    ],
)
def test_bodies_that_are_not_usable(dan: Caller, template: Template, body: dict[str, object], field: str) -> None:
    assert create(dan, template, body).problem_fields() == {field}
    assert not Batch.objects.exists()


def test_a_grant_is_not_overdrawn(template: Template, cast: Cast) -> None:
    ines = caller(cast.ines)
    assert create(ines, template, {"count": 1}).status == 403
    Grant.objects.create(member=cast.ines, devices_limit=2)
    answer = create(ines, template, {"count": 3})
    assert answer.problem_fields() == {"count"}
    assert "for 2 more devices" in answer.data["detail"]
    assert create(ines, template, {"count": 2}).status == 201


def test_following_a_batch(dan: Caller, template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan)
    device = activate(opened.sessions[0])
    data = dan.get(f"{PATH}{opened.batch.pk}/").data
    assert data["counts"] == {"open": 1, "activated": 1, "failed": 0, "expired": 0, "cancelled": 0}
    assert [(each["row"], each["state"], each["device"]) for each in data["sessions"]] == [
        (1, "activated", {"id": device.pk, "name": "Bed 1"}),
        (2, "open", None),
    ]
    assert "token" not in str(data)
    (row,) = dan.get(PATH).data["results"]
    assert row == {name: value for name, value in data.items() if name != "sessions"}
    assert caller(cast.sam).get(f"{PATH}{opened.batch.pk}/").status == 404
    assert caller(cast.sam).get(PATH).data["results"] == []


def test_cancelling_ends_what_is_open_and_says_how_many(dan: Caller, template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan)
    activate(opened.sessions[0])
    path = f"{PATH}{opened.batch.pk}/"
    assert caller(cast.sam).delete(path).status == 404
    refused = caller(cast.vic).delete(path)
    assert (refused.status, refused.content_type) == (403, "application/problem+json")
    assert (dan.delete(path).status, dan.delete(path).data) == (200, {"cancelled": 0})
    counts = dan.get(path).data["counts"]
    assert (counts["open"], counts["activated"], counts["cancelled"]) == (0, 1, 1)


def test_key_cancels_with_the_permission_to_provision_and_not_by_looking(template: Template, cast: Cast) -> None:
    path = f"{PATH}{open_some(template, cast.dan).batch.pk}/"
    assert caller(cast.dan, Permission.VIEW).delete(path).status == 403
    assert caller(cast.dan, Permission.PROVISION).delete(path).data == {"cancelled": 2}


def test_devices_have_mac_and_tags_and_are_found_by_tag(dan: Caller, template: Template, cast: Cast) -> None:
    device = activate(open_some(template, cast.dan).sessions[0])
    activate(open_some(template, cast.dan, [BED.__class__(1)]).sessions[0])
    (row,) = dan.get("devices/?tag=Soil").data["results"]
    assert (row["id"], row["mac"], row["tags"]) == (device.pk, MAC, ["north", "soil"])
    assert len(dan.get("devices/").data["results"]) == 2
