"""Whether a team requires two factors of its members."""

from django.db import transaction

from console.kit.problems import Invalid
from console.teams.actions import audit
from console.teams.factors import has_two_factors
from console.teams.models import Member, Team


@transaction.atomic
def require(*, team: Team, required: bool, by: Member) -> None:
    """Require two factors, or leave it to each member. Raises Invalid where `by` would lock themselves out."""
    if required and not has_two_factors(by.user):
        raise Invalid("Set up a second factor for yourself first, under Account, Two factors.")
    changed = Team.objects.filter(pk=team.pk, requires_two_factors=not required).update(requires_two_factors=required)
    if changed:
        audit.record(team=team, by=by, kind=f"two_factors.{'required' if required else 'optional'}", subject=team.name)
