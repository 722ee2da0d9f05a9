"""Users, teams, members, grants, invitations, API keys and the audit log."""

from console.teams.models.api_key import ApiKey
from console.teams.models.audit import AuditEntry
from console.teams.models.grant import Grant
from console.teams.models.grant_request import GrantRequest
from console.teams.models.invitation import Invitation
from console.teams.models.member import Member
from console.teams.models.team import Team
from console.teams.models.user import User

__all__ = ["ApiKey", "AuditEntry", "Grant", "GrantRequest", "Invitation", "Member", "Team", "User"]
