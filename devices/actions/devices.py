"""What people do to a device: rename, write to a pin, delete."""

from django.db import transaction
from django.db.models.functions import Now

from console.kit import gateway_bus
from console.kit.problems import Conflict, Invalid
from console.kit.text import is_invisible, unprintable
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams.actions import audit
from console.teams.models import Member
from devices.actions import failures, outbox, readings, timeline
from devices.actions.values import Written
from devices.models import AuthToken, Device, ProvisioningSession, Reading, TimelineEvent
from devices.models.timeline import EventKind
from devices.status import RevokedBecause, SessionState
from devices.webhooks import WebhookEvent

NAME_LENGTH = 60
PIN_VALUE_LENGTH = 255
SEPARATOR = "\x1f"


def clean_name(name: str) -> str:
    """`name` as it is kept: outer blanks gone, inner runs of blanks made one. Raises Invalid with what to change."""
    cleaned = " ".join(name.split())
    if is_invisible(cleaned):
        raise Invalid("Give the device a name.", field="name")
    if len(cleaned) > NAME_LENGTH:
        raise Invalid(f"The name has {len(cleaned)} characters; {NAME_LENGTH} is the most.", field="name")
    if unprintable(cleaned):
        raise Invalid("The name has characters that cannot be shown. Type it again by hand.", field="name")
    return cleaned


def _lock(device: Device) -> Device:
    """The device as it is now, which nobody changes or deletes meanwhile. Raises Conflict when it is gone."""
    found = Device.objects.select_for_update(no_key=True).filter(pk=device.pk).first()
    if found is None:
        raise Conflict("This device was deleted in the meantime.")
    return found


@transaction.atomic
def rename(*, device: Device, name: str, by: Member) -> None:
    """Give `device` another name, and tell it when it is connected. Raises Invalid, or Conflict when it is gone."""
    cleaned = clean_name(name)
    before, device.name = _lock(device).name, cleaned
    if device.name == before:
        return
    device.save(update_fields=["name"])
    ProvisioningSession.objects.filter(activated_device=device, named_at=None).update(named_at=Now())
    timeline.record(device=device, kind=EventKind.RENAMED, by=by, before=before, after=device.name)
    audit.record(team=device.team, by=by, kind="device.renamed", subject=device.name, device=device.pk, before=before)
    transaction.on_commit(lambda: gateway_bus.rename(device_id=device.pk, name=device.name))


@transaction.atomic
def write_pin(*, device: Device, pin: int, value: str, by: Member) -> None:
    """Set a virtual pin from the console: kept as its latest value and sent to the device when it is connected.

    Raises Invalid for a pin outside 0-255 or a value that is too long or has control characters, and Conflict when the
    device is gone.
    """
    if not 0 <= pin <= 255:
        raise Invalid("Virtual pins are numbered 0 to 255.", field="pin")
    if unprintable(value):
        raise Invalid("The value has control characters.", field="value")
    if len(value.encode()) > PIN_VALUE_LENGTH:
        raise Invalid(f"The value is longer than {PIN_VALUE_LENGTH} bytes.", field="value")
    _lock(device)
    readings.write([Written(device.pk, pin, value)])
    timeline.record(device=device, kind=EventKind.PIN_WRITTEN, by=by, pin=pin, value=value)
    transaction.on_commit(lambda: gateway_bus.write_pin(device_id=device.pk, pin=pin, values=[value]))


@atomic_again(DEADLOCK)
def delete(*, device: Device, by: Member) -> None:
    """Delete `device` with its readings and timeline; its sessions and refused logins stay as history.

    Its token dies, so the board is refused at its next login and opens its hotspot; its connection closes at once.
    Does nothing for a device that somebody else deleted first.
    """
    token_ids = _lock_tokens(device)
    if not Device.objects.select_for_update().filter(pk=device.pk).exists():
        return
    for session in ProvisioningSession.objects.filter(device=device, state=SessionState.OPEN):
        failures.end(session, state=SessionState.CANCELLED, because=RevokedBecause.DELETED, finding=None)
    own = AuthToken.objects.filter(device=device)
    own.update(device_name=Device.objects.filter(pk=device.pk).values("name"))
    own.filter(revoked_at=None).update(revoked_at=Now(), revoked_because=RevokedBecause.DELETED)
    audit.record(team=device.team, by=by, kind="device.deleted", subject=device.name, device=device.pk)
    outbox.announce(
        team_id=device.team_id, event=WebhookEvent.DEVICE_DELETED, device=device.pk, name=device.name, by=by.label
    )
    Device.objects.filter(pk=device.pk).delete()
    TimelineEvent.objects.filter(device_id=device.pk).delete()
    Reading.objects.filter(device_id=device.pk).delete()
    failures.drop_on_commit(token_ids)


def _lock_tokens(device: Device) -> list[int]:
    """Lock the tokens that wait to reconfigure `device`, then its own: the order in which an activation locks them."""
    pending = AuthToken.objects.filter(session__device=device).pending()
    own = AuthToken.objects.filter(device=device)
    return [
        token_id
        for tokens in (pending, own)
        for token_id in tokens.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    ]
