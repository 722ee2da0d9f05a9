"""What people do at the door, for the audit log of each team they are in."""

from django.db import connection, transaction

from console.teams.actions import audit
from console.teams.models import User

# At most one row a minute tells of refusals alike: whoever hammers at the door must not fill the log.
ALREADY_TOLD = """
SELECT EXISTS (
  SELECT FROM teams_auditentry WHERE team_id = %s AND user_id = %s AND at > now() - interval '1 minute'
  AND kind = %s AND subject = %s
)
"""


@transaction.atomic
def signed_in(*, user: User) -> None:
    audit.record_everywhere(user=user, kind="sign_in.done", subject=user.email)


@transaction.atomic
def signed_out(*, user: User) -> None:
    audit.record_everywhere(user=user, kind="sign_in.ended", subject=user.email)


@transaction.atomic
def password_changed(*, user: User) -> None:
    audit.record_everywhere(user=user, kind="account.password_changed", subject=user.email)


@transaction.atomic
def refused(*, email: str) -> None:
    """Somebody failed to sign in as the person with this address; an address of nobody's is no team's business."""
    user = User.objects.filter(email=email.strip().lower()).first() if "\0" not in email else None
    membership = user.memberships.order_by("pk").first() if user else None
    if user is None or membership is None:
        return
    if not is_told(membership.team_id, user, "sign_in.refused", user.email):
        audit.record_everywhere(user=user, kind="sign_in.refused", subject=user.email)


def is_told(team_id: int, user: User, kind: str, subject: str) -> bool:
    """Whether a row of this kind about this subject and person is less than a minute old."""
    with connection.cursor() as cursor:
        cursor.execute(ALREADY_TOLD, [team_id, user.pk, kind, subject[:200]])
        (found,) = cursor.fetchone()
    return bool(found)
