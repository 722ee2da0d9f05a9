"""The mail of an invitation. A mail server that is away loses no invitation: it shows as not sent, to be sent again."""

from smtplib import SMTPException

import structlog
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from console.kit import server_time
from console.teams.models import Invitation
from console.teams.permissions import Role
from templates_app import offers

log = structlog.get_logger(__name__)


def send(invitation: Invitation, *, secret: str, base_url: str) -> None:
    """Mail the link, and note when; a failure is logged without the address."""
    link = base_url.rstrip("/") + reverse("invitation:open", args=[secret])
    team = " ".join(invitation.team.name.split())
    context = {
        "invitation": invitation,
        "team": team,
        "role": Role(invitation.role).with_article,
        "grants": offers.sentences(invitation.grants),
        "link": link,
    }
    body = render_to_string("invitations/mail.txt", context)
    try:
        send_mail(f"Landfall: join the team {team}", body, None, [invitation.email])
    except (OSError, SMTPException) as error:
        log.error("mail.failed", template="invitation", error=type(error).__name__)
        return
    # Whoever sent it again in the meantime has given it another link.
    Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest).update(sent_at=server_time.now())
