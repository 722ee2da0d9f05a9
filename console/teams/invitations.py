"""What an invitation is worth at a moment, and whom it is for."""

from datetime import datetime
from enum import StrEnum

from allauth.account.models import EmailAddress

from console.teams.access import givable_roles
from console.teams.models import Invitation, User
from console.teams.permissions import Role

SESSION_KEY = "invitation"
"""Where a browser keeps the digest of the link that it opened, in hex."""


class State(StrEnum):
    """Only a waiting one can be accepted; one that was not sent waits too, for it may have been sent before."""

    WAITING = "waiting"
    NOT_SENT = "not sent"
    ON_HOLD = "on hold"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


CAN_BE_ACCEPTED = frozenset({State.WAITING, State.NOT_SENT})


def state_of(invitation: Invitation, *, now: datetime) -> State:
    """The state at `now`, of an invitation that was loaded with its inviter and the inviter's user.

    On hold: who invited has left the team, or may not give this role any more. Somebody who may can send it again.
    """
    if invitation.accepted_at is not None:
        return State.ACCEPTED
    if invitation.revoked_at is not None:
        return State.REVOKED
    if invitation.expires_at <= now:
        return State.EXPIRED
    inviter = invitation.inviter
    if inviter is None or not inviter.user.is_active or Role(invitation.role) not in givable_roles(inviter):
        return State.ON_HOLD
    return State.WAITING if invitation.sent_at else State.NOT_SENT


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the invited address is the person's: confirmed by them, or their login and confirmed by nobody else."""
    holder = person_with(invitation.email)
    return holder is not None and holder.pk == user.pk


def person_with(email: str) -> User | None:
    """Whose account an address leads to: who confirmed it, else whose login it is."""
    confirmed = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    holder: User | None = confirmed.user if confirmed else User.objects.filter(email=email).first()
    return holder
