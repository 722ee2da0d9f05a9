"""What the page of a member shows, and what goes with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.kit import server_time
from console.teams.access import givable_roles
from console.teams.models import ApiKey, Member
from console.teams.permissions import MATRIX, Permission, Role
from devices.models import ProvisioningSession


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One role that can be chosen, with what it may do."""

    value: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """What goes and what stays, a sentence each."""

    goes: Sequence[str]
    stays: Sequence[str]


STAYS = (
    "The devices they brought online, and the templates they made.",
    "What they did, in timelines and in the audit log.",
    "Their account, and their places in other teams.",
)
STAYS_ON_LEAVING = (
    "The devices you brought online, and the templates you made.",
    "What you did, in timelines and in the audit log.",
    "Your account, and your places in other teams.",
)


def role_words(role: Role) -> str:
    """What a role may do, as one sentence."""
    if role is Role.INSTALLER:
        return f"May {_listed(MATRIX[role])}, and provision what a grant names."
    return f"May {_listed(MATRIX[role])}."


def _listed(permissions: frozenset[Permission]) -> str:
    words = [permission.value for permission in Permission if permission in permissions]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def role_choices(by: Member) -> list[RoleChoice]:
    """The roles that `by` may give."""
    return [RoleChoice(role.value, role.label, role_words(role)) for role in givable_roles(by)]


def on_removal(member: Member) -> Consequences:
    """What removing `member` does."""
    return Consequences(_goes(member, whose="Their", who="they"), STAYS)


def on_leaving(member: Member) -> Consequences:
    """What leaving does, said to who leaves."""
    return Consequences(_goes(member, whose="Your", who="you"), STAYS_ON_LEAVING)


def on_transfer(to: Member) -> Consequences:
    """What handing the team over to `to` does, said to its owner."""
    goes = [
        "Your ownership: you become an admin, and only an owner can undo that.",
        "What only owners may: changing the team's settings, making and changing owners.",
    ]
    stays = [f"{to.label} becomes an owner. Other owners stay owners.", "Your API keys, as far as an admin's go."]
    return Consequences(goes, stays)


def _goes(member: Member, *, whose: str, who: str) -> list[str]:
    now = server_time.now()
    keys = ApiKey.objects.live(now=now).filter(member=member).count()
    sessions = ProvisioningSession.objects.unfinished().filter(member=member).count()
    return [
        f"{whose} place in {member.team}, with its role and every grant.",
        f"{whose} API keys: {_counted(keys, 'works', 'work')} now, and none does from then on.",
        f"{whose} provisioning sessions that wait for a device ({sessions}): they are cancelled, and their tokens die.",
        f"Invitations {who} sent that nobody has accepted: they wait until somebody sends them again.",
    ]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count or 'none'} {one if count < 2 else many}"
