"""Batches: open provisioning sessions for a list of devices at once, and cancel what is still open of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from console.kit import server_time
from console.kit.problems import SOMEBODY, Conflict, Invalid, TooMany
from console.kit.text import any_of, unprintable
from console.kit.tokens import TOKEN_PREFIX, digest, hint, new_secret
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams import access as team_access
from console.teams.actions import audit
from console.teams.models import Member, Team
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, Permission, Role
from devices.actions import failures, outbox
from devices.actions.planned import Plan, PlannedDevice, RowProblem, numbered
from devices.models import AuthToken, Batch, Device, ProvisioningSession
from devices.status import RevokedBecause, SessionState
from templates_app.models import Template

NOTE_LENGTH = 200
LIFETIME_MIN_SECONDS = 3600
LIFETIME_MAX_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class OpenedBatch:
    """A batch just opened, with its sessions and their auth tokens by session id: the only time they are known.

    `tokens` is None for a request that was seen before.
    """

    batch: Batch
    sessions: Sequence[ProvisioningSession]
    tokens: Mapping[int, str] | None


def lifetime_bounds() -> tuple[int, int]:
    """The shortest and the longest deadline of a batch, in seconds."""
    longest = min(LIFETIME_MAX_SECONDS, settings.TOKEN_LIFETIME_MAX_SECONDS)
    return min(LIFETIME_MIN_SECONDS, longest), longest


def count_plan(count: int) -> Plan:
    """A plan of `count` devices. Raises Invalid for a number out of range."""
    if not 1 <= count <= settings.BATCH_DEVICES_LIMIT:
        raise Invalid(f"A batch has 1 to {settings.BATCH_DEVICES_LIMIT} devices.", field="count")
    return numbered(count)


def without_taken(plan: Plan, *, team: Team) -> Plan:
    """`plan` without the devices whose MAC address one of the team's devices, or another open row, has already."""
    taken = _taken(team, [device.mac for device in plan.devices if device.mac])
    return plan.without(
        RowProblem(device.line, "mac", taken[device.mac], device.mac) for device in plan.devices if device.mac in taken
    )


def _taken(team: Team, macs: Sequence[str]) -> dict[str, str]:
    """For each of `macs` that is taken, the sentence that says by what."""
    if not macs:
        return {}
    waiting = ProvisioningSession.objects.open(now=server_time.now()).exclude(planned_mac="")
    awaited = waiting.filter(team=team, planned_mac__in=macs).values_list("planned_mac", "pk")
    known = Device.objects.exclude(mac="").filter(team=team, mac__in=macs).values_list("mac", "name")
    said = {mac: f"The open session {pk} waits for this MAC address already." for mac, pk in awaited}
    return said | {mac: f"The device {name} has this MAC address already." for mac, name in known}


@atomic_again(DEADLOCK)
def open_batch(
    *,
    template: Template,
    devices: Sequence[PlannedDevice],
    by: Member,
    lifetime_seconds: int,
    note: str = "",
    request_id: UUID | None = None,
    address: str = "",
) -> OpenedBatch:
    """Open a session for each of `devices`, all with one deadline, and issue their tokens: all of them or none.

    The caller has checked that `by` may provision the template, and that the rows are good. The team is locked first,
    as for whatever changes a permission: two batches come one after the other, and the second sees what the first took.
    A `request_id` seen before gives the batch it opened then, without tokens.

    Raises Invalid for an archived template, a number, a note or a deadline out of range and for more devices than the
    grants have left, TooMany for too many open sessions, Conflict for a role, a template or a MAC address that changed.
    """
    _check(devices, lifetime_seconds, note)
    if not Team.objects.select_for_update(no_key=True).filter(pk=by.team_id).exists():
        raise Conflict("This team was deleted in the meantime.")
    earlier = by.batches.filter(request_id=request_id).first() if request_id else None
    if earlier:
        return OpenedBatch(earlier, list(earlier.sessions.select_related("token").order_by("batch_row")), None)
    team_access.as_it_is_now(by)
    template = _as_it_is_now(template)
    _require_room(by, template, len(devices))
    taken = _taken(template.team, [device.mac for device in devices if device.mac])
    if taken:
        mac, sentence = next(iter(taken.items()))
        raise Conflict(f"{mac}: {sentence} Check the list again.")
    batch = Batch.objects.create(
        team=template.team,
        template=template,
        member=by,
        opened_by=by.label,
        request_id=request_id,
        note=note.strip(),
        devices_count=len(devices),
        expires_at=Now() + timedelta(seconds=lifetime_seconds),
    )
    batch.refresh_from_db()
    told = {"batch": batch.pk, "template": template.template_id, "count": len(devices)}
    audit.record(team=template.team, by=by, kind="batch.opened", subject=template.name, **told)
    return _issue(batch, devices, by=by, address=address)


def _check(devices: Sequence[PlannedDevice], lifetime_seconds: int, note: str) -> None:
    shortest, longest = lifetime_bounds()
    if not 1 <= len(devices) <= settings.BATCH_DEVICES_LIMIT:
        raise Invalid(f"A batch has 1 to {settings.BATCH_DEVICES_LIMIT} devices.", field="count")
    if not shortest <= lifetime_seconds <= longest:
        message = f"The deadline of a batch lies {shortest} to {longest} seconds ahead."
        raise Invalid(message, field="lifetime_seconds")
    if len(note.strip()) > NOTE_LENGTH or unprintable(note.strip()):
        raise Invalid(f"The note is one line of {NOTE_LENGTH} characters at most.", field="note")


def _as_it_is_now(template: Template) -> Template:
    found = Template.objects.select_for_update(no_key=True).filter(pk=template.pk).first()
    if found is None:
        raise Conflict("This template was deleted in the meantime.")
    if found.is_archived:
        raise Invalid("This template is archived. Unarchive it before you add devices.", field="template_id")
    return found


def _require_room(by: Member, template: Template, count: int) -> None:
    waiting = by.sessions.open(now=server_time.now()).filter(batch__isnull=False).count()
    if waiting + count > settings.BATCH_OPEN_SESSIONS_PER_MEMBER:
        limit = settings.BATCH_OPEN_SESSIONS_PER_MEMBER
        raise TooMany(f"Your batches have {waiting} open sessions; {limit} is the most. Cancel some, or wait.")
    left = devices_left(by, template.template_id)
    if left is not None and count > left:
        who = any_of(team_access.who_may_give(by.team_id)) or SOMEBODY
        raise Invalid(
            f"Your permission to provision this template is for {left} more device{'' if left == 1 else 's'}, "
            f"those that your open sessions wait for counted already; this batch has {count}. Open a smaller one, or "
            f"ask {who}.",
            field="count",
        )


def devices_left(member: Member, template_id: str) -> int | None:
    """For how many more devices `member` may open sessions of a template; None: as many as they like.

    Every open session of theirs that may still draw on the same grants counts. Locks the grants, so that no activation
    comes in between; runs in a transaction. Raises Forbidden where nothing gives the permission any more.
    """
    if Role(member.role) not in GRANTABLE_ROLES:
        team_access.require(member, Permission.PROVISION)
        return None
    now = server_time.now()
    grants = list(member.grants.usable(now=now).select_for_update().order_by("pk"))
    covering = [grant for grant in grants if grant.template_id in (ALL_TEMPLATES, template_id)]
    if not covering:
        raise team_access.refusal(Permission.PROVISION, member, template_id=template_id)
    lefts = [grant.left_count for grant in covering if grant.left_count is not None]
    if len(lefts) < len(covering):
        return None
    waiting = member.sessions.open(now=now).filter(is_reconfigure=False)
    own = {grant.template_id for grant in grants} - {ALL_TEMPLATES, template_id}
    if any(grant.template_id == ALL_TEMPLATES for grant in covering):
        waiting = waiting.exclude(template__template_id__in=own)
    else:
        waiting = waiting.filter(template__template_id=template_id)
    return max(0, sum(lefts) - waiting.count())


def _issue(batch: Batch, devices: Sequence[PlannedDevice], *, by: Member, address: str) -> OpenedBatch:
    """The sessions and their tokens' digests, one statement each."""
    made = ProvisioningSession.objects.bulk_create(
        ProvisioningSession(
            team=batch.team,
            template=batch.template,
            member=by,
            opened_by=batch.opened_by,
            expires_at=batch.expires_at,
            opened_from=address,
            batch=batch,
            batch_row=number,
            planned_name=device.name,
            planned_mac=device.mac,
            planned_tags=list(device.tags),
        )
        for number, device in enumerate(devices, start=1)
    )
    tokens = {session.pk: new_secret(TOKEN_PREFIX) for session in made}
    AuthToken.objects.bulk_create(
        AuthToken(digest=digest(token), hint=hint(token), team=batch.team, session_id=pk, expires_at=batch.expires_at)
        for pk, token in tokens.items()
    )
    return OpenedBatch(batch, list(batch.sessions.select_related("token").order_by("batch_row")), tokens)


@atomic_again(DEADLOCK)
def cancel(*, batch: Batch, by: Member) -> int:
    """Close every session of `batch` that is open and kill its token; returns how many. Devices that came stay.

    Tokens are locked first, in the order of their ids, as in activation: whoever has a row first has won. Sessions past
    their deadline are left to end as expired.
    """
    waiting = AuthToken.objects.filter(session__batch=batch, expires_at__gt=Now()).pending()
    locked = waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", "session_id")
    sessions = dict(locked)
    if not sessions:
        return 0
    AuthToken.objects.filter(pk__in=sessions).update(
        revoked_at=Now(), revoked_because=RevokedBecause.CANCELLED, expires_at=None
    )
    ProvisioningSession.objects.filter(pk__in=sessions.values()).update(
        state=SessionState.CANCELLED, ended_at=Now(), finding=None, findings=[]
    )
    outbox.announce_ends(batch.team_id, list(sessions.values()), SessionState.CANCELLED)
    told = {"batch": batch.pk, "template": batch.template.template_id, "count": len(sessions)}
    audit.record(team=batch.team, by=by, kind="batch.cancelled", subject=batch.template.name, **told)
    failures.drop_on_commit(list(sessions))
    return len(sessions)
