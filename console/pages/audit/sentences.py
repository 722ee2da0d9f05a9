"""Audit rows as people read them: one table from kind to sentence."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from console.teams.models import AuditEntry

SUBJECT = "\0"
"""Where the subject stands in a sentence: no stored text has this character."""

type Words = Callable[[Mapping[str, Any]], str]


def _role_changed(detail: Mapping[str, Any]) -> str:
    return f"changed the role of {SUBJECT} from {_said(detail, 'was')} to {_said(detail, 'now', 'role')}"


def _edited(detail: Mapping[str, Any]) -> str:
    parts = detail.get("changed")
    changed = ", ".join(str(part) for part in parts) if isinstance(parts, list) and parts else "it"
    return f"edited the template {SUBJECT}: changed {changed}, revision {_said(detail, 'revision')}"


def _limits(detail: Mapping[str, Any]) -> str:
    """Until when a grant holds and for how many devices, where it says so."""
    until, devices = detail.get("until_at") or detail.get("until"), detail.get("devices_limit") or detail.get("limit")
    return (f", until {until}" if until else "") + (f", for {devices} devices at most" if devices else "")


def _grant_given(detail: Mapping[str, Any]) -> str:
    return f"gave permission to provision to {SUBJECT}{_limits(detail)}"


def _grant_changed(detail: Mapping[str, Any]) -> str:
    return f"changed the permission to provision of {SUBJECT}{_limits(detail)}"


def _refused(detail: Mapping[str, Any]) -> str:
    asked = f"{_said(detail, 'method')} {_said(detail, 'path')}"
    return f"was refused for lack of the permission to {SUBJECT}, at {asked}"


def _said(detail: Mapping[str, Any], *names: str) -> str:
    """The first of these details that is there; a dash without any."""
    return next((str(detail[name]) for name in names if detail.get(name) not in (None, "")), "–")


# What follows the actor; {subject} is what it was done to, the other names are details.
SENTENCES: dict[str, str | Words] = {
    "team.started": "started the team {subject}",
    "team.renamed": "renamed the team from “{was}” to {subject}",
    "team.retention_changed": "changed for how long the team {subject} keeps what happened",
    "team.two_factors_required": "made two factors a must for the team {subject}",
    "team.two_factors_not_required": "made two factors a choice in the team {subject}",
    "team.ownership_transferred": "made {subject} the owner of the team",
    "member.joined": "joined the team",
    "member.role_changed": _role_changed,
    "member.removed": "removed {subject} from the team",
    "member.left": "left the team",
    "invitation.sent": "invited {subject}",
    "invitation.resent": "sent the invitation to {subject} again",
    "invitation.revoked": "revoked the invitation to {subject}",
    "invitation.accepted": "accepted the invitation to {subject}",
    "grant.given": _grant_given,
    "grant.changed": _grant_changed,
    "grant.taken": "took permission to provision from {subject}",
    "grant.requested": "asked for permission to provision, for {subject}",
    "grant.approved": "approved a request for permission to provision, of {subject}",
    "grant.declined": "declined a request for permission to provision, of {subject}",
    "api_key.created": "made the API key {subject}, which begins with {hint}",
    "api_key.revoked": "revoked the API key {subject}, which begins with {hint}",
    "template.created": "made the template {subject}",
    "template.imported": "made the template {subject} from a file",
    "template.duplicated": "made the template {subject} as a copy of another",
    "template.edited": _edited,
    "template.archived": "archived the template {subject}",
    "template.unarchived": "brought the template {subject} back into use",
    "template.deleted": "deleted the template {subject}",
    "token.issued": "opened a provisioning session for {subject} and was issued an auth token that begins with {token}",
    "token.issued_to_reconfigure": (
        "was issued an auth token that begins with {token}, to reconfigure {name}, which is made from {subject}"
    ),
    "token.revoked": "revoked the auth token of {subject}",
    "session.cancelled": "cancelled a provisioning session for {subject}",
    "session.cancelled_for_lack_of_permission": (
        "cancelled a provisioning session for {subject}: {opened_by}, who opened it, may not provision any more"
    ),
    "batch.opened": "opened a batch of {count} provisioning sessions for {subject} and was issued their auth tokens",
    "batch.cancelled": "cancelled the {count} open provisioning sessions of a batch for {subject}",
    "device.renamed": "renamed the device “{before}” to {subject}",
    "device.deleted": "deleted the device {subject}",
    "device.data_erased": "erased all data of the device {subject}",
    "device.returned": "continued the device {subject} on its wiped board, in place of “{made}”",
    "webhook.created": "made the webhook {subject}",
    "webhook.changed": "changed the webhook {subject}",
    "webhook.secret_rotated": "gave the webhook {subject} a new secret",
    "webhook.deleted": "deleted the webhook {subject}",
    "webhook.resent": "sent a delivery of the webhook {subject} again",
    "sign_in.done": "signed in as {subject}",
    "sign_in.ended": "signed out as {subject}",
    "sign_in.refused": "failed to sign in as {subject}: whoever tried did not have the password",
    "sign_in.factor_refused": "failed to sign in as {subject}: whoever tried did not have the second factor",
    "factor.added": "added a second factor to their account: {subject}",
    "factor.removed": "took a second factor off their account: {subject}",
    "factor.all_removed": "lost every second factor of {subject}: whoever runs this Landfall took them off",
    "recovery_codes.made": "made new recovery codes for {subject}",
    "recovery_code.used": "used a recovery code of {subject}",
    "browser.signed_out": "signed out of another browser: {subject}",
    "connection.added": "connected an account elsewhere: {subject}",
    "connection.removed": "disconnected an account elsewhere: {subject}",
    "person.renamed": "calls themselves {subject} now",
    "two_factors.required": "requires two factors of the members of {subject}",
    "two_factors.optional": "leaves two factors to each member of {subject}",
    "account.password_changed": "set a new password for {subject}",
    "permission.refused": _refused,
    "permission.lost": "may not provision any more: a device that logged in for a session of {subject} was refused",
    "audit.exported": "saved the audit log as {subject}",
}

# The thing of an entry that its subject leads to, tried in this order; the noun of the kind first.
THINGS = ("template", "device", "session")
_FIRST = {"device": "device", "session": "session", "token": "session"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`actor` `before` the subject `after`, and where the subject leads to: `thing` is (its type, its id)."""

    before: str
    after: str
    has_subject: bool


def sentence_of(entry: AuditEntry) -> Sentence:
    """What happened, in words; a kind that this version does not know is told by its name."""
    words = SENTENCES.get(entry.kind, f"did “{entry.kind.replace('{', '').replace('}', '')}” to {{subject}}")
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    text = words(detail) if callable(words) else words.format_map(_details(detail))
    before, mark, after = text.partition(SUBJECT)
    return Sentence(before, f"{after}.", bool(mark))


def _details(detail: Mapping[str, Any]) -> Mapping[str, str]:
    said: defaultdict[str, str] = defaultdict(lambda: "–")
    return said | {name: str(value) for name, value in detail.items()} | {"subject": SUBJECT}


def things_of(entry: AuditEntry) -> list[tuple[str, str]]:
    """(type, id) of what the entry names, the one it is about first."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    first = _FIRST.get(entry.kind.partition(".")[0], "template")
    names = [first, *(name for name in THINGS if name != first)]
    return [(name, str(detail[name])) for name in names if isinstance(detail.get(name), str | int) and detail[name]]
