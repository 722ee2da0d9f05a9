"""Everybody locks in one order, tokens before sessions and new tokens before old: so nobody ends in a deadlock."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection

from devices.actions import activation, integrity, partitions, presence, sessions, sweeps
from devices.actions import devices as device_actions
from devices.actions.values import Activated, Attach, Claim, Refused, Superseded
from devices.models import AuthToken, Device, Presence, ProvisioningSession, Reading, TimelineEvent
from devices.status import Refusal, SessionState
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.devices.actions.racing import at_once, held_up, is_free, one_behind_the_other
from tests.devices.actions.test_sweeps import make_overdue

pytestmark = pytest.mark.django_db(transaction=True)

DEVICES = "devices_device"
TOKENS = "devices_authtoken"
SESSIONS = "devices_provisioningsession"


def open_for(device: Device, cast: Cast) -> ProvisioningSession:
    return sessions.open_session(template=device.template, by=cast.alice, device=device).session


def activate(session: ProvisioningSession, template_id: str | None = None) -> Activated | Refused:
    (result,) = activation.activate([Claim(session.token.pk, "192.0.2.9", template_id)])
    return result


def test_sweep_passes_by_a_token_that_is_being_activated(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    make_overdue(session)
    with held_up(lambda: sweeps.expire_sessions(limit=10), table=TOKENS, row_id=session.token.pk) as sweep:
        assert sweep.result() == 0
        assert is_free(SESSIONS, session.pk)
    assert sweeps.expire_sessions(limit=10) == 1


def test_refused_template_waits_for_the_token_before_it_touches_the_session(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    with held_up(lambda: activate(session, "TMPLanother12"), table=TOKENS, row_id=session.token.pk) as refusal:
        assert is_free(SESSIONS, session.pk)
    assert refusal.result() == Refused(Refusal.TEMPLATE_MISMATCH)


def test_deletion_waits_for_a_new_token_before_it_locks_the_old(device: Device, cast: Cast) -> None:
    new = open_for(device, cast)
    old = AuthToken.objects.get(device=device)
    delete = held_up(lambda: device_actions.delete(device=device, by=cast.alice), table=TOKENS, row_id=new.token.pk)
    with delete as deletion:
        assert is_free(TOKENS, old.pk)
    deletion.result()
    assert not Device.objects.exists()


def test_deletion_waits_for_the_device_before_it_touches_its_sessions(device: Device, cast: Cast) -> None:
    delete = held_up(lambda: device_actions.delete(device=device, by=cast.alice), table=DEVICES, row_id=device.pk)
    with delete as deletion:
        assert is_free(SESSIONS, device.activation_id)
    deletion.result()
    assert not Device.objects.exists()


def test_two_reconfigurations_at_once_leave_one_active_token(device: Device, cast: Cast) -> None:
    first, second = open_for(device, cast), open_for(device, cast)
    old = AuthToken.objects.get(device=device)
    with held_up(lambda: activate(second), table=TOKENS, row_id=old.pk) as other:
        assert isinstance(activate(first), Activated)
    assert isinstance(other.result(), Activated)
    assert integrity.violations() == {}


def test_two_sweeps_at_once_share_the_work(template: Template, cast: Cast) -> None:
    for _ in range(10):
        make_overdue(sessions.open_session(template=template, by=cast.alice).session)
    counts = at_once(*[partial(sweeps.expire_sessions, limit=100)] * 3)
    assert sum(counts) + sweeps.expire_sessions(limit=100) == 10
    assert set(ProvisioningSession.objects.values_list("state", flat=True)) == {SessionState.EXPIRED}


def test_device_that_comes_through_two_gateways_at_once_keeps_one_connection(device: Device) -> None:
    one, two = Attach(device.pk, 1, "gw-a", "192.0.2.1", 25), Attach(device.pk, 2, "gw-b", "192.0.2.2", 25)
    first, second = one_behind_the_other(partial(presence.attach, [one]), partial(presence.attach, [two]))
    assert (first, second) == ([], [Superseded(device.pk, 1, "gw-a")])
    assert Presence.objects.get().connection_id == 2
    assert TimelineEvent.objects.filter(kind="online").count() == 1


def test_gateways_that_swap_devices_end_in_no_deadlock(template: Template, cast: Cast) -> None:
    devices = [make_device(template, cast.alice).pk for _ in range(20)]
    for turn in range(1, 6):
        rows = [Attach(device, turn * 100 + n, "gw", "192.0.2.1", 25) for n, device in enumerate(devices)]
        at_once(partial(presence.attach, rows), partial(presence.attach, rows[::-1]))
    assert Presence.objects.filter(is_connected=True).count() == len(devices)


def test_deletion_racing_a_reconfiguration_leaves_no_token_behind(template: Template, cast: Cast) -> None:
    for _ in range(5):
        device = make_device(template, cast.alice)
        session = open_for(device, cast)
        at_once(partial(activate, session), partial(device_actions.delete, device=device, by=cast.alice))
        assert not Device.objects.filter(pk=device.pk).exists()
        session.refresh_from_db()
        assert session.state in {SessionState.ACTIVATED, SessionState.CANCELLED}
        assert integrity.violations() == {}


def test_row_that_arrives_while_its_month_is_made_goes_into_it(device: Device) -> None:
    at = datetime(2031, 5, 6, tzinfo=UTC)
    insert = partial(Reading.objects.create, id=1, at=at, device_id=device.pk, pin=1, value="5")
    make = partial(partitions.make_ahead, today=date(2031, 5, 1))
    _, made = one_behind_the_other(insert, make)
    assert "devices_reading_2031_05" in made
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM devices_reading_2031_05")
        assert cursor.fetchone() == (1,)
        for table in made:
            cursor.execute(f"DROP TABLE {table}")
