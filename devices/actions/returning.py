"""A board that was wiped and provisioned again: the device that it was takes the new token, and its history goes on."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Now

from console.kit import gateway_bus
from console.kit.problems import Conflict
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams.actions import audit
from console.teams.models import Member
from devices.actions import outbox, timeline
from devices.models import AuthToken, Device, Presence, ProvisioningSession, Reading, TimelineEvent
from devices.models.timeline import EventKind
from devices.status import RevokedBecause, SessionState
from devices.webhooks import WebhookEvent

SHOWN = 5
FACTS = (
    "reported_board",
    "reported_template_id",
    "firmware_version",
    "firmware_key",
    "firmware_type",
    "firmware_build",
    "library_version",
    "hotspot_name",
    "hotspot_stem",
    "heartbeat_seconds",
    "buffer_bytes",
    "mac",
)
TAKE_VALUES = """
INSERT INTO devices_pinvalue (device_id, pin, value, at)
SELECT %s, pin, value, at FROM devices_pinvalue WHERE device_id = %s
ON CONFLICT (device_id, pin) DO UPDATE SET value = EXCLUDED.value, at = EXCLUDED.at
WHERE EXCLUDED.at >= devices_pinvalue.at
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that the board of a session may be, and what shows it."""

    device: Device
    reason: str


def candidates_of(session: ProvisioningSession) -> list[Candidate]:
    """The devices that the one made by `session` may be again: the same board by its MAC or its hotspot's name.

    Only offline devices of the same template: one that is online has its board. The likeliest first, five at most.
    """
    made = session.device
    if session.state != SessionState.ACTIVATED or session.is_reconfigure or made is None:
        return []
    found = Device.objects.same_board_as(made).order_by("-pk")[:SHOWN]
    candidates = [Candidate(device, _reason(device, made)) for device in found]
    return sorted(candidates, key=lambda candidate: "MAC" not in candidate.reason)


def _reason(device: Device, made: Device) -> str:
    if made.mac and device.mac == made.mac:
        return f"the same MAC address, {made.mac}"
    return f"the same hotspot name, {made.hotspot_name}"


@atomic_again(DEADLOCK)
def rejoin(*, session: ProvisioningSession, device: Device, by: Member) -> Device:
    """Give `device` the token and the connection of the device that `session` made, which goes.

    1. Lock the tokens of both, those that wait first, then both devices: the order of activation and deletion.
    2. See again that the session still has the device it made, and that `device` may be it.
    3. End the old tokens of `device`; move tokens, sessions, timeline, readings, facts and presence to it.
    4. Delete the device that was made, and write it down.

    The gateway moves the connection on commit; where that message is lost, its next look at the tokens does. Raises
    Conflict when something of this has changed in the meantime.
    """
    ids = [device.pk, session.device_id or 0]
    _lock_tokens(ids)
    locked = {row.pk: row for row in Device.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    now = ProvisioningSession.objects.select_related("device").get(pk=session.pk)
    kept, made = locked.get(device.pk), locked.get(now.device_id or 0)
    if kept is None or made is None or made.activation_id != session.pk:
        raise Conflict("One of the two devices is gone in the meantime, or was joined already. Nothing was changed.")
    if all(candidate.device.pk != kept.pk for candidate in candidates_of(now)):
        raise Conflict(
            f"{kept.name} is not offered any more: it is online, or is not the same board. Nothing was changed."
        )
    _move(session, kept=kept, made=made)
    timeline.record(device=kept, kind=EventKind.RETURNED, by=by, session=session.pk, made=made.name)
    audit.record(team=kept.team, by=by, kind="device.returned", subject=kept.name, device=kept.pk, made=made.name)
    outbox.announce(
        team_id=kept.team_id, event=WebhookEvent.DEVICE_RECONFIGURED, device=kept.pk, session=session.pk, by=by.label
    )
    outbox.announce(
        team_id=made.team_id, event=WebhookEvent.DEVICE_DELETED, device=made.pk, name=made.name, by=by.label
    )
    token_id = now.token.pk
    transaction.on_commit(lambda: gateway_bus.move_device(token_id=token_id, device_id=kept.pk))
    return kept


def _lock_tokens(device_ids: list[int]) -> None:
    pending = AuthToken.objects.filter(session__device__in=device_ids).pending()
    own = AuthToken.objects.filter(device__in=device_ids)
    for tokens in (pending, own):
        list(tokens.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _move(session: ProvisioningSession, *, kept: Device, made: Device) -> None:
    AuthToken.objects.filter(device=kept, activated_at__isnull=False, revoked_at=None).update(
        revoked_at=Now(), revoked_because=RevokedBecause.REPLACED
    )
    AuthToken.objects.filter(device=made).update(device=kept)
    ProvisioningSession.objects.filter(device=made).update(device=kept)
    ProvisioningSession.objects.filter(pk=session.pk).update(is_reconfigure=True)
    TimelineEvent.objects.filter(device_id=made.pk, kind=EventKind.ACTIVATED).delete()
    TimelineEvent.objects.filter(device_id=made.pk).update(device_id=kept.pk)
    Reading.objects.filter(device_id=made.pk).update(device_id=kept.pk)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_VALUES, [kept.pk, made.pk])
    _take_facts(kept, made)
    if Presence.objects.filter(pk=made.pk).exists():
        list(Presence.objects.select_for_update().filter(pk__in=[kept.pk, made.pk]).order_by("pk"))
        Presence.objects.filter(pk=kept.pk).delete()
        Presence.objects.filter(pk=made.pk).update(device=kept)
    Device.objects.filter(pk=made.pk).delete()


def _take_facts(kept: Device, made: Device) -> None:
    """What the board has said since it was wiped is newer; what it has not said stays as it was."""
    for name in FACTS:
        if value := getattr(made, name):
            setattr(kept, name, value)
    kept.metadata = {**kept.metadata, **made.metadata}
    kept.save(update_fields=[*FACTS, "metadata"])
