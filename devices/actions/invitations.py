"""Inviting people to a team by e-mail, sending an invitation again, revoking it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from console.kit import server_time
from console.kit.problems import Conflict, Invalid, TooMany
from console.kit.text import unprintable
from console.kit.tokens import INVITATION_PREFIX, digest, new_secret
from console.teams import access
from console.teams.actions import audit
from console.teams.invitations import person_with
from console.teams.models import Invitation, Member, Team
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, Role
from devices.actions import invitation_mail
from templates_app.models import Template

NOTE_LENGTH = 200
MOST_DEVICES = 1_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A grant that is given on joining; `template_id` is empty for all templates."""

    template_id: str = ALL_TEMPLATES
    until_at: datetime | None = None
    devices_limit: int | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"until_at": self.until_at and self.until_at.isoformat()}


@transaction.atomic
def invite(*, email: str, role: Role, offers: Sequence[Offer] = (), base_url: str, by: Member) -> Invitation:
    """Invite an address to the team of `by`, with a role and the grants of `offers`; the mail goes out on commit.

    Only the mail has the link. `base_url` is the console's address in it. Raises Forbidden where `by` may not give the
    role, Invalid for what is not usable, TooMany where too many invitations wait.
    """
    team = _lock(by)
    access.require_role(by, role)
    address = _address(email)
    _require_new(team, address)
    _check_offers(team, role, offers)
    invitation = Invitation(team=team, email=address, role=role.value, grants=[offer.as_json() for offer in offers])
    _issue(invitation, base_url=base_url, by=by)
    _tell("invitation.sent", invitation, by=by)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, base_url: str, by: Member) -> None:
    """Send it again with a new link and a new deadline; the old link is dead. `by` is who invites from now on.

    Raises Forbidden where `by` may not give its role, Conflict for one that was accepted or revoked.
    """
    current = _pending(invitation, by=by)
    _issue(current, base_url=base_url, by=by)
    _tell("invitation.resent", current, by=by)


@transaction.atomic
def revoke(*, invitation: Invitation, by: Member) -> None:
    """Take it back: its link is dead. Revoking twice changes nothing. Raises Forbidden, Conflict once accepted."""
    if Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=False).exists():
        access.require_role(by, Role(invitation.role))
        return
    current = _pending(invitation, by=by)
    Invitation.objects.filter(pk=current.pk).update(revoked_at=server_time.now())
    _tell("invitation.revoked", current, by=by)


def _lock(by: Member) -> Team:
    """The team, locked as every act on its members locks it first."""
    team = Team.objects.select_for_update(no_key=True).get(pk=by.team_id)
    access.as_it_is_now(by)
    return team


def _pending(invitation: Invitation, *, by: Member) -> Invitation:
    _lock(by)
    access.require_role(by, Role(invitation.role))
    current = Invitation.objects.select_for_update().filter(team_id=by.team_id).get(pk=invitation.pk)
    if current.accepted_at is not None:
        raise Conflict("This invitation was accepted in the meantime.")
    if current.revoked_at is not None:
        raise Conflict("This invitation was revoked. Invite the address again.")
    return current


def _issue(invitation: Invitation, *, base_url: str, by: Member) -> None:
    """Give it a link, a deadline and an inviter, save it, and have it mailed once the transaction stands."""
    secret = new_secret(INVITATION_PREFIX)
    invitation.digest = digest(secret)
    invitation.inviter, invitation.invited_by = by, by.label
    invitation.sent_at = None
    invitation.expires_at = server_time.now() + timedelta(days=settings.INVITATION_LIFETIME_DAYS)
    invitation.save()
    transaction.on_commit(lambda: invitation_mail.send(invitation, secret=secret, base_url=base_url))


def _address(email: str) -> str:
    cleaned = email.strip().lower()
    try:
        validate_email(cleaned)
    except ValidationError:
        raise Invalid("This is not an e-mail address.", field="email") from None
    if not cleaned.isascii() or len(cleaned) > 254:
        raise Invalid("Write the address in at most 254 ASCII characters (a domain as xn--…).", field="email")
    return cleaned


def _require_new(team: Team, email: str) -> None:
    person = person_with(email)
    if person and Member.objects.filter(team=team, user=person).exists():
        raise Invalid("This person is in the team already.", field="email")
    pending = Invitation.objects.pending().filter(team=team)
    if pending.filter(email=email).exists():
        raise Invalid("There is an invitation for this address already. Send that one again.", field="email")
    if pending.count() >= settings.WAITING_INVITATIONS_PER_TEAM:
        raise TooMany(
            f"{settings.WAITING_INVITATIONS_PER_TEAM} invitations wait for an answer. Revoke some that are out of date."
        )


def _check_offers(team: Team, role: Role, offers: Sequence[Offer]) -> None:
    """Raise Invalid for grants that mean nothing to the role, or are not usable by themselves."""
    if not offers:
        return
    if role not in GRANTABLE_ROLES:
        raise Invalid(f"Grants are for installers. {role.with_article.capitalize()} needs none.", field="grants")
    wanted = [offer.template_id for offer in offers]
    known = {
        ALL_TEMPLATES,
        *Template.objects.filter(team=team, template_id__in=wanted).values_list("template_id", flat=True),
    }
    if len(set(wanted)) < len(wanted):
        raise Invalid("Name each template once.", field="grants")
    if not known.issuperset(wanted):
        raise Invalid("There is no such template in this team.", field="grants")
    for offer in offers:
        _check_offer(offer)


def _check_offer(offer: Offer) -> None:
    if offer.until_at is not None and offer.until_at <= server_time.now():
        raise Invalid("Choose a day that is not over yet.", field="until")
    if offer.devices_limit is not None and not 1 <= offer.devices_limit <= MOST_DEVICES:
        raise Invalid(f"Give a number of devices from 1 to {MOST_DEVICES:,}, or none.", field="devices_limit")
    if len(offer.note) > NOTE_LENGTH or unprintable(offer.note):
        raise Invalid(f"Write the note in one line of at most {NOTE_LENGTH} characters.", field="note")


def _tell(kind: str, invitation: Invitation, *, by: Member) -> None:
    audit.record(
        team=by.team, by=by, kind=kind, subject=invitation.email, role=invitation.role, grants=len(invitation.grants)
    )
