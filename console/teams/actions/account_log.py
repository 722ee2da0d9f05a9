"""What people do to their own account, as rows in the audit log of each team they are in."""

from typing import Any

from django.db import transaction

from console.teams.actions import audit
from console.teams.models import User


@transaction.atomic
def tell(*, user: User, kind: str, subject: str, **detail: Any) -> None:
    """One row a team: `user` did `kind` to `subject`."""
    audit.record_everywhere(user=user, kind=kind, subject=subject, **detail)
