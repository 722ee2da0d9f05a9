"""What follows when a member may provision less than before: their open sessions end at once."""

from collections.abc import Collection

from django.db import connection

from console.teams.actions import audit
from devices.actions import failures
from devices.actions.logins import MAY_PROVISION, ROLES
from devices.models import ProvisioningSession
from devices.status import RevokedBecause, SessionState

WITHOUT_PERMISSION = f"""
SELECT s.id FROM devices_provisioningsession s JOIN templates_app_template tpl ON tpl.id = s.template_id
WHERE s.state = 'open' AND s.member_id = ANY(%(members)s) AND NOT {MAY_PROVISION}
"""  # noqa: S608 - only constants of these modules are put in


def cancel_unpermitted(member_ids: Collection[int]) -> int:
    """Cancel the open sessions of these members for templates they may not provision any more; returns how many.

    Runs in the caller's transaction, after the role or the grant was changed in it. An activation in flight has the
    token's row first, and stands, or comes second and is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_PERMISSION, {"members": list(member_ids), **ROLES})
        ids = [session_id for (session_id,) in cursor.fetchall()]
    sessions = (
        ProvisioningSession.objects.filter(pk__in=ids).select_related("token", "template", "team").order_by("token__pk")
    )
    return sum(_cancel(session) for session in sessions)


def _cancel(session: ProvisioningSession) -> bool:
    finding = failures.no_permission(session)
    because = RevokedBecause.NO_PERMISSION
    if not failures.end(session, state=SessionState.CANCELLED, because=because, finding=finding):
        return False
    template = session.template
    audit.record(
        team=session.team,
        by=None,
        kind="session.cancelled_for_lack_of_permission",
        subject=template.name,
        session=session.pk,
        template=template.template_id,
        opened_by=session.opened_by,
    )
    failures.drop_on_commit([session.token.pk])
    return True
