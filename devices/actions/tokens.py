"""Static tokens, for sketches that keep their token in the code: issue, rotate, revoke."""

from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from console.kit.problems import Conflict, Invalid
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams.actions import audit
from console.teams.models import Member
from devices.actions import failures, timeline
from devices.actions.sessions import Opened, open_session
from devices.models import AuthToken, Device
from devices.models.timeline import EventKind
from devices.status import RevokedBecause, Route
from templates_app.models import Template

RETIRE = """
WITH over AS (
  SELECT id FROM devices_authtoken WHERE retires_at <= now() AND revoked_at IS NULL
  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE devices_authtoken t SET revoked_at = now(), revoked_because = 'replaced'
FROM over WHERE t.id = over.id
RETURNING t.id, t.device_id, t.hint
"""


def issue_static(*, template: Template, by: Member, request_id: UUID | None = None, address: str = "") -> Opened:
    """Issue a token for a sketch without Edgent; it waits `STATIC_TOKEN_LIFETIME_DAYS` for its first use.

    Raises as `sessions.open_session` does.
    """
    return open_session(template=template, by=by, route=Route.STATIC, request_id=request_id, address=address)


def rotate(
    *,
    device: Device,
    by: Member,
    overlap_seconds: int = 0,
    lifetime_seconds: int | None = None,
    request_id: UUID | None = None,
) -> Opened:
    """Issue a new token for `device`. Until it is first used nothing changes.

    From then on the earlier token lives for another `overlap_seconds`, or dies at once for 0. Raises Invalid for an
    overlap out of range, and as `sessions.open_session` does.
    """
    most = settings.TOKEN_OVERLAP_MAX_DAYS * 24 * 3600
    if not 0 <= overlap_seconds <= most:
        raise Invalid(f"The earlier token may live on for 0 to {most} seconds.", field="overlap_seconds")
    return open_session(
        template=device.template,
        by=by,
        device=device,
        lifetime_seconds=lifetime_seconds,
        request_id=request_id,
        route=Route.STATIC,
        overlap_seconds=overlap_seconds or None,
    )


@atomic_again(DEADLOCK)
def revoke(*, device: Device, by: Member) -> bool:
    """Kill every token that `device` logs in with, at once; the device stays. False when it had none left.

    A token that was issued to reconfigure or rotate it and was not used yet lives on: it is how the board gets back.
    Raises Conflict when the device is gone.
    """
    tokens = AuthToken.objects.filter(device=device, activated_at__isnull=False, revoked_at=None)
    token_ids = list(tokens.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = Device.objects.select_for_update(no_key=True).filter(pk=device.pk).first()
    if found is None:
        raise Conflict("This device was deleted in the meantime.")
    if not token_ids:
        return False
    AuthToken.objects.filter(pk__in=token_ids).update(revoked_at=Now(), revoked_because=RevokedBecause.ROTATED)
    timeline.record(device=found, kind=EventKind.REVOKED, by=by)
    audit.record(team=found.team, by=by, kind="token.revoked", subject=found.name, device=found.pk)
    failures.drop_on_commit(token_ids)
    return True


@transaction.atomic
def retire(*, limit: int) -> int:
    """Kill up to `limit` rotated tokens whose overlap is over, and close their connections; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(RETIRE, [limit])
        retired = cursor.fetchall()
    timeline.record_many([(device_id, EventKind.RETIRED, "", {"hint": hint}) for _, device_id, hint in retired])
    failures.drop_on_commit([token_id for token_id, _, _ in retired])
    return len(retired)
