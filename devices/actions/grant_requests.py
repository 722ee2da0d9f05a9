"""Asking for the permission to provision, and answering who asked."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from console.kit import server_time
from console.kit.problems import Conflict, Invalid, TooMany
from console.kit.transactions import DEADLOCK, UNIQUE_VIOLATION, atomic_again
from console.teams import access, provisioning
from console.teams.actions import audit
from console.teams.models import GrantRequest, Member
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import Role
from devices.actions import grants
from templates_app.models import Template

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits; `is_new` is False where it waited already."""

    request: GrantRequest
    is_new: bool


@atomic_again(UNIQUE_VIOLATION)
def ask(*, by: Member, template: Template | None, note: str = "") -> Asked:
    """Ask those who manage members to let `by` provision `template` (None: all). One request waits for each of them.

    Mail goes out from the worker, so that nobody waits for a mail server. Raises Invalid where `by` has the permission
    already or the note is not usable, TooMany beyond GRANT_REQUESTS_PER_DAY.
    """
    cleaned = grants.checked_note(note)
    template_id = grants.id_of(template)
    if template is not None and template.team_id != by.team_id:
        raise Invalid("This template belongs to another team.", field="template_id")
    if access.may_provision(by, template_id):
        raise Invalid("You have this permission already. Open a session.", field="template_id")
    waiting = by.grant_requests.waiting().filter(template_id=template_id).first()
    if waiting:
        return Asked(waiting, is_new=False)
    if by.grant_requests.filter(created_at__gt=server_time.now() - A_DAY).count() >= settings.GRANT_REQUESTS_PER_DAY:
        raise TooMany("You have asked for many permissions today. Talk to those who can give them, or wait a day.")
    request = by.grant_requests.create(template_id=template_id, note=cleaned, mail_due_at=Now())
    _tell("grant.requested", request, template, by=by, note=cleaned)
    return Asked(request, is_new=True)


@atomic_again(DEADLOCK, UNIQUE_VIOLATION)
def approve(*, request: GrantRequest, by: Member) -> None:
    """Give what is asked for, without limits. A viewer becomes an installer, the role that grants are for.

    Who provisions by role by now needs no grant: the request is answered, and that is all.

    Raises Conflict where somebody has answered already, or the template or the member is gone.
    """
    template = template_of(request)
    member = grants.locked(request.member, template, by=by)
    _decide(request, is_granted=True, by=by)
    _tell("grant.approved", request, template, by=by)
    if access.may_provision(member, request.template_id):
        return
    if not provisioning.is_grantable(member.role):
        _make_installer(member, by=by)
    grants.put(member, template, grants.NO_LIMITS, by=by)


@atomic_again(DEADLOCK)
def decline(*, request: GrantRequest, by: Member) -> None:
    """Answer no. Raises Conflict where somebody has answered already."""
    access.as_it_is_now(by)
    _decide(request, is_granted=False, by=by)
    template = Template.objects.filter(team=request.member.team_id, template_id=request.template_id).first()
    _tell("grant.declined", request, template, by=by)


def template_of(request: GrantRequest) -> Template | None:
    """The template that is asked for, None for all. Raises Conflict where it was deleted."""
    if request.template_id == ALL_TEMPLATES:
        return None
    template = Template.objects.filter(team=request.member.team_id, template_id=request.template_id).first()
    if template is None:
        raise Conflict("This template was deleted in the meantime. Decline the request.")
    return template


def _decide(request: GrantRequest, *, is_granted: bool, by: Member) -> None:
    waiting = GrantRequest.objects.waiting().filter(pk=request.pk)
    if waiting.update(decided_at=Now(), decided_by=by.label, is_granted=is_granted, mail_due_at=Now()):
        return
    answered = GrantRequest.objects.filter(pk=request.pk).first()
    if answered is None:
        raise Conflict("This request is gone: the member or the template was removed.")
    raise Conflict(f"{answered.decided_by} has {'granted' if answered.is_granted else 'declined'} this already.")


def _make_installer(member: Member, *, by: Member) -> None:
    was, member.role = member.role, Role.INSTALLER.value
    member.save(update_fields=["role"])
    audit.record(team=member.team, by=by, kind="member.role_changed", subject=member.label, was=was, role=member.role)


def _tell(kind: str, request: GrantRequest, template: Template | None, *, by: Member, **detail: object) -> None:
    subject = f"{request.member.label}: {grants.name_of(template)}"
    audit.record(
        team=request.member.team,
        by=by,
        kind=kind,
        subject=subject,
        member=request.member_id,
        template=request.template_id,
        request=request.pk,
        **detail,
    )
