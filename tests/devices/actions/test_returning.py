"""A board that was wiped and provisioned again goes on as the device it was."""

from contextlib import suppress

import pytest
from django.db import IntegrityError

from console.kit import gateway_bus
from console.kit.problems import Conflict
from console.teams.models import AuditEntry
from devices.actions import activation, facts, presence, readings, returning, sessions
from devices.actions import devices as device_actions
from devices.actions.integrity import violations
from devices.actions.values import Activated, Attach, Claim, Detach, Facts, Meta, Written
from devices.models import AuthToken, Device, PinValue, Presence, ProvisioningSession, Reading, TimelineEvent
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.devices.actions.racing import at_once

NAME = "Blynk Soil Sensor-9A4R"


def wiped(template: Template, cast: Cast, *, hotspot: str = NAME) -> ProvisioningSession:
    """The session of a board that was provisioned just now and has told its hotspot's name."""
    session = sessions.open_session(template=template, by=cast.alice).session
    (outcome,) = activation.activate([Claim(session.token.pk, "192.0.2.9")])
    assert isinstance(outcome, Activated)
    facts.set_metadata([Meta(outcome.device_id, "Hotspot Name", hotspot)])
    presence.attach([Attach(outcome.device_id, 9, "one", "192.0.2.9", 60)])
    session.refresh_from_db()
    return session


@pytest.fixture
def before(template: Template, cast: Cast) -> Device:
    """The device that the board was: named, with values, offline."""
    device = make_device(template, cast.alice)
    device_actions.rename(device=device, name="Greenhouse north", by=cast.alice)
    facts.set_metadata([Meta(device.pk, "Hotspot Name", NAME), Meta(device.pk, "Room", "Cellar")])
    readings.write([Written(device.pk, 1, "old", 60.0), Written(device.pk, 2, "kept", 60.0)])
    presence.attach([Attach(device.pk, 7, "one", "192.0.2.7", 60)])
    presence.detach([Detach(device.pk, 7, "connection closed")])
    device.refresh_from_db()
    return device


def names(session: ProvisioningSession) -> list[str]:
    return [candidate.device.name for candidate in returning.candidates_of(session)]


@pytest.mark.django_db
def test_same_hotspot_name_is_offered(before: Device, template: Template, cast: Cast) -> None:
    (candidate,) = returning.candidates_of(wiped(template, cast))
    assert (candidate.device, candidate.reason) == (before, f"the same hotspot name, {NAME}")


@pytest.mark.django_db
def test_same_mac_is_offered_first(before: Device, template: Template, cast: Cast) -> None:
    other = make_device(template, cast.alice)
    Device.objects.filter(pk=before.pk).update(mac="24:6F:28:01:02:03")
    Device.objects.filter(pk=other.pk).update(hotspot_name=NAME)
    session = wiped(template, cast)
    Device.objects.filter(pk=session.device_id or 0).update(mac="24:6F:28:01:02:03")
    session.refresh_from_db()
    first, second = returning.candidates_of(session)
    assert first.reason == "the same MAC address, 24:6F:28:01:02:03"
    assert (first.device, second.device) == (before, other)


@pytest.mark.django_db
def test_others_are_not_offered(before: Device, template: Template, cast: Cast, other_template: Template) -> None:
    make_device(other_template, cast.sam)
    make_device(template, cast.alice)
    Device.objects.exclude(pk=before.pk).filter(template=other_template).update(hotspot_name=NAME)
    assert names(wiped(template, cast, hotspot="Blynk Soil Sensor-0000")) == []
    assert names(wiped(template, cast, hotspot="")) == []
    assert names(wiped(template, cast)) == ["Greenhouse north"]
    presence.attach([Attach(before.pk, 8, "one", "192.0.2.7", 60)])
    assert "Greenhouse north" not in names(wiped(template, cast))


@pytest.mark.django_db
def test_history_goes_on_with_the_new_token(
    before: Device,
    template: Template,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    moved: list[tuple[int, int]] = []
    monkeypatch.setattr(gateway_bus, "move_device", lambda *, token_id, device_id: moved.append((token_id, device_id)))
    session = wiped(template, cast)
    made = session.device
    assert made is not None
    facts.report([Facts(made.pk, firmware_version="2.0.0", library_version="1.4.0")])
    readings.write([Written(made.pk, 1, "new")])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        returning.rejoin(session=session, device=before, by=cast.alice)
    assert Device.objects.get() == before
    before.refresh_from_db()
    assert (before.name, before.firmware_version, before.metadata) == ("Greenhouse north", "2.0.0", {"Room": "Cellar"})
    assert dict(PinValue.objects.filter(device=before).values_list("pin", "value")) == {1: "new", 2: "kept"}
    assert Reading.objects.filter(device_id=before.pk).count() == 3
    assert Reading.objects.exclude(device_id=before.pk).count() == 0
    (live,) = AuthToken.objects.active().filter(device=before)
    assert live.session_id == session.pk
    assert moved == [(live.pk, before.pk)]
    assert Presence.objects.get().connection_id == 9
    told = TimelineEvent.objects.get(kind="returned")
    assert (told.device_id, told.actor, told.detail) == (
        before.pk,
        cast.alice.label,
        {"session": session.pk, "made": made.name},
    )
    assert not TimelineEvent.objects.exclude(device_id=before.pk).exists()
    assert AuditEntry.objects.filter(kind="device.returned").count() == 1
    session.refresh_from_db()
    assert (session.device, session.is_reconfigure) == (before, True)
    assert returning.candidates_of(session) == []
    assert violations() == {}


@pytest.mark.django_db
def test_joining_twice_or_too_late_changes_nothing(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    returning.rejoin(session=session, device=before, by=cast.alice)
    with pytest.raises(Conflict, match="Nothing was changed"):
        returning.rejoin(session=session, device=before, by=cast.alice)
    late = wiped(template, cast)
    with pytest.raises(Conflict, match="is not offered any more"):
        returning.rejoin(session=late, device=before, by=cast.alice)
    assert Device.objects.count() == 2
    assert violations() == {}


@pytest.mark.django_db
def test_device_that_is_online_again_is_left_alone(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    presence.attach([Attach(before.pk, 8, "one", "192.0.2.7", 60)])
    with pytest.raises(Conflict, match="online"):
        returning.rejoin(session=session, device=before, by=cast.alice)


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_join_once(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)

    def join() -> bool:
        try:
            returning.rejoin(session=ProvisioningSession.objects.get(pk=session.pk), device=before, by=cast.alice)
        except Conflict:
            return False
        return True

    assert sorted(at_once(join, join)) == [False, True]
    assert Device.objects.get().name == "Greenhouse north"
    assert violations() == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["before", "made"])
def test_joining_while_one_of_them_is_deleted(which: str, before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    doomed = before if which == "before" else session.device
    assert doomed is not None

    def join() -> None:
        with suppress(Conflict):
            returning.rejoin(session=ProvisioningSession.objects.get(pk=session.pk), device=before, by=cast.alice)

    at_once(join, lambda: device_actions.delete(device=doomed, by=cast.alice))
    assert Device.objects.count() <= 1
    assert violations() == {}


@pytest.mark.django_db(transaction=True)
def test_joining_while_the_board_writes(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    made = session.device_id
    assert made is not None

    def write() -> None:
        """As the gateway's flusher does: what fails is written once more."""
        try:
            readings.write([Written(made, 5, "now")])
        except IntegrityError:
            readings.write([Written(made, 5, "now")])

    at_once(
        lambda: returning.rejoin(session=session, device=before, by=cast.alice),
        write,
        lambda: presence.attach([Attach(made, 10, "one", "192.0.2.9", 60)]),
    )
    assert Device.objects.get() == before
    assert violations() == {}
