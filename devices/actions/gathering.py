"""Reading the evidence of a session from the database, for `devices.diagnosis`."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from console.kit.findings import Finding
from console.kit.text import any_of
from console.teams import access as team_access
from console.teams.models import Team
from devices.diagnosis.evidence import (
    Answer,
    Evidence,
    FailedEvidence,
    Led,
    Owner,
    RefusedEvidence,
    Returned,
    Siblings,
)
from devices.diagnosis.nearness import is_near
from devices.models import Device, FailedConnection, ProvisioningSession, RefusedLogin, SessionEvidence, TimelineEvent
from devices.models.evidence import EvidenceKind
from devices.models.timeline import EventKind
from devices.status import FailedBecause, Refusal, SessionState
from templates_app import boards, naming
from templates_app.gateway import gateway_findings
from templates_app.models import Template
from templates_app.presenters import gateway_address
from templates_app.sketch import board_info, serial_log
from templates_app.sketch.identity import template_ids_in
from templates_app.sketch.values import Context

ROWS = 20
RETURNED_LIMIT = 3
"""More devices than this coming online at once is a network that came back, and no board set up by hand."""
SIBLINGS = 200
LATELY = timedelta(days=7)
INFO_AFTER = timedelta(seconds=10)
"""How long after its activation a device that has not told anything of itself is taken for one that does not."""

HAS_EVIDENCE = """
SELECT EXISTS (SELECT 1 FROM devices_sessionevidence WHERE session_id = %(session)s)
  OR EXISTS (SELECT 1 FROM devices_refusedlogin WHERE last_at >= %(since)s AND first_at <= %(until)s)
  OR EXISTS (SELECT 1 FROM devices_refusedlogin WHERE token_id = %(token)s)
  OR EXISTS (SELECT 1 FROM devices_failedconnection WHERE last_at >= %(since)s AND first_at <= %(until)s)
  OR (%(is_over)s AND EXISTS (
    SELECT 1 FROM devices_timelineevent
    WHERE team_id = %(team)s AND at >= %(since)s AND at <= %(until)s AND kind = 'online'))
"""


def evidence_of(session: ProvisioningSession, *, now: datetime) -> Evidence:
    """Everything known about one session at `now`; one query where nothing was observed."""
    facts = _known(session, now)
    if session.state == SessionState.ACTIVATED:
        return Evidence(**facts, is_online_without_info=_is_without_info(session.device, now))
    if not has_evidence(session, now=now):
        return Evidence(**facts)
    rows = list(SessionEvidence.objects.filter(session=session).order_by("-id"))
    places = _places(session, rows)
    refused = tuple(_refused(session, places))
    facts["has_permission"] = session.ended_at is not None or _may_provision(session)
    if not facts["has_permission"] or any(row.reason is Refusal.NO_PERMISSION for row in refused):
        facts["who_may_give"] = any_of(team_access.who_may_give(session.team_id))
    return Evidence(
        **facts,
        **_told(session, rows),
        refused=refused,
        failed=tuple(_failed(session, places)),
        returned=_returned(session),
        siblings=_siblings(session, now),
    )


def has_evidence(session: ProvisioningSession, *, now: datetime) -> bool:
    """Whether anything at all was observed that may bear on the session; what devices did is asked once it is over."""
    with connection.cursor() as cursor:
        during: dict[str, Any] = {"since": session.opened_at, "until": _until(session)}
        ours = {"session": session.pk, "token": session.token.pk, "team": session.team_id}
        cursor.execute(HAS_EVIDENCE, during | ours | {"is_over": now >= session.expires_at})
        (found,) = cursor.fetchone()
    return bool(found)


def _until(session: ProvisioningSession) -> datetime:
    return session.ended_at or session.expires_at


def _known(session: ProvisioningSession, now: datetime) -> dict[str, Any]:
    """What the session's own row, its template and the settings say."""
    template, address = session.template, gateway_address()
    board = boards.by_key(template.board)
    return {
        "template_id": template.template_id,
        "template_name": template.name,
        "hint": session.token.hint,
        "opened_by": session.opened_by,
        "host": address.host,
        "port": address.port,
        "state": session.state_at(now),
        "is_seen": session.seen_at is not None,
        "seen_from": session.seen_from,
        "reported_template_id": session.reported_template_id,
        "name_lint": naming.name_findings(template.name, generations=board.generations),
        "gateway_lint": gateway_findings(address, board),
    }


def _places(session: ProvisioningSession, rows: Iterable[SessionEvidence]) -> set[str] | None:
    """Where the session's people and board are; None where no other team could be meant."""
    if not Team.objects.exclude(pk=session.team_id).exists():
        return None
    told = {str(row.detail.get("address", "")) for row in rows}
    return {place for place in {session.opened_from, session.seen_from, *told} if place}


def _is_of(address: str, places: Collection[str] | None) -> bool:
    return places is None or is_near(address, places)


def _may_provision(session: ProvisioningSession) -> bool:
    member = session.member
    return member is not None and team_access.may_provision(member, session.template.template_id)


def _refused(session: ProvisioningSession, places: Collection[str] | None) -> Iterable[RefusedEvidence]:
    """Refused logins: of this session's token whenever they came, of others while it was open."""
    during = Q(last_at__gte=session.opened_at, first_at__lte=_until(session))
    rows = RefusedLogin.objects.filter(during | Q(token__session=session)).select_related("token")
    for row in rows.order_by("-last_at", "pk")[: ROWS * 10]:
        owner = _owner(row, session)
        is_ours = owner in (Owner.SESSION, Owner.TEAM) or row.hint == session.token.hint
        if is_ours or _is_of(row.address, places):
            yield RefusedEvidence(row.hint, row.address, Refusal(row.reason), row.attempts_count, row.last_at, owner)


def _owner(row: RefusedLogin, session: ProvisioningSession) -> Owner:
    if row.token is not None and row.token.session_id == session.pk:
        return Owner.SESSION
    if row.team_id is None:
        return Owner.NOBODY
    return Owner.TEAM if row.team_id == session.team_id else Owner.OTHER_TEAM


def _failed(session: ProvisioningSession, places: Collection[str] | None) -> Iterable[FailedEvidence]:
    rows = FailedConnection.objects.filter(last_at__gte=session.opened_at, first_at__lte=_until(session))
    known = set(FailedBecause)
    near = (row for row in rows.order_by("-last_at", "pk")[: ROWS * 10] if _is_of(row.address, places))
    for row in islice(near, ROWS):
        if row.reason in known:
            yield FailedEvidence(row.address, FailedBecause(row.reason), row.attempts_count, row.last_at, row.detail)


def _returned(session: ProvisioningSession) -> tuple[Returned, ...]:
    """Older devices of the template that came online while the session was open."""
    events = TimelineEvent.objects.filter(
        team_id=session.team_id, at__gte=session.opened_at, at__lte=_until(session), kind=EventKind.ONLINE
    )
    came = {event.device_id: event for event in events.order_by("at", "id")[:SIBLINGS]}
    came.pop(session.device_id or 0, None)
    devices = Device.objects.filter(pk__in=list(came), template=session.template_id, activated_at__lt=session.opened_at)
    found = list(devices.order_by("pk")[: RETURNED_LIMIT + 1])
    if len(found) > RETURNED_LIMIT:
        return ()
    return tuple(
        Returned(device.name, str(came[device.pk].detail.get("address", "")) or "its address", came[device.pk].at)
        for device in found
    )


def _siblings(session: ProvisioningSession, now: datetime) -> Siblings:
    """What became of the template's newest sessions."""
    recent = ProvisioningSession.objects.filter(
        team=session.team_id, template=session.template_id, opened_at__gte=now - LATELY
    ).exclude(pk=session.pk)
    rows = list(recent.order_by("-opened_at", "-id").values_list("state", "finding")[:SIBLINGS])
    causes = Counter(
        (str(finding.get("code", "")), str(finding.get("title", "")))
        for state, finding in rows
        if finding and state in (SessionState.FAILED, SessionState.EXPIRED)
    )
    (code, title), count = max(causes.items(), key=lambda pair: (pair[1], pair[0]), default=(("", ""), 0))
    return Siblings(
        activated_count=sum(state == SessionState.ACTIVATED for state, _ in rows),
        failed_count=sum(causes.values()),
        commonest_code=code,
        commonest_title=title,
        commonest_count=count,
    )


def _is_without_info(device: Device | None, now: datetime) -> bool:
    if device is None or device.library_version or device.reported_template_id or device.reported_board:
        return False
    is_old = now - device.activated_at >= INFO_AFTER
    return is_old and Device.objects.filter(pk=device.pk).online(now).exists()


def _told(session: ProvisioningSession, rows: Iterable[SessionEvidence]) -> dict[str, Any]:
    """What people and boards said: the newest of each kind counts."""
    newest: dict[str, SessionEvidence] = {}
    errors: list[int] = []
    for row in rows:
        newest.setdefault(row.kind, row)
        if isinstance(error := row.detail.get("last_error"), int):
            errors.append(error)
    led = newest.get(EvidenceKind.LED)
    answer = newest.get(EvidenceKind.ANSWER)
    log, info = _text(newest.get(EvidenceKind.SERIAL)), _text(newest.get(EvidenceKind.BOARD_INFO))
    return {
        "led": Led(led.detail["value"]) if led else None,
        "answer": Answer(answer.detail["value"]) if answer else None,
        "last_error": errors[0] if errors else None,
        "log": log,
        "said": _said(session, log, info),
    }


def _text(row: SessionEvidence | None) -> str:
    return str(row.detail.get("text", "")) if row else ""


def _said(session: ProvisioningSession, log: str, info: str) -> dict[str, tuple[str, ...]]:
    """The quotes of the check that the sketch page makes, by the codes of its findings."""
    if not (log or info):
        return {}
    context = _context(session, log + info)
    found: list[Finding] = []
    for text, check in ((log, serial_log.check), (info, board_info.check)):
        if text:
            found += [one.finding for one in islice(check(text, context), 100)]
    said: dict[str, tuple[str, ...]] = {}
    for finding in found:
        said[finding.code] = (*said.get(finding.code, ()), finding.evidence)
    return said


def _context(session: ProvisioningSession, text: str) -> Context:
    address, template = gateway_address(), session.template
    mentioned = template_ids_in(text) - {template.template_id}
    others = Template.objects.filter(team=session.team_id, template_id__in=mentioned) if mentioned else None
    return Context(
        template_id=template.template_id,
        name=template.name,
        host=address.host,
        port=address.port,
        plain_port=settings.GATEWAY_PUBLIC_PORT,
        others=dict(others.values_list("template_id", "name")) if others is not None else {},
    )
