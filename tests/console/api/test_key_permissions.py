"""What a key may do: never more than was chosen for it, and never more than its maker's role says now."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from console.teams.actions import api_keys
from console.teams.models import ApiKey, Grant, Member
from console.teams.permissions import Permission, Role
from devices.actions import sessions
from devices.models import Device
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, Answer, Caller, caller

pytestmark = pytest.mark.django_db
VIEW, PROVISION, EDIT = Permission.VIEW, Permission.PROVISION, Permission.EDIT_TEMPLATES
NEW_TEMPLATE = {"name": "Pump", "board": "esp32"}


def opened(who: Caller, template: Template) -> Answer:
    return who.post("provisioning-sessions/", {"template_id": template.template_id})


def missing(answer: Answer) -> tuple[int, str]:
    assert answer.content_type == PROBLEM
    return answer.status, answer.data["permission"]


def test_role_lowered_afterwards_narrows_the_key(cast: Cast) -> None:
    dan = caller(cast.dan, VIEW, EDIT)
    assert dan.post("templates/", NEW_TEMPLATE).status == 201
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    answer = dan.post("templates/", NEW_TEMPLATE)
    assert missing(answer) == (403, EDIT)
    assert answer.data["type"] == "urn:landfall:problem:forbidden"
    assert dan.get("templates/").status == 200


def test_role_raised_afterwards_does_not_widen_what_was_chosen(cast: Cast) -> None:
    dan = caller(cast.dan, VIEW)
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.OWNER)
    answer = dan.post("templates/", NEW_TEMPLATE)
    assert missing(answer) == (403, EDIT)
    assert answer.data["detail"] == (
        "This API key does not have the permission to edit templates. Make one that has it."
    )


def test_key_to_provision_opens_and_cancels_and_sees_nothing(cast: Cast, template: Template, device: Device) -> None:
    dan = caller(cast.dan, PROVISION)
    answer = opened(dan, template)
    assert answer.status == 201
    assert missing(dan.get(f"provisioning-sessions/{answer.data['id']}/")) == (403, VIEW)
    assert missing(dan.get("templates/")) == (403, VIEW)
    assert missing(dan.get(f"devices/{device.pk}/")) == (403, VIEW)
    assert missing(dan.patch(f"devices/{device.pk}/", {"name": "Tap"})) == (403, VIEW)
    assert dan.delete(f"provisioning-sessions/{answer.data['id']}/").status == 204


def test_key_that_only_looks_cancels_not_even_what_its_maker_opened(cast: Cast, template: Template) -> None:
    waiting = sessions.open_session(template=template, by=cast.dan).session
    assert missing(caller(cast.dan, VIEW).delete(f"provisioning-sessions/{waiting.pk}/"))[0] == 403
    waiting.refresh_from_db()
    assert waiting.state == "open"


def test_key_to_edit_that_may_not_look_is_shown_no_template(cast: Cast, template: Template) -> None:
    dan = caller(cast.dan, EDIT)
    assert missing(dan.patch(f"templates/{template.template_id}/", {"name": "Mine"})) == (403, VIEW)


def test_installers_key_provisions_with_the_installers_grants(cast: Cast, template: Template) -> None:
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    ines = caller(cast.ines, VIEW, PROVISION)
    assert missing(opened(ines, template)) == (403, PROVISION)
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    assert opened(ines, template).status == 201
    assert missing(opened(ines, other)) == (403, PROVISION)
    Grant.objects.all().delete()
    assert missing(opened(ines, template)) == (403, PROVISION)


def test_grant_does_not_widen_a_key_that_was_not_given_it(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    assert missing(opened(caller(cast.ines, VIEW), template)) == (403, PROVISION)


def test_permission_that_is_no_longer_known_gives_nothing(cast: Cast) -> None:
    alice = caller(cast.alice)
    ApiKey.objects.update(permissions=["rule the world", VIEW.value])
    assert alice.get("templates/").status == 200
    assert missing(alice.post("templates/", NEW_TEMPLATE)) == (403, EDIT)


def test_a_key_revoked_while_a_client_polls_is_refused_at_its_next_call(cast: Cast, template: Template) -> None:
    dan = caller(cast.dan, VIEW, PROVISION)
    session_id = opened(dan, template).data["id"]
    assert [dan.get(f"provisioning-sessions/{session_id}/").status for _ in range(5)] == [200] * 5
    api_keys.revoke(key=ApiKey.objects.get(), by=cast.ann)
    answer = dan.get(f"provisioning-sessions/{session_id}/")
    assert (answer.status, answer.content_type) == (401, PROBLEM)


def test_no_refusal_of_a_key_tells_which_it_was(cast: Cast) -> None:
    unknown = Caller("lfk_" + "x" * 28)
    revoked, expired, removed, inactive = (caller(who) for who in (cast.alice, cast.ann, cast.dan, cast.vic))
    api_keys.revoke(key=ApiKey.objects.get(member=cast.alice), by=cast.alice)
    ApiKey.objects.filter(member=cast.ann).update(expires_at=timezone.now() - timedelta(seconds=1))
    cast.dan.delete()
    cast.vic.user.is_active = False
    cast.vic.user.save()
    answers = [who.get("templates/") for who in (unknown, revoked, expired, removed, inactive)]
    assert {answer.status for answer in answers} == {401}
    assert len({str(answer.data) for answer in answers}) == 1


def test_key_expires_to_the_second(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        created = api_keys.create(member=cast.dan, name="tests", days=1)
        dan = Caller(created.secret)
        clock.shift(timedelta(days=1, seconds=-1))
        assert dan.get("templates/").status == 200
        clock.shift(1)
        assert dan.get("templates/").status == 401


def called_from(who: Caller, remote: str, forwarded: str) -> str:
    headers = {"authorization": f"Bearer {who.secret}", "x-forwarded-for": forwarded}
    assert Client().get("/api/v1/templates/", headers=headers, REMOTE_ADDR=remote).status_code == 200
    return ApiKey.objects.get().last_used_from


def test_last_use_has_its_time_and_address(cast: Cast) -> None:
    dan = caller(cast.dan)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert called_from(dan, "192.0.2.7", "203.0.113.9") == "192.0.2.7"
        first = ApiKey.objects.get().last_used_at
        clock.shift(30)
        assert called_from(dan, "192.0.2.7", "203.0.113.9") == "192.0.2.7"
        assert ApiKey.objects.get().last_used_at == first  # a busy key writes once a minute
        assert called_from(dan, "198.51.100.1", "") == "198.51.100.1"
        with override_settings(BEHIND_PROXY=True):
            assert called_from(dan, "10.0.0.1", "203.0.113.9, 2001:db8::1") == "2001:db8::1"
            assert called_from(dan, "10.0.0.1", "not an address\x7f") == ""


def test_refused_key_is_not_noted_as_used(cast: Cast) -> None:
    dan = caller(cast.dan)
    api_keys.revoke(key=ApiKey.objects.get(), by=cast.dan)
    dan.get("templates/")
    assert ApiKey.objects.get().last_used_at is None
