"""How a provisioning session ends without a device: refused, expired or cancelled. Its token dies with it."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models.functions import Now

from console.kit import gateway_bus, server_time
from console.kit.findings import Finding
from console.kit.problems import SOMEBODY
from console.kit.text import any_of
from console.teams import access
from console.teams.actions import audit
from devices import diagnosis
from devices.actions import gathering, outbox
from devices.actions.stored import as_stored
from devices.actions.values import Claim
from devices.models import AuthToken, ProvisioningSession
from devices.status import RevokedBecause, SessionState


def drop_on_commit(token_ids: Collection[int]) -> None:
    """Have the gateways close the connections of these tokens once the transaction stands."""
    if token_ids:
        transaction.on_commit(lambda: gateway_bus.drop_tokens(token_ids))


def end(
    session: ProvisioningSession,
    *,
    state: SessionState,
    because: RevokedBecause,
    finding: Finding | None,
    others: Sequence[Finding] = (),
) -> bool:
    """Close one open session and kill its pending token, in the caller's transaction. False when it was not open.

    `finding` is why, `others` what else is found, the surest first.

    The token is claimed first, by compare-and-swap: whoever changes its row first (activation or this) has won. So
    tokens are locked before sessions here as in activation, and nobody may lock a session before its token.
    """
    revoked = (
        AuthToken.objects.filter(session=session)
        .pending()
        .update(revoked_at=Now(), revoked_because=because, expires_at=None)
    )
    if not revoked:
        return False
    stored = [as_stored(one) for one in (finding, *others) if one]
    first = stored[0] if stored else None
    ProvisioningSession.objects.filter(pk=session.pk).update(
        state=state, ended_at=Now(), finding=first, findings=stored
    )
    outbox.announce_end(session, state, first)
    return True


def _fail(session: ProvisioningSession, *, because: RevokedBecause, finding: Finding) -> bool:
    """End one session as failed, and the connection of its token with it."""
    if not end(session, state=SessionState.FAILED, because=because, finding=finding):
        return False
    drop_on_commit([session.token.pk])
    return True


def refuse_templates(claims: Sequence[Claim]) -> set[int]:
    """Fail the sessions of claims that report another template id than theirs; returns their token ids.

    A token that is active already lives on: only the login that claims it for another template is refused.
    """
    told = {claim.token_id for claim in claims if claim.template_id is not None}
    if not told:
        return set()
    found = ProvisioningSession.objects.filter(token__in=told).select_related("template", "token").order_by("token__pk")
    sessions = {session.token.pk: session for session in found}
    reported = {
        claim.token_id: claim.template_id
        for claim in claims
        if claim.template_id is not None
        and claim.token_id in sessions
        and claim.template_id != sessions[claim.token_id].template.template_id
    }
    if reported:
        _lock([claim.token_id for claim in claims])
    for token_id in sorted(reported):
        _refuse_template(sessions[token_id], reported[token_id])
    return set(reported)


def _lock(token_ids: Collection[int]) -> None:
    """Lock tokens in the order of their ids, as activation does, before any of them is changed."""
    tokens = AuthToken.objects.filter(pk__in=token_ids).order_by("pk")
    list(tokens.select_for_update().values_list("pk", flat=True))


def _refuse_template(session: ProvisioningSession, reported: str) -> None:
    finding = diagnosis.template_mismatch(expected=session.template.template_id, reported=reported)
    if _fail(session, because=RevokedBecause.MISMATCH, finding=finding):
        ProvisioningSession.objects.filter(pk=session.pk).update(reported_template_id=reported[:64])


def fail_without_permission(token_ids: Collection[int]) -> None:
    """Fail the open sessions of pending tokens whose opener may not provision any more."""
    if not token_ids:
        return
    sessions = ProvisioningSession.objects.filter(token__in=list(token_ids), state=SessionState.OPEN)
    for session in sessions.select_related("token", "template", "team", "member__user").order_by("token__pk"):
        if _fail(session, because=RevokedBecause.NO_PERMISSION, finding=no_permission(session)):
            _tell_without_permission(session)


def no_permission(session: ProvisioningSession) -> Finding:
    """The opener may not provision the template any more: who can give it back."""
    names = access.who_may_give(session.team_id)
    return diagnosis.no_permission(opened_by=session.opened_by, who_may_give=any_of(names) or SOMEBODY)


def _tell_without_permission(session: ProvisioningSession) -> None:
    """A refusal that no request saw: the device logged in, and its opener may not provision any more."""
    template = session.template
    audit.record(
        team=session.team,
        by=session.member,
        kind="permission.lost",
        subject=template.name,
        session=session.pk,
        template=template.template_id,
    )


def expire(session: ProvisioningSession) -> bool:
    """Close one overdue session with the finding its evidence supports. False when it was no longer open.

    No connection has to be closed for it: a device that waits with its token is refused when it asks to be activated.
    """
    found = expiry_findings(session)
    return end(session, state=SessionState.EXPIRED, because=RevokedBecause.EXPIRED, finding=found[0], others=found[1:])


def expiry_findings(session: ProvisioningSession) -> tuple[Finding, ...]:
    """Why the device did not show up, from what was seen during the session: at least one."""
    now = max(server_time.now(), session.expires_at)
    return diagnosis.diagnose(gathering.evidence_of(session, now=now))
