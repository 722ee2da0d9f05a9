"""Accepting an invitation, with an account that exists or with a new one."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from console.kit import server_time
from console.kit.problems import Conflict, Invalid
from console.kit.sign_up import SignUp
from console.teams.actions import audit
from console.teams.invitations import CAN_BE_ACCEPTED, State, is_for, person_with, state_of
from console.teams.models import Grant, Invitation, Member, Team, User
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, Role
from templates_app.models import Template

WHY_NOT = {
    State.ACCEPTED: "This invitation was accepted already.",
    State.REVOKED: "This invitation was revoked. Ask for another one.",
    State.EXPIRED: "This invitation is too old. Ask for another one.",
    State.ON_HOLD: "Whoever sent this invitation may not invite any more. Ask an owner of the team for another one.",
}


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> Member:
    """Make `user` a member, with the role and the grants of the invitation, and count their address as confirmed.

    1. Team and invitation are locked, and the state is asked again, the inviter's permission with it.
    2. Only the invited address may accept.
    3. Who is in the team already keeps role and grants as they are; the invitation is used up all the same.

    Raises Conflict where it cannot be accepted (any more), Invalid for another person.
    """
    current = _locked(invitation)
    if not is_for(current, user):
        raise Invalid("This invitation is for another address.")
    now = server_time.now()
    if user.email == current.email:
        EmailAddress.objects.update_or_create(
            user=user,
            email=current.email,
            defaults={"verified": True},
            create_defaults={"verified": True, "primary": True},
        )
    member, is_new = Member.objects.get_or_create(team=current.team, user=user, defaults={"role": current.role})
    if is_new:
        _give(current, member, now=now)
    Invitation.objects.filter(pk=current.pk).update(accepted_at=now)
    audit.record(
        team=current.team,
        by=member,
        kind="invitation.accepted",
        subject=current.email,
        role=member.role,
        invited_by=current.invited_by,
    )
    return member


@transaction.atomic
def sign_up(*, invitation: Invitation, password: str) -> Member:
    """Make the account of the invited address, which the link has proved, and accept with it; no other team is made.

    Raises Conflict where sign-up is closed, the address has an account or the invitation is not to be accepted,
    Invalid for a password that is not usable.
    """
    current = _locked(invitation)
    if settings.SIGN_UP is SignUp.CLOSED:
        raise Conflict("Sign-up is closed here. Ask whoever runs this Landfall for an account with this address.")
    if person_with(current.email) is not None:
        raise Conflict("This address has an account already. Sign in to accept.")
    _check_password(password, current.email)
    user = User.objects.create_user(current.email, password)
    return accept(invitation=current, user=user)


def _check_password(password: str, email: str) -> None:
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password1") from error


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now, locked after its team. Raises Conflict unless it can be accepted."""
    Team.objects.select_for_update(no_key=True).get(pk=invitation.team_id)
    invitations = Invitation.objects.select_related("team", "inviter__user").select_for_update(of=("self",))
    current = invitations.get(pk=invitation.pk)
    # A link that was opened before the invitation was sent again is dead as if it were opened now.
    if bytes(current.digest) != bytes(invitation.digest):
        raise Conflict("This invitation was sent again. Open the link of the newest mail.")
    state = state_of(current, now=server_time.now())
    if state not in CAN_BE_ACCEPTED:
        raise Conflict(WHY_NOT[state])
    return current


def _give(invitation: Invitation, member: Member, *, now: datetime) -> None:
    """The grants that were chosen, but for those of templates that are gone or of days that are over."""
    if Role(member.role) not in GRANTABLE_ROLES:
        return
    wanted = [offer["template_id"] for offer in invitation.grants]
    known = {
        ALL_TEMPLATES,
        *Template.objects.filter(team=invitation.team, template_id__in=wanted).values_list("template_id", flat=True),
    }
    grants = [
        _grant(offer, member, invitation.invited_by) for offer in invitation.grants if offer["template_id"] in known
    ]
    Grant.objects.bulk_create(grant for grant in grants if grant.until_at is None or grant.until_at > now)


def _grant(offer: dict[str, Any], member: Member, granted_by: str) -> Grant:
    until_at = offer["until_at"] and datetime.fromisoformat(offer["until_at"])
    return Grant(
        member=member,
        template_id=offer["template_id"],
        until_at=until_at or None,
        devices_limit=offer["devices_limit"],
        note=offer["note"],
        granted_by=granted_by,
    )
