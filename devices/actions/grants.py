"""Giving, limiting and taking away the permission to provision."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from console.kit import server_time
from console.kit.problems import Conflict, Invalid
from console.kit.text import unprintable
from console.kit.transactions import DEADLOCK, UNIQUE_VIOLATION, atomic_again
from console.teams import access, provisioning
from console.teams.actions import audit
from console.teams.models import Grant, GrantRequest, Member
from console.teams.models.grant import ALL_TEMPLATES
from devices.actions import withdrawal
from templates_app.models import Template

NOTE_LIMIT = 200
DEVICES_MOST = 1_000_000
LONGEST = timedelta(days=3660)
EVERY_TEMPLATE = "all templates"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a grant goes: until a moment, for so many devices; None sets no limit. The note is for people."""

    until_at: datetime | None = None
    devices_limit: int | None = None
    note: str = ""


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Given:
    """A grant as it is now, and how many open sessions ended because it goes less far than before."""

    grant: Grant
    is_new: bool
    cancelled_count: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether there was a grant to take away, and how many open sessions ended with it."""

    was_given: bool
    cancelled_count: int


def id_of(template: Template | None) -> str:
    """What a grant names: the template's id, or for None all templates."""
    return template.template_id if template else ALL_TEMPLATES


def name_of(template: Template | None) -> str:
    return template.name if template else EVERY_TEMPLATE


@atomic_again(DEADLOCK, UNIQUE_VIOLATION)
def give(*, member: Member, template: Template | None, limits: Limits, by: Member) -> Given:
    """Let `member` provision `template` (None: all of the team's), or change how far an earlier grant goes.

    1. The member's row is locked: whoever else gives, takes, changes the role or opens a session comes before or after.
    2. The grant is made, or set to exactly these limits; devices activated under it stay counted.
    3. What the member has asked for and now has is answered with it.
    4. Open sessions that it no longer covers are cancelled.

    Raises Invalid for another team's template, a role that grants mean nothing to, or limits that are not usable;
    Conflict for a member who has left.
    """
    note = _checked(limits)
    current = locked(member, template, by=by)
    if not provisioning.is_grantable(current.role):
        raise Invalid(_why_not_grantable(current))
    return put(current, template, Limits(limits.until_at, limits.devices_limit, note), by=by)


@atomic_again(DEADLOCK)
def take(*, member: Member, template: Template | None, by: Member) -> Taken:
    """Take the grant away; the open sessions that rested on it are cancelled at once, in the same transaction.

    An activation in flight has the grant's row first, and stands, or comes second and is refused. Raises Conflict for
    a member who has left, Invalid for another team's template.
    """
    current = locked(member, template, by=by)
    grant = Grant.objects.select_for_update().filter(member=current, template_id=id_of(template)).first()
    if grant is None:
        return Taken(was_given=False, cancelled_count=0)
    grant.delete()
    cancelled = withdrawal.cancel_unpermitted([current.pk])
    _tell("grant.taken", current, template, by=by, devices=grant.devices_count, cancelled_sessions=cancelled)
    return Taken(was_given=True, cancelled_count=cancelled)


def locked(member: Member, template: Template | None, *, by: Member) -> Member:
    """`member` as it is now, its row locked until the transaction ends. Raises as `give` does.

    Also raises Conflict where `by` has another role by now than the request began with.
    """
    access.as_it_is_now(by)
    if template is not None and template.team_id != member.team_id:
        raise Invalid("This template belongs to another team.", field="template_id")
    members = Member.objects.select_for_update(of=("self",), no_key=True).select_related("user", "team")
    current = members.filter(pk=member.pk).first()
    if current is None:
        raise Conflict("This member has left the team in the meantime.")
    return current


def put(member: Member, template: Template | None, limits: Limits, *, by: Member) -> Given:
    """Make or set the grant of a locked member, in the caller's transaction."""
    grant = Grant.objects.select_for_update().filter(member=member, template_id=id_of(template)).first()
    if grant is None:
        grant = Grant(member=member, template_id=id_of(template), granted_by=by.label)
        is_new, changed = True, True
    else:
        is_new, changed = False, _limits_of(grant) != limits
    if limits.devices_limit is not None and limits.devices_limit < grant.devices_count:
        raise Invalid(
            f"{grant.devices_count} devices are activated under this grant already: allow at least as many.",
            field="devices_limit",
        )
    if not changed:
        return Given(grant, is_new=False, cancelled_count=0)
    grant.until_at, grant.devices_limit, grant.note = limits.until_at, limits.devices_limit, limits.note
    grant.granted_by = by.label
    grant.save()
    _answer_waiting(grant, by=by)
    cancelled = 0 if is_new else withdrawal.cancel_unpermitted([member.pk])
    _tell(
        "grant.given" if is_new else "grant.changed",
        member,
        template,
        by=by,
        until=limits.until_at.isoformat() if limits.until_at else None,
        devices_limit=limits.devices_limit,
        note=limits.note,
        cancelled_sessions=cancelled,
    )
    return Given(grant, is_new=is_new, cancelled_count=cancelled)


def _limits_of(grant: Grant) -> Limits:
    return Limits(grant.until_at, grant.devices_limit, grant.note)


def _checked(limits: Limits) -> str:
    """The note, trimmed. Raises Invalid for limits that are not usable."""
    now = server_time.now()
    if limits.until_at is not None and limits.until_at <= now:
        raise Invalid("This date is over. Choose a later one, or leave it empty for no end.", field="until_at")
    if limits.until_at is not None and limits.until_at > now + LONGEST:
        raise Invalid("Choose a date within the next ten years, or leave it empty for no end.", field="until_at")
    if limits.devices_limit is not None and not 1 <= limits.devices_limit <= DEVICES_MOST:
        raise Invalid(f"Give a number of devices from 1 to {DEVICES_MOST:,}, or none.", field="devices_limit")
    return checked_note(limits.note)


def checked_note(note: str) -> str:
    """The note, trimmed. Raises Invalid for one that is too long or cannot be shown."""
    cleaned = note.strip()
    if len(cleaned) > NOTE_LIMIT:
        raise Invalid(f"Keep the note to {NOTE_LIMIT} characters.", field="note")
    if unprintable(cleaned):
        raise Invalid("The note has characters that cannot be shown, such as line breaks. Type it again.", field="note")
    return cleaned


def _why_not_grantable(member: Member) -> str:
    role = member.get_role_display().lower()
    if provisioning.verdict(member.role, {}, ALL_TEMPLATES, now=server_time.now()).may:
        return f"{member.label} provisions every template by role ({role}), and needs no grant."
    return f"Grants are for installers, and {member.label} is a {role}. Change the role first."


def _answer_waiting(grant: Grant, *, by: Member) -> None:
    """Whatever the member waits for and has with this grant is answered by it."""
    if not grant.is_usable(server_time.now()):
        return
    waiting = GrantRequest.objects.waiting().filter(member_id=grant.member_id)
    if grant.template_id != ALL_TEMPLATES:
        waiting = waiting.filter(template_id=grant.template_id)
    waiting.update(decided_at=Now(), decided_by=by.label, is_granted=True, mail_due_at=Now())


def _tell(kind: str, member: Member, template: Template | None, *, by: Member, **detail: object) -> None:
    audit.record(
        team=member.team,
        by=by,
        kind=kind,
        subject=f"{member.label}: {name_of(template)}",
        member=member.pk,
        template=id_of(template),
        **detail,
    )
