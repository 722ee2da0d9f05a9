"""Who does something too often is told so by page and API alike: 429, when to come back, and nothing is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db.models import Model
from django.test import Client, override_settings
from django.urls import reverse

from console.teams.models import GrantRequest, Invitation
from devices.models import Batch, Device, ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import PROBLEM, Caller, caller
from tests.selectors import text_of

pytestmark = pytest.mark.django_db
NOON_AND_A_BIT = datetime(2026, 11, 25, 12, 0, 17, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Things:
    """What the requests name; the grant that Ines asks for second is another than the first."""

    device: Device
    template: Template
    other: Template


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that is limited: who does it, by page and by API, how long they wait, and the rows it makes."""

    who: str
    setting: str
    wait_seconds: int
    said: str
    makes: type[Model]
    by_page: Callable[[Client, Things, int], Any]
    by_api: Callable[[Caller, Things, int], Any]


def reconfigure_by_page(client: Client, things: Things, _number: int) -> Any:
    return client.post(reverse("devices:reconfigure", args=[things.device.pk]), {"request_id": str(uuid4())})


def rotate_by_page(client: Client, things: Things, _number: int) -> Any:
    return client.post(reverse("devices:token_rotate", args=[things.device.pk]), {"request_id": str(uuid4())})


def open_batch_by_page(client: Client, things: Things, _number: int) -> Any:
    body = {"template": things.template.template_id, "lifetime": "3600", "count": "1", "request_id": str(uuid4())}
    return client.post(reverse("batches:new"), body)


def invite_by_page(client: Client, _things: Things, number: int) -> Any:
    body = {"email": f"noa{number}@example.com", "role": "developer", "grants": "none"}
    return client.post(reverse("invitations:new"), body)


def ask_by_page(client: Client, things: Things, number: int) -> Any:
    template = (things.template, things.other)[number]
    return client.post(reverse("provisioning:ask"), {"template_id": template.template_id})


def reconfigure_by_api(who: Caller, things: Things, _number: int) -> Any:
    return who.post(f"devices/{things.device.pk}/reconfigure/")


def rotate_by_api(who: Caller, things: Things, _number: int) -> Any:
    return who.post(f"devices/{things.device.pk}/token/rotate/")


def open_batch_by_api(who: Caller, things: Things, _number: int) -> Any:
    return who.post("provisioning-batches/", {"template_id": things.template.template_id, "count": 1})


def invite_by_api(who: Caller, _things: Things, number: int) -> Any:
    return who.post("team/invitations/", {"email": f"noa{number}@example.com", "role": "developer"})


def ask_by_api(who: Caller, things: Things, number: int) -> Any:
    return who.post("grant-requests/", {"template_id": (things.template, things.other)[number].template_id})


OPENED = "provisioning sessions were opened"
DOINGS = {
    "reconfigure": Doing(
        "alice", "SESSIONS_PER_MINUTE", 43, OPENED, ProvisioningSession, reconfigure_by_page, reconfigure_by_api
    ),
    "rotation": Doing("alice", "SESSIONS_PER_MINUTE", 43, OPENED, ProvisioningSession, rotate_by_page, rotate_by_api),
    "batch": Doing("dan", "SESSIONS_PER_MINUTE", 43, OPENED, Batch, open_batch_by_page, open_batch_by_api),
    "invitation": Doing(
        "alice", "INVITATIONS_PER_HOUR", 3583, "invitations were sent", Invitation, invite_by_page, invite_by_api
    ),
    "grant request": Doing(
        "ines",
        "GRANT_REQUESTS_PER_HOUR",
        3583,
        "permissions were asked for",
        GrantRequest,
        ask_by_page,
        ask_by_api,
    ),
}
each_thing = pytest.mark.parametrize("doing", DOINGS.values(), ids=list(DOINGS))


@pytest.fixture
def things(device: Device, template: Template, cast: Cast) -> Things:
    other = Template.objects.create(team=cast.team, name="Pump", board="esp32")
    return Things(device, template, other)


@each_thing
def test_pages_say_when_to_come_back(doing: Doing, things: Things, cast: Cast) -> None:
    made = doing.makes._default_manager.count() + 1
    with (
        override_settings(**{f"{doing.setting}_PER_ACCOUNT": 1}),
        time_machine.travel(NOON_AND_A_BIT, tick=False),
    ):
        client = signed_in(cast.member(doing.who))
        assert doing.by_page(client, things, 0).status_code in {200, 302}
        refused = doing.by_page(client, things, 1)
    assert (refused.status_code, refused["Retry-After"]) == (429, str(doing.wait_seconds))
    assert doing.said in text_of(refused)
    assert doing.makes._default_manager.count() == made


@each_thing
@pytest.mark.parametrize("per", ["ACCOUNT", "KEY"])
def test_the_api_says_when_to_come_back(doing: Doing, per: str, things: Things, cast: Cast) -> None:
    made = doing.makes._default_manager.count() + 1
    with (
        override_settings(**{f"{doing.setting}_PER_{per}": 1}),
        time_machine.travel(NOON_AND_A_BIT, tick=False),
    ):
        who = caller(cast.member(doing.who))
        assert doing.by_api(who, things, 0).status == 201
        refused = doing.by_api(who, things, 1)
    assert (refused.status, refused.content_type) == (429, PROBLEM)
    assert refused.headers["Retry-After"] == str(doing.wait_seconds)
    assert refused.data["type"] == "urn:landfall:problem:too_often"
    assert doing.said in refused.data["detail"]
    assert doing.makes._default_manager.count() == made


@pytest.mark.parametrize("per", ["ACCOUNT", "KEY"])
def test_sending_an_invitation_again_counts_as_sending_one(per: str, cast: Cast) -> None:
    with (
        override_settings(**{f"INVITATIONS_PER_HOUR_PER_{per}": 1}),
        time_machine.travel(NOON_AND_A_BIT, tick=False),
    ):
        who = caller(cast.alice)
        invited = who.post("team/invitations/", {"email": "noa@example.com", "role": "developer"})
        again = who.post(f"team/invitations/{invited.data['id']}/resend/")
        page = signed_in(cast.alice).post(reverse("invitations:resend", args=[invited.data["id"]]))
    assert (again.status, again.headers["Retry-After"]) == (429, "3583")
    assert page.status_code == (429 if per == "ACCOUNT" else 302)
