"""Opening many sessions at once: all or none, within limits and grants, once; and cancelling what is open."""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import pytest
from django.db import DataError
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from console.kit.problems import Conflict, Forbidden, Invalid, Problem, TooMany
from console.kit.tokens import TOKEN_PREFIX, digest, is_ours
from console.teams.models import AuditEntry, Grant, Member
from console.teams.permissions import Role
from devices.actions import activation, batches, sessions
from devices.actions.batches import OpenedBatch
from devices.actions.planned import Plan, PlannedDevice, numbered
from devices.actions.values import Activated, Claim
from devices.models import AuthToken, Batch, Device, OutboxEvent, ProvisioningSession, Webhook
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.actions.racing import at_once

pytestmark = pytest.mark.django_db
HOUR = 3600
MAC = "24:6F:28:01:02:03"
BED = PlannedDevice(1, "Bed 1", MAC, ("north", "soil"))


def open_some(
    template: Template, by: Member, devices: Sequence[PlannedDevice] = (BED, PlannedDevice(2)), **more: object
) -> OpenedBatch:
    values: dict[str, object] = {"lifetime_seconds": HOUR, **more}
    return batches.open_batch(template=template, devices=devices, by=by, **values)  # type: ignore[arg-type]


def activate(session: ProvisioningSession) -> Device:
    (made,) = activation.activate([Claim(session.token.pk, "192.0.2.7")])
    assert isinstance(made, Activated)
    return Device.objects.get(pk=made.device_id)


def test_each_row_gets_a_session_with_a_token_of_its_own(template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan, note=" Line 2 ", address="192.0.2.1")
    first, second = opened.sessions
    assert (opened.batch.devices_count, opened.batch.note, opened.batch.opened_by) == (2, "Line 2", "Dan")
    assert (first.planned_name, first.planned_mac, first.planned_tags) == ("Bed 1", MAC, ["north", "soil"])
    assert [session.batch_row for session in opened.sessions] == [1, 2]
    assert {session.expires_at for session in opened.sessions} == {opened.batch.expires_at}
    assert (second.route, second.state, second.opened_from) == ("", "open", "192.0.2.1")
    assert opened.tokens is not None
    assert len(set(opened.tokens.values())) == 2
    for session in opened.sessions:
        token = opened.tokens[session.pk]
        assert is_ours(token, TOKEN_PREFIX)
        assert bytes(session.token.digest) == digest(token)
        assert session.token.expires_at == session.expires_at


def test_the_audit_log_has_the_batch_and_no_token(template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan)
    entry = AuditEntry.objects.get(kind="batch.opened")
    assert (entry.actor, entry.area, entry.subject) == ("Dan", "tokens", template.name)
    assert entry.detail == {"batch": opened.batch.pk, "template": template.template_id, "count": 2}


def test_it_takes_a_handful_of_statements_whatever_the_number(
    template: Template, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        open_some(template, cast.dan, numbered(500).devices)
    assert ProvisioningSession.objects.count() == AuthToken.objects.count() == 500


def test_all_are_opened_or_none(template: Template, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "hint", lambda token: token)  # too long for its column: the last statement fails
    with pytest.raises(DataError):
        open_some(template, cast.dan)
    assert not Batch.objects.exists()
    assert not ProvisioningSession.objects.exists()
    assert not AuditEntry.objects.filter(kind="batch.opened").exists()


def test_the_device_gets_name_mac_and_tags_of_its_row(template: Template, cast: Cast) -> None:
    named, bare = open_some(template, cast.dan).sessions
    device = activate(named)
    assert (device.name, device.mac, device.tags) == ("Bed 1", MAC, ["north", "soil"])
    other = activate(bare)
    assert (other.name, other.mac, other.tags) == (f"Soil Sensor {other.pk}", "", [])
    named.refresh_from_db()
    bare.refresh_from_db()
    assert named.named_at == named.ended_at
    assert bare.named_at is None


def test_a_repeated_request_gives_the_first_batch_without_tokens(template: Template, cast: Cast) -> None:
    request = uuid4()
    first = open_some(template, cast.dan, request_id=request)
    again = open_some(template, cast.dan, [PlannedDevice(1)], request_id=request)
    assert again.batch == first.batch
    assert again.tokens is None
    assert [session.pk for session in again.sessions] == [session.pk for session in first.sessions]
    assert open_some(template, cast.ann, [PlannedDevice(1)], request_id=request).tokens


@pytest.mark.parametrize("seconds", [HOUR - 1, 7 * 24 * HOUR + 1])
def test_the_deadline_lies_an_hour_to_seven_days_ahead(template: Template, cast: Cast, seconds: int) -> None:
    with pytest.raises(Invalid, match="deadline"):
        open_some(template, cast.dan, lifetime_seconds=seconds)


@override_settings(TOKEN_LIFETIME_MAX_SECONDS=2 * HOUR)
def test_the_deadline_is_within_the_longest_of_the_installation(template: Template, cast: Cast) -> None:
    assert batches.lifetime_bounds() == (HOUR, 2 * HOUR)
    with pytest.raises(Invalid, match="deadline"):
        open_some(template, cast.dan, lifetime_seconds=3 * HOUR)


@pytest.mark.parametrize("note", ["x" * 201, "a\nb", "a\x00b"])
def test_the_note_is_one_short_line(template: Template, cast: Cast, note: str) -> None:
    with pytest.raises(Invalid):
        open_some(template, cast.dan, note=note)
    assert not Batch.objects.exists()


def test_an_archived_or_deleted_template_opens_nothing(template: Template, cast: Cast) -> None:
    templates.archive(template=Template.objects.get(pk=template.pk), by=cast.ann)
    with pytest.raises(Invalid, match="archived"):
        open_some(template, cast.dan)
    Template.objects.filter(pk=template.pk).delete()
    with pytest.raises(Conflict, match="deleted"):
        open_some(template, cast.dan)


@override_settings(BATCH_DEVICES_LIMIT=3, BATCH_OPEN_SESSIONS_PER_MEMBER=4, OPEN_SESSIONS_PER_MEMBER=1)
def test_batches_have_limits_of_their_own(template: Template, cast: Cast) -> None:
    with pytest.raises(Invalid, match="1 to 3 devices"):
        open_some(template, cast.dan, numbered(4).devices)
    open_some(template, cast.dan, numbered(3).devices)
    with pytest.raises(TooMany, match="3 open sessions; 4 is the most"):
        open_some(template, cast.dan, numbered(2).devices)
    sessions.open_session(template=template, by=cast.dan)
    with pytest.raises(TooMany):
        sessions.open_session(template=template, by=cast.dan)
    open_some(template, cast.dan, numbered(1).devices)


def test_a_role_that_changed_meanwhile_opens_nothing(template: Template, cast: Cast) -> None:
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    with pytest.raises(Conflict, match="role"):
        open_some(template, cast.dan)


class TestGrants:
    def grant(self, cast: Cast, template_id: str = "", **limits: int) -> Grant:
        return Grant.objects.create(member=cast.ines, template_id=template_id, **limits)

    def test_no_grant_no_batch(self, template: Template, cast: Cast) -> None:
        with pytest.raises(Forbidden, match="provision"):
            open_some(template, cast.ines)

    def test_no_more_than_what_is_left(self, template: Template, cast: Cast) -> None:
        self.grant(cast, template.template_id, devices_limit=5, devices_count=2)
        with pytest.raises(Invalid, match=r"3 more devices, .* this batch has 4"):
            open_some(template, cast.ines, numbered(4).devices)
        open_some(template, cast.ines, numbered(2).devices)
        with pytest.raises(Invalid, match="1 more device,"):
            open_some(template, cast.ines, numbered(2).devices)
        assert [activate(s).activated_by for s in open_some(template, cast.ines, numbered(1).devices).sessions]

    def test_what_is_activated_counts_once(self, template: Template, cast: Cast) -> None:
        grant = self.grant(cast, template.template_id, devices_limit=3)
        for session in open_some(template, cast.ines, numbered(2).devices).sessions:
            activate(session)
        grant.refresh_from_db()
        assert grant.devices_count == 2
        assert batches.devices_left(cast.ines, template.template_id) == 1

    def test_grants_that_cover_the_template_add_up(self, template: Template, cast: Cast) -> None:
        other = templates.create(team=cast.team, name="Pump", board="esp32", description="", by=cast.alice)
        self.grant(cast, template.template_id, devices_limit=2)
        self.grant(cast, devices_limit=3)
        assert batches.devices_left(cast.ines, template.template_id) == 5
        assert batches.devices_left(cast.ines, other.template_id) == 3
        open_some(other, cast.ines, numbered(2).devices)
        assert batches.devices_left(cast.ines, template.template_id) == 3

    def test_a_grant_without_a_number_has_no_end(self, template: Template, cast: Cast) -> None:
        self.grant(cast, template.template_id, devices_limit=1)
        self.grant(cast)
        assert batches.devices_left(cast.ines, template.template_id) is None
        open_some(template, cast.ines, numbered(9).devices)


class TestTakenMacs:
    def check(self, cast: Cast, *macs: str) -> Plan:
        devices = tuple(PlannedDevice(line, "", mac) for line, mac in enumerate(macs, start=1))
        return batches.without_taken(Plan(devices, ()), team=cast.team)

    def test_of_an_open_row_and_of_a_device(self, template: Template, cast: Cast) -> None:
        session = open_some(template, cast.dan).sessions[0]
        (problem,) = self.check(cast, "24:6F:28:01:02:04", MAC).problems
        assert (problem.line, problem.message) == (
            2,
            f"The open session {session.pk} waits for this MAC address already.",
        )
        activate(session)
        found = self.check(cast, MAC, "24:6F:28:01:02:04")
        assert found.problems[0].message == "The device Bed 1 has this MAC address already."
        assert [device.line for device in found.devices] == [2]

    def test_not_of_what_ended_nor_of_another_team(
        self, template: Template, other_template: Template, cast: Cast
    ) -> None:
        opened = open_some(template, cast.dan)
        open_some(other_template, cast.sam, [BED])
        batches.cancel(batch=opened.batch, by=cast.dan)
        assert self.check(cast, MAC).problems == ()

    def test_taken_in_the_meantime_opens_nothing(self, template: Template, cast: Cast) -> None:
        open_some(template, cast.dan)
        with pytest.raises(Conflict, match=MAC):
            open_some(template, cast.ann)
        assert Batch.objects.count() == 1


def test_cancelling_ends_what_is_open_and_nothing_else(template: Template, cast: Cast) -> None:
    Webhook.objects.create(
        team=cast.team, name="Hook", url="https://example.com/", events=["session.cancelled"], salt=b"x" * 16
    )
    opened = open_some(template, cast.dan, numbered(3).devices)
    device = activate(opened.sessions[0])
    assert batches.cancel(batch=opened.batch, by=cast.ann) == 2
    assert batches.cancel(batch=opened.batch, by=cast.ann) == 0
    states = list(opened.batch.sessions.order_by("batch_row").values_list("state", flat=True))
    assert states == ["activated", "cancelled", "cancelled"]
    assert AuthToken.objects.live().get().device == device
    assert AuthToken.objects.filter(revoked_because="cancelled").count() == 2
    assert OutboxEvent.objects.filter(kind="session.cancelled").count() == 2
    entry = AuditEntry.objects.get(kind="batch.cancelled")
    assert (entry.actor, entry.detail["count"]) == ("Ann", 2)


def test_cancelling_past_the_deadline_leaves_the_sessions_to_expire(template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan)
    AuthToken.objects.update(expires_at=timezone.now())
    assert batches.cancel(batch=opened.batch, by=cast.dan) == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def outcome(self, template: Template, by: Member, **more: object) -> object:
        try:
            return open_some(template, by, **more)  # type: ignore[arg-type]
        except Problem as problem:
            return problem

    def test_one_request_sent_twice_opens_one_batch(self, template: Template, cast: Cast) -> None:
        act = partial(self.outcome, template, cast.dan, request_id=uuid4())
        found = at_once(act, act)
        assert Batch.objects.count() == 1
        assert sorted(result.tokens is None for result in found) == [False, True]

    def test_two_lists_with_one_mac_open_one_batch(self, template: Template, cast: Cast) -> None:
        found = at_once(partial(self.outcome, template, cast.dan), partial(self.outcome, template, cast.ann))
        assert sorted(type(result).__name__ for result in found) == ["Conflict", "OpenedBatch"]
        assert ProvisioningSession.objects.count() == 2

    def test_one_grant_is_not_overdrawn_by_two(self, template: Template, cast: Cast) -> None:
        Grant.objects.create(member=cast.ines, devices_limit=3)
        act = partial(self.outcome, template, cast.ines, devices=numbered(2).devices)
        found = at_once(act, act)
        assert sorted(type(result).__name__ for result in found) == ["Invalid", "OpenedBatch"]

    def test_cancelling_and_activating_leave_each_session_one_end(self, template: Template, cast: Cast) -> None:
        opened = open_some(template, cast.dan, numbered(4).devices)
        claims = [Claim(session.token.pk, "192.0.2.7") for session in opened.sessions]
        at_once(partial(activation.activate, claims), partial(batches.cancel, batch=opened.batch, by=cast.dan))
        ends = set(opened.batch.sessions.values_list("state", flat=True))
        assert ends in ({"activated"}, {"cancelled"})
        assert Device.objects.count() == (4 if ends == {"activated"} else 0)
