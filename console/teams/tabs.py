"""The pages of a team, as tabs under its name."""

from dataclasses import dataclass

from django.urls import reverse

from console.teams.models import Member
from console.teams.permissions import Permission

PAGES = (
    ("teams:team", "Members", Permission.VIEW),
    ("invitations:list", "Invitations", Permission.MANAGE_MEMBERS),
    ("provisioning:matrix", "Provisioning", Permission.VIEW),
    ("teams:roles", "Roles", Permission.VIEW),
    ("teams:keys", "API keys", Permission.MANAGE_KEYS),
    ("webhooks:list", "Webhooks", Permission.MANAGE_WEBHOOKS),
    ("audit", "Audit log", Permission.SEE_AUDIT),
    ("teams:settings", "Settings", Permission.MANAGE_TEAM),
)
"""URL name, label, and the permission without which the tab is not shown; a page of a team needs nothing else here."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One link of `kit/tabs.html`."""

    label: str
    url: str
    is_current: bool


def tabs_of(member: Member, current: str) -> list[Tab]:
    """The pages that `member` may open; `current` is the URL name of the one that shows them."""
    return [
        Tab(label, reverse(name), is_current=name == current)
        for name, label, permission in PAGES
        if member.may(permission)
    ]
