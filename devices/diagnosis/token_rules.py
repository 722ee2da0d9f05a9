"""Causes that the gateway itself has seen: the token, the permission, the account, and how far the device came."""

from collections.abc import Collection, Iterator

from console.kit.findings import Certainty, Severity
from devices.diagnosis.evidence import Evidence, FailedEvidence, Owner, RefusedEvidence
from devices.diagnosis.rule import Link, Quote, Rule
from devices.status import FailedBecause, Refusal, SessionState

NO_PERMISSION = "no_permission"
"""The code of the finding that says who can give the permission."""


def quoted(row: RefusedEvidence) -> str:
    """A refused login as evidence."""
    last = f"{row.last_at:%H:%M:%S} UTC"
    return f"{row.hint}… from {row.address}: {row.reason} ({row.attempts_count:,}×, last {last})"


def _refused(reasons: Collection[Refusal], owners: Collection[Owner]) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        return (quoted(row) for row in evidence.refused if row.reason in reasons and row.owner in owners)

    return quote


def _mismatch(evidence: Evidence) -> Iterator[str]:
    if evidence.reported_template_id not in ("", evidence.template_id):
        yield f"This session: {evidence.template_id}"
        yield f"The board reported: {evidence.reported_template_id}"


def _no_permission(evidence: Evidence) -> Iterator[str]:
    rows = [quoted(row) for row in evidence.refused if row.reason is Refusal.NO_PERMISSION]
    if rows or not evidence.has_permission:
        yield f"{evidence.opened_by} has no permission to provision {evidence.template_id} now."
        yield from rows


def _is_begun_like(evidence: Evidence, failed: FailedEvidence) -> bool:
    return failed.reason is FailedBecause.MALFORMED and failed.detail == evidence.hint != ""


def _cut_token(evidence: Evidence) -> Iterator[str]:
    for row in evidence.refused:
        if row.reason is Refusal.UNKNOWN and row.hint == evidence.hint:
            yield quoted(row)
    for failed in evidence.failed:
        if _is_begun_like(evidence, failed):
            yield f"{failed.detail}… from {failed.address}: not 32 characters long ({failed.attempts_count:,}×)"


def _malformed(evidence: Evidence) -> Iterator[str]:
    for failed in evidence.failed:
        if failed.reason is FailedBecause.MALFORMED and not _is_begun_like(evidence, failed):
            yield f"From {failed.address}: a login with what is no auth token ({failed.attempts_count:,}×)"


def _unknown(evidence: Evidence) -> Iterator[str]:
    for row in evidence.refused:
        if row.reason is Refusal.UNKNOWN and row.hint != evidence.hint:
            yield quoted(row)


def _returned(evidence: Evidence) -> Iterator[str]:
    if not evidence.is_seen:
        for device in evidence.returned:
            yield f"{device.name} came online from {device.address} at {device.at:%H:%M:%S} UTC with its own token."


def _seen_then_gone(evidence: Evidence) -> Iterator[str]:
    if evidence.state is SessionState.EXPIRED and evidence.is_seen:
        yield f"A login with {evidence.hint}… was answered 200; nothing followed before the deadline."


def _without_info(evidence: Evidence) -> Iterator[str]:
    if evidence.state is SessionState.ACTIVATED and evidence.is_online_without_info:
        yield "The device is connected and has told neither its library nor its template id."


RULES = (
    Rule(
        code="template_mismatch",
        certainty=Certainty.CERTAIN,
        title="The board runs firmware made for another template.",
        shown_by="The template id in the board's info block is not the session's.",
        next_step="Copy the firmware configuration of {template_id} into the sketch and flash again, or open a session "
        "for the template whose id the board reported. This token is used up: open a new session.",
        quote=_mismatch,
        link=Link.FIRMWARE,
    ),
    Rule(
        code=NO_PERMISSION,
        certainty=Certainty.CERTAIN,
        title="{opened_by} no longer has the permission to provision new devices.",
        shown_by="A login refused for it, or the opener's role and grants as they are now.",
        next_step="Ask {who_may_give} for a grant, then open a new session.",
        quote=_no_permission,
        link=Link.MEMBERS,
    ),
    Rule(
        code="token_cut",
        certainty=Certainty.CERTAIN,
        title="The token reached the board cut or mistyped.",
        shown_by="A refused login whose token begins like this session's and goes on otherwise.",
        next_step="Copy the whole token of 32 characters with its copy button, and set the board up again.",
        quote=_cut_token,
        link=Link.SESSION,
    ),
    Rule(
        code="token_expired",
        certainty=Certainty.CERTAIN,
        title="The board called with a token whose time had run out.",
        shown_by="A refused login with a token past its deadline: this session's, or an earlier one's.",
        next_step="Open a new session and set the board up with its token right away; an API session can be given "
        "a longer life with lifetime_seconds.",
        quote=_refused({Refusal.EXPIRED}, {Owner.SESSION, Owner.TEAM}),
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="token_cancelled",
        certainty=Certainty.CERTAIN,
        title="The board called with the token of a cancelled session.",
        shown_by="A refused login with a token whose session somebody cancelled.",
        next_step="Set the board up again with the token of an open session.",
        quote=_refused({Refusal.CANCELLED}, {Owner.SESSION, Owner.TEAM}),
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="token_used",
        certainty=Certainty.CERTAIN,
        title="The board called with a token that is used up.",
        shown_by="A refused login with a token that was replaced, revoked, or spent by another template's firmware.",
        next_step="Set the board up again with the token of an open session; hold its button for 10 seconds to clear "
        "the old one.",
        quote=_refused({Refusal.REVOKED, Refusal.TEMPLATE_MISMATCH}, {Owner.TEAM}),
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="device_deleted",
        certainty=Certainty.CERTAIN,
        title="The board called with the token of a device that was deleted.",
        shown_by="A refused login with a deleted device's token.",
        next_step="Hold the board's button for 10 seconds to clear it, then set it up with the token of an open "
        "session.",
        quote=_refused({Refusal.DELETED}, {Owner.TEAM}),
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="token_of_other_team",
        certainty=Certainty.LIKELY,
        title="A board near you called with the token of another team.",
        shown_by="A refused login from your network with a token that belongs to another team.",
        next_step="Check which account and team you are signed in to where the token was copied, and use the token of "
        "a session of this team.",
        quote=_refused(set(Refusal), {Owner.OTHER_TEAM}),
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="token_malformed",
        certainty=Certainty.LIKELY,
        title="A board near you called with something that is no auth token.",
        shown_by="A login from your network whose token has not 32 letters, digits, - and _.",
        next_step="Replace the placeholder in the sketch, or fill in the whole token where the board asks for it.",
        quote=_malformed,
        link=Link.SESSION,
    ),
    Rule(
        code="token_unknown",
        certainty=Certainty.LIKELY,
        title="A board near you called with a token that was not issued here.",
        shown_by="A refused login from your network with a token that this server never issued.",
        next_step="It keeps the token of another server, or was given a mistyped one. Hold its button for 10 seconds, "
        "then set it up with this session's token.",
        quote=_unknown,
        link=Link.SESSION,
    ),
    Rule(
        code="came_back",
        certainty=Certainty.LIKELY,
        title="The board came online as the device that it already is.",
        shown_by="A device of this template connected while the session waited for its token.",
        next_step="It was provisioned before and kept its token. Use it as it is, or hold its button for 10 seconds "
        "and set it up again with this session's token.",
        quote=_returned,
        link=Link.DEVICES,
    ),
    Rule(
        code="seen_then_expired",
        certainty=Certainty.CERTAIN,
        title="The device logged in but was gone before it became active.",
        shown_by="A login with this session's token was accepted, and nothing followed before the deadline.",
        next_step="Power the board from a steady supply, keep it near the access point, and open a new session.",
        quote=_seen_then_gone,
        link=Link.NEW_SESSION,
    ),
    Rule(
        code="online_without_info",
        certainty=Certainty.CERTAIN,
        severity=Severity.INFO,
        title="The device is online but never sent its info block.",
        shown_by="An activated device that is connected and has reported nothing of itself.",
        next_step="It works as it is. Its board, firmware and template stay unknown, since its library does not tell "
        "them; a current Blynk library does.",
        quote=_without_info,
        link=Link.FIRMWARE,
    ),
)
