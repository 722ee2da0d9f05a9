"""What people and boards tell about a session: kept without secrets, bounded, and the findings follow."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from console.kit import server_time
from console.kit.findings import Finding
from console.kit.problems import Conflict, Invalid
from devices import diagnosis
from devices.actions import gathering
from devices.actions.stored import as_stored
from devices.diagnosis.evidence import Answer, Led
from devices.models import ProvisioningSession, SessionEvidence
from devices.models.evidence import EvidenceKind
from devices.status import SessionState
from templates_app.sketch.masking import without_secrets

LAST_ERROR_MAX = 9999
_TOLD_OF = (SessionState.OPEN, SessionState.EXPIRED, SessionState.FAILED)
_INFO_FIELDS = (
    "board",
    "name",
    "vendor",
    "tmpl_id",
    "fw_type",
    "fw_ver",
    "ssid",
    "bssid",
    "mac",
    "uid",
    "last_error",
)
_VALUE_LENGTH = 200
_LAST_ERROR = re.compile(r"Last error code:[ \t]*+(\d{1,4})\b")
_JOINED = re.compile(r"CONNECTING_NET => CONNECTING_CLOUD|Using Dynamic IP:|Using Static IP:")


@dataclass(frozen=True, slots=True)
class Told:
    """Findings about a session as they are stored, the surest first, and the question that would decide."""

    findings: tuple[dict[str, Any], ...]
    question: diagnosis.Question | None


@transaction.atomic
def record(*, session: ProvisioningSession, kind: EvidenceKind, value: object, address: str = "") -> SessionEvidence:
    """Keep one observation about an open, failed or expired session; of those beyond the limit the oldest go.

    A session that ended without a device gets the findings that the evidence supports now. Raises Invalid for a value
    that is none of its kind, Conflict for a session that was activated or cancelled.
    """
    now = server_time.now()
    locked = ProvisioningSession.objects.select_for_update().get(pk=session.pk)
    if locked.state_at(now) not in _TOLD_OF:
        raise Conflict(f"The session is {locked.state}: there is nothing to find out any more.")
    detail = _READERS[kind](value)
    row = SessionEvidence.objects.create(session=locked, kind=kind, detail=detail | {"address": address[:45]})
    _trim(locked)
    _note_progress(locked, kind, detail)
    if locked.state != SessionState.OPEN:
        _find_again(session, now)
    return row


def _trim(session: ProvisioningSession) -> None:
    """Delete the oldest observations beyond the limit. What a diagnosis reads stays: the newest of each kind, and the
    newest that tells a last_error, of whatever kind it is.
    """
    rows = SessionEvidence.objects.filter(session=session).order_by("-id")
    newest_first = list(rows.values_list("pk", "kind", "detail__last_error"))
    read = {kind: pk for pk, kind, _ in reversed(newest_first)}.values()
    error = next((pk for pk, _, code in newest_first if code is not None), None)
    beyond = [pk for pk, _, _ in newest_first[settings.EVIDENCE_KEPT_PER_SESSION :] if pk not in {*read, error}]
    if beyond:
        SessionEvidence.objects.filter(pk__in=beyond).delete()


def told_of(session: ProvisioningSession, *, now: datetime) -> Told:
    """The findings about a session at `now`: those kept at its end, else those that the evidence supports now."""
    state = session.state_at(now)
    kept = tuple(session.findings) or ((session.finding,) if session.finding else ())
    is_final = bool(session.ended_at and kept) and not _came_late(session, kept)
    if state is SessionState.CANCELLED or is_final:
        return Told(kept, _question(session, kept, now))
    if state is SessionState.OPEN and not gathering.has_evidence(session, now=now):
        return Told((), None)
    evidence = gathering.evidence_of(session, now=now)
    findings = diagnosis.diagnose(evidence)
    if state is SessionState.ACTIVATED:
        findings = tuple(finding for finding in findings if finding.code == "online_without_info")
    is_open = any(finding.code == "undecided" for finding in findings)
    return Told(
        tuple(as_stored(finding) for finding in findings), diagnosis.next_question(evidence) if is_open else None
    )


def _came_late(session: ProvisioningSession, kept: tuple[dict[str, Any], ...]) -> bool:
    """Whether a board called with the session's token after it had expired, which tells more than its end did."""
    is_expired = session.state == SessionState.EXPIRED and kept[0].get("certainty") != "certain"
    return is_expired and session.token.refused_logins.exists()


def _question(
    session: ProvisioningSession, kept: tuple[dict[str, Any], ...], now: datetime
) -> diagnosis.Question | None:
    if not any(finding["code"] == "undecided" for finding in kept):
        return None
    return diagnosis.next_question(gathering.evidence_of(session, now=now))


def _find_again(session: ProvisioningSession, now: datetime) -> None:
    """Findings of a session that has ended; what was certain at its end stays."""
    session.refresh_from_db()
    certain = [finding for finding in session.findings if finding.get("certainty") == "certain"]
    known = {finding["code"] for finding in certain}
    found: list[Finding] = list(diagnosis.diagnose(gathering.evidence_of(session, now=now)))
    findings = [*certain, *(as_stored(finding) for finding in found if finding.code not in known)]
    if findings:
        ProvisioningSession.objects.filter(pk=session.pk).update(finding=findings[0], findings=findings)
        session.refresh_from_db()


def _note_progress(session: ProvisioningSession, kind: EvidenceKind, detail: Mapping[str, Any]) -> None:
    """A board that spoke was met; one whose log says so has joined its network."""
    if kind not in (EvidenceKind.BOARD_INFO, EvidenceKind.SERIAL) or session.state != SessionState.OPEN:
        return
    here = ProvisioningSession.objects.filter(pk=session.pk)
    here.filter(board_at=None).update(board_at=Now())
    if kind is EvidenceKind.SERIAL and _JOINED.search(detail["text"]):
        here.filter(network_at=None).update(network_at=Now())


# Reading a value of each kind


def _one_of(choices: type[Led] | type[Answer], noun: str) -> Callable[[object], dict[str, Any]]:
    def read(value: object) -> dict[str, Any]:
        if value not in [choice.value for choice in choices]:
            known = ", ".join(choice.value for choice in choices)
            raise Invalid(f"{noun} is one of: {known}.", field="value")
        return {"value": value}

    return read


def _read_last_error(value: object) -> dict[str, Any]:
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= LAST_ERROR_MAX):
        raise Invalid("last_error is a number, such as 701.", field="value")
    return {"last_error": int(text)}


def _read_text(value: object) -> str:
    text = str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\r\n", "\n")
    text = text.encode(errors="replace").decode()
    size, limit = len(text.encode()), settings.EVIDENCE_MAX_BYTES
    if size > limit:
        raise Invalid(
            f"The text has {size:,} bytes, and {limit:,} are kept. Paste the part that matters.", field="value"
        )
    if not text.strip():
        raise Invalid("Paste what the board says.", field="value")
    return text


def _read_serial(value: object) -> dict[str, Any]:
    text = without_secrets(_read_text(value))
    detail: dict[str, Any] = {"text": text}
    if codes := _LAST_ERROR.findall(text):
        detail["last_error"] = int(codes[-1])
    return detail


def _read_board_info(value: object) -> dict[str, Any]:
    text = json.dumps(value) if isinstance(value, Mapping) else _read_text(value)
    _read_text(text)
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return {"text": without_secrets(text)}
    known = {name: _scalar(data[name]) for name in _INFO_FIELDS if isinstance(data.get(name), (str, int, float))}
    detail: dict[str, Any] = {"text": json.dumps(known, ensure_ascii=False)}
    error = known.get("last_error")
    if isinstance(error, int) and not isinstance(error, bool) and 0 <= error <= LAST_ERROR_MAX:
        detail["last_error"] = error
    return detail


def _scalar(value: str | float) -> str | float:
    """A value of a description, cut to what any board could say."""
    if isinstance(value, str):
        return without_secrets(value.replace("\0", "\N{REPLACEMENT CHARACTER}"))[:_VALUE_LENGTH]
    return value if abs(value) < 10**9 else 0


_READERS: dict[EvidenceKind, Callable[[object], dict[str, Any]]] = {
    EvidenceKind.BOARD_INFO: _read_board_info,
    EvidenceKind.LAST_ERROR: _read_last_error,
    EvidenceKind.SERIAL: _read_serial,
    EvidenceKind.LED: _one_of(Led, "The LED's state"),
    EvidenceKind.ANSWER: _one_of(Answer, "The answer"),
}
