"""Why a member may not provision a template: what is missing, who can give it, and whether they were asked."""

from dataclasses import dataclass

from console.kit.problems import SOMEBODY
from console.kit.text import any_of
from console.teams.access import who_may_give
from console.teams.models import GrantRequest, Member
from console.teams.permissions import Permission


@dataclass(frozen=True, slots=True)
class WhyNot:
    """`teams/why_not.html` draws it. `template_id` is empty for all templates; `request` is the newest sent."""

    permission: str
    who: str
    template_id: str
    request: GrantRequest | None

    @property
    def is_waiting(self) -> bool:
        return self.request is not None and self.request.decided_at is None

    @property
    def is_declined(self) -> bool:
        return self.request is not None and self.request.is_granted is False


def why_not(member: Member, template_id: str) -> WhyNot:
    """For a member who may not provision the template (TMPL…, empty: all of them). Costs two queries."""
    newest = member.grant_requests.filter(template_id=template_id).order_by("-pk").first()
    who = any_of(who_may_give(member.team_id)) or SOMEBODY
    return WhyNot(Permission.PROVISION.value, who, template_id, newest)
