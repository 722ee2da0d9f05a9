"""Provisioning sessions: open, cancel, name what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from console.kit import server_time
from console.kit.problems import Conflict, Invalid, TooMany
from console.kit.tokens import TOKEN_PREFIX, digest, hint, new_secret
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams import access
from console.teams.actions import audit
from console.teams.models import Member
from devices.actions import devices as device_actions
from devices.actions import failures
from devices.models import AuthToken, Device, ProvisioningSession
from devices.status import RevokedBecause, Route, SessionState
from templates_app.models import Template


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened, with its auth token: the only time the token is known. None for a repeated request."""

    session: ProvisioningSession
    token: str | None


def open_session(
    *,
    template: Template,
    by: Member,
    lifetime_seconds: int | None = None,
    device: Device | None = None,
    request_id: UUID | None = None,
    route: Route = Route.EMPTY,
    address: str = "",
    overlap_seconds: int | None = None,
) -> Opened:
    """Open a session for one new device of `template`, or to reconfigure `device`, and issue its token.

    A static token waits much longer for its first use (`devices.actions.tokens`); `overlap_seconds` is how long the
    device's earlier token lives on after that, None for not at all.

    The caller has checked that `by` may provision the template (`devices.access`). A `request_id` seen before gives
    the session it opened then, without its token. Raises Invalid for an archived template or a lifetime out of range,
    TooMany when `by` has too many open sessions, Conflict for a template or a device that is gone.
    """
    seconds = _lifetime(lifetime_seconds, route)
    if template.is_archived:
        then = "reconfigure its devices" if device else "add devices"
        raise Invalid(f"This template is archived. Unarchive it before you {then}.", field="template_id")
    earlier = _earlier(by, request_id)
    if earlier:
        return Opened(earlier, None)
    waiting = by.sessions.open(now=server_time.now()).filter(batch=None)
    if waiting.count() >= settings.OPEN_SESSIONS_PER_MEMBER:
        raise TooMany("You have too many open provisioning sessions. Cancel some, or wait until they expire.")
    token = new_secret(TOKEN_PREFIX)
    lifetime = timedelta(seconds=seconds)
    try:
        session = _issue(
            token,
            lifetime,
            template=template,
            by=by,
            device=device,
            request_id=request_id,
            route=route,
            overlap_seconds=overlap_seconds,
            opened_from=address,
        )
    except IntegrityError as error:
        earlier = _earlier(by, request_id)
        if earlier is None:
            raise Conflict(f"This {'device' if device else 'template'} was deleted in the meantime.") from error
        return Opened(earlier, None)
    return Opened(session, token)


@transaction.atomic
def _issue(
    token: str,
    lifetime: timedelta,
    *,
    template: Template,
    by: Member,
    device: Device | None,
    **details: Any,
) -> ProvisioningSession:
    """The session and its token's digest, if `by` may provision the template as things stand.

    The member's row is locked, as it is by who takes a grant away: either that sees this session, or this sees that.
    Raises IntegrityError for a request seen before or for what is gone, Forbidden, Conflict.
    """
    opener = Member.objects.select_for_update(no_key=True).filter(pk=by.pk).first()
    if opener is None:
        raise Conflict("You have left this team in the meantime.")
    access.require_provisioning(opener, template.template_id)
    session = ProvisioningSession.objects.create(
        team=template.team,
        template=template,
        member=by,
        opened_by=by.label,
        device=device,
        is_reconfigure=device is not None,
        expires_at=Now() + lifetime,
        **details,
    )
    session.refresh_from_db()
    AuthToken.objects.create(
        digest=digest(token), hint=hint(token), team=template.team, session=session, expires_at=session.expires_at
    )
    told = {"session": session.pk, "template": template.template_id, "token": hint(token)}
    if device is not None:
        told |= {"device": device.pk, "name": device.name}
    kind = "token.issued_to_reconfigure" if device else "token.issued"
    audit.record(team=template.team, by=by, kind=kind, subject=template.name, **told)
    return session


def _earlier(by: Member, request_id: UUID | None) -> ProvisioningSession | None:
    return by.sessions.filter(request_id=request_id).first() if request_id else None


def _lifetime(seconds: int | None, route: Route) -> int:
    default, most = settings.TOKEN_LIFETIME_SECONDS, settings.TOKEN_LIFETIME_MAX_SECONDS
    if route is Route.STATIC:
        default = settings.STATIC_TOKEN_LIFETIME_DAYS * 24 * 3600
        most = max(default, most)
    chosen = default if seconds is None else seconds
    if not 30 <= chosen <= most:
        raise Invalid(
            f"The token's lifetime is between 30 and {most} seconds.",
            field="lifetime_seconds",
        )
    return chosen


@atomic_again(DEADLOCK)
def cancel(*, session: ProvisioningSession, by: Member | None = None) -> bool:
    """Close an open session and kill its token. False when it had already ended (activated, say): nothing changes.

    A session past its deadline ends as expired, not as cancelled, even before the sweep has reached it.
    """
    if ProvisioningSession.objects.overdue().filter(pk=session.pk).exists():
        failures.expire(session)
        return False
    if not failures.end(session, state=SessionState.CANCELLED, because=RevokedBecause.CANCELLED, finding=None):
        return False
    template = session.template
    audit.record(
        team=session.team,
        by=by,
        kind="session.cancelled",
        subject=template.name,
        session=session.pk,
        template=template.template_id,
    )
    failures.drop_on_commit([session.token.pk])
    return True


def choose_route(*, session: ProvisioningSession, route: Route) -> None:
    """Note how the token of an open session is handed over; one that has ended keeps what it had."""
    ProvisioningSession.objects.filter(pk=session.pk, state=SessionState.OPEN).update(route=route)


@transaction.atomic
def name_device(*, session: ProvisioningSession, name: str, by: Member) -> Device:
    """Name the device that came of `session`. Raises Invalid without one, or for a bad name."""
    device = session.device
    if session.state != SessionState.ACTIVATED or device is None:
        raise Invalid("There is no device to name: the session ended without one, or it was deleted.", field="name")
    device_actions.rename(device=device, name=name, by=by)
    # The name it was given at first may be kept: the step is done all the same.
    ProvisioningSession.objects.filter(pk=session.pk, named_at=None).update(named_at=Now())
    return device
