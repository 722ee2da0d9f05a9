"""Mail to the owner of a session that ended while they were away.

Away means that no page of theirs asked for the session in its last seconds. Sessions that a program opened, that belong
to a batch, or that somebody cancelled are not written about.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse

from console.kit import server_time
from console.teams.links import link_to
from devices.models import ProvisioningSession
from devices.models.session import SessionQuerySet
from devices.status import Route, SessionState

FORGOTTEN_AFTER = timedelta(days=1)
WATCHED_RESOLUTION = timedelta(seconds=10)
SUBJECTS = {
    SessionState.ACTIVATED: "{} is online",
    SessionState.FAILED: "{} failed",
    SessionState.EXPIRED: "{} expired",
}
"""How a session ends that is written about, and the mail's subject."""

NEEDS_NO_MAIL = (
    ~Q(state__in=list(SUBJECTS))
    | Q(route=Route.API)
    | Q(batch__isnull=False)
    | Q(member=None)
    | Q(member__mails_session_ends=False)
    | Q(member__user__is_active=False)
    | Q(ended_at__lt=Now() - FORGOTTEN_AFTER)
    | Q(watched_at__gte=F("ended_at") - WATCHED_RESOLUTION * 2)
)


def watched(session: ProvisioningSession) -> None:
    """Its owner's page has asked for it; written at most every 10 seconds."""
    if session.watched_at is None or session.watched_at < server_time.now() - WATCHED_RESOLUTION:
        ProvisioningSession.objects.filter(pk=session.pk).update(watched_at=Now())


def settle_quiet(*, limit: int) -> int:
    """Settle up to `limit` ended sessions that nobody has to be written to about; returns how many."""
    quiet = _due().filter(NEEDS_NO_MAIL).values_list("pk", flat=True)[:limit]
    return ProvisioningSession.objects.filter(pk__in=list(quiet)).update(told_at=Now())


@transaction.atomic
def mail_next() -> bool:
    """Write about one ended session, the oldest due; False when there is none.

    Raises SMTPException or OSError where the mail server does not take it: the session is due again. A worker that
    dies between the mail and the commit leaves it due as well: the mail is sent once more.
    """
    due = _due().exclude(NEEDS_NO_MAIL).order_by("ended_at")
    session = due.select_for_update(skip_locked=True, of=("self",)).select_related("template", "device").first()
    if session is None or session.member is None:
        return False
    ProvisioningSession.objects.filter(pk=session.pk).update(told_at=Now())
    named = session.device.name if session.device else f"Session {session.pk} for {session.template.name}"
    context = {
        "session": session,
        "url": link_to(reverse("sessions:detail", args=[session.pk]), team_id=session.team_id),
        "settings_url": link_to(reverse("webhooks:mails"), team_id=session.team_id),
    }
    subject = f"Landfall: {SUBJECTS[SessionState(session.state)].format(named)}"
    text = render_to_string("sessions/ended_mail.txt", context)
    send_mail(" ".join(subject.split()), text, None, [session.member.user.email])
    return True


def _due() -> SessionQuerySet:
    """Ended sessions not settled yet, once their pages had time to come back."""
    patience = timedelta(seconds=settings.SESSION_MAIL_AFTER_SECONDS)
    return ProvisioningSession.objects.filter(told_at=None, ended_at__lt=Now() - patience)
