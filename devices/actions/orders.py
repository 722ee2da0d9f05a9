"""What a connected board is told to do: reboot, or open its hotspot again. What came of it, its connection shows."""

from django.db import transaction

from console.kit import gateway_bus, server_time
from console.kit.problems import Conflict, Unavailable
from console.teams.models import Member
from devices.actions import timeline
from devices.models import Device, Presence
from devices.models.timeline import EventKind
from devices.obedience import disobeys
from devices.status import Online, online_state

REBOOT = "reboot"
SETUP_MODE = "config start"


def reboot(*, device: Device, by: Member) -> None:
    """Tell the board of `device` to restart. Raises Conflict when it is offline or cannot, Unavailable when unsent."""
    _order(device, EventKind.REBOOT, REBOOT, by)


def enter_setup_mode(*, device: Device, by: Member) -> None:
    """Tell the board of `device` to open its hotspot; it keeps its WiFi settings and token, and goes offline.

    Raises Conflict when it is offline or cannot, Unavailable when the order was not sent.
    """
    _order(device, EventKind.SETUP_MODE, SETUP_MODE, by)


def _order(device: Device, kind: EventKind, command: str, by: Member) -> None:
    """The timeline row stands before the order goes out; where no gateway hears the order, a second one says so."""
    with transaction.atomic():
        connection_id = _connection_of(device)
        timeline.record(device=device, kind=kind, by=by, connection=str(connection_id))
    if not gateway_bus.console_command(device_id=device.pk, command=command):
        timeline.record(device=device, kind=EventKind.ORDER_LOST, by=by, order=kind.value)
        raise Unavailable(
            "No gateway heard the order, so nothing was sent. Look whether Redis and the gateway run, then try again."
        )


def _connection_of(device: Device) -> int:
    """The connection that the order goes to. Raises Conflict where there is none, or where it would be ignored."""
    found = Device.objects.select_for_update(no_key=True).filter(pk=device.pk).first()
    if found is None:
        raise Conflict("This device was deleted in the meantime.")
    presence = Presence.objects.filter(device_id=device.pk).first()
    if presence is None or not _is_online(presence):
        raise Conflict(
            f"{found.name} is offline, so nothing was sent. Power the board, and try again once it is online."
        )
    if why := disobeys(board=found.reported_board, library_version=found.library_version):
        raise Conflict(f"{found.name} cannot do this. {why} Press the board's own button instead.")
    return presence.connection_id


def _is_online(presence: Presence) -> bool:
    state = online_state(
        is_connected=presence.is_connected,
        last_seen_at=presence.last_seen_at,
        silence_seconds=presence.silence_seconds,
        now=server_time.now(),
    )
    return state is Online.ONLINE
