"""Mail about requests for grants. It is found in the database, so it waits for a mail server that is away."""

from datetime import timedelta
from smtplib import SMTPException

import structlog
from django.core.mail import EmailMessage, mailers
from django.template.loader import render_to_string
from django.urls import reverse

from console.kit import server_time
from console.teams.links import link_to
from console.teams.models import GrantRequest, Member
from console.teams.permissions import Permission
from templates_app.models import Template

RETRY = timedelta(minutes=5)
"""How long a mail is left alone by others once one has taken it up; so also when it is tried again."""
GIVEN_UP_AFTER = timedelta(days=2)
READERS_MOST = 50

log = structlog.get_logger(__name__)


def send(*, limit: int) -> int:
    """Send up to `limit` mails that are due; returns how many were sent.

    Each is taken up by moving its time on, by compare-and-swap: two workers do not send the same one, and who dies
    half-way leaves it due again. A mail server that does not answer ends the round; what it was for stays to be sent
    until it is GIVEN_UP_AFTER old. A request that is decided meanwhile becomes due anew, by that.
    """
    count = 0
    due = GrantRequest.objects.to_tell().select_related("member__user", "member__team")
    for request in due[:limit]:
        if not _take_up(request):
            continue
        try:
            count += _send(request)
        except (OSError, SMTPException) as error:
            log.error("mail.failed", template="grant_request", error=type(error).__name__)
            break
        _done(request)
    return count


def _take_up(request: GrantRequest) -> bool:
    mine = GrantRequest.objects.filter(pk=request.pk, mail_due_at=request.mail_due_at)
    request.mail_due_at = server_time.now() + RETRY
    return bool(mine.update(mail_due_at=request.mail_due_at))


def _done(request: GrantRequest) -> None:
    GrantRequest.objects.filter(pk=request.pk, mail_due_at=request.mail_due_at).update(mail_due_at=None)


def _send(request: GrantRequest) -> int:
    """Send one mail; 0 where it is too old or has no reader."""
    if (request.decided_at or request.created_at) < server_time.now() - GIVEN_UP_AFTER:
        log.warning("mail.given_up", template="grant_request", request=request.pk)
        return 0
    readers = _readers(request)
    if not readers:
        return 0
    name = "grant_answer" if request.decided_at else "grant_request"
    context = _context(request)
    subject = " ".join(render_to_string(f"provisioning/mail/{name}_subject.txt", context).split())
    text = render_to_string(f"provisioning/mail/{name}.txt", context)
    messages = [EmailMessage(f"Landfall: {subject}", text, to=[reader]) for reader in readers]
    return min(1, mailers.default.send_messages(messages) or 0)


def _readers(request: GrantRequest) -> list[str]:
    if request.decided_at:
        return [request.member.user.email] if request.member.user.is_active else []
    managing = Member.objects.filter(team=request.member.team_id).who_may(Permission.MANAGE_MEMBERS)
    return list(managing.by_rank().values_list("user__email", flat=True)[:READERS_MOST])


def _context(request: GrantRequest) -> dict[str, object]:
    template = Template.objects.filter(team=request.member.team_id, template_id=request.template_id).first()
    named = reverse("templates:detail", args=[template.template_id]) if template else reverse("sessions:new")
    where = named if request.decided_at else reverse("provisioning:request", args=[request.pk])
    return {
        "who": request.member.label,
        "team": request.member.team.name,
        "what": template.name if template else "all templates",
        "note": request.note,
        "by": request.decided_by,
        "is_granted": request.is_granted,
        "url": link_to(where, team_id=request.member.team_id),
    }
