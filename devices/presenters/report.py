"""A session as plain text, to paste where somebody can help. It holds no secret: what it quotes was masked."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from devices.models import ProvisioningSession, SessionEvidence
from devices.models.evidence import EvidenceKind
from devices.presenters.findings import Card
from devices.presenters.steps import steps_of
from devices.status import SessionState
from templates_app import boards
from templates_app.presenters import gateway_address

LOG_LINES = 40
LINE_LENGTH = 200
NOTHING = "The evidence shows no cause so far."


def report_of(
    session: ProvisioningSession, cards: Iterable[Card], evidence: Iterable[SessionEvidence], *, now: datetime
) -> str:
    """The report; `evidence` is newest first, as `evidence_of` reads it."""
    parts = [_head(session, now), _steps(session, now), _findings(cards), _told(evidence)]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def evidence_rows(session: ProvisioningSession) -> list[SessionEvidence]:
    """The newest evidence of each kind."""
    newest: dict[str, SessionEvidence] = {}
    for row in SessionEvidence.objects.filter(session=session).order_by("-id")[:100]:
        newest.setdefault(row.kind, row)
    return list(newest.values())


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _head(session: ProvisioningSession, now: datetime) -> Iterator[str]:
    address, template = gateway_address(), session.template
    state = session.state_at(now)
    yield f"Provisioning session {session.pk}: {state}"
    yield f"Template: {template.name} ({template.template_id}), board {boards.by_key(template.board).name}"
    yield f"Gateway: {address.host}:{address.port} ({'TLS' if address.is_tls else 'plain TCP'})"
    yield f"Auth token: {session.token.hint}…"
    yield f"Opened: {_at(session.opened_at)} by {session.opened_by}"
    if session.ended_at:
        yield f"Ended: {_at(session.ended_at)}"
    else:
        yield f"{'Expired' if state is SessionState.EXPIRED else 'Expires'}: {_at(session.expires_at)}"


def _steps(session: ProvisioningSession, now: datetime) -> Iterator[str]:
    yield "Steps"
    for step in steps_of(session, now):
        if step.at is not None:
            yield f"- {_at(step.at)} {step.title}: {step.sentence} {step.detail}".rstrip()


def _findings(cards: Iterable[Card]) -> Iterator[str]:
    yield "Findings"
    number = 0
    for number, card in enumerate(cards, start=1):
        certainty = f", {card.certainty}" if card.certainty else ""
        yield f"{number}. {card.title} [{card.code}{certainty}]"
        yield from (f"   | {line}" for line in card.evidence.splitlines())
        yield f"   Next: {card.next_step}"
    if not number:
        yield NOTHING


def _told(evidence: Iterable[SessionEvidence]) -> Iterator[str]:
    rows = list(evidence)
    if rows:
        yield "What the board and people said"
    for row in rows:
        yield from _row(row)


def _row(row: SessionEvidence) -> Iterator[str]:
    match row.kind:
        case EvidenceKind.SERIAL | EvidenceKind.BOARD_INFO:
            lines = str(row.detail.get("text", "")).splitlines()
            yield f"- {row.kind}, {_at(row.at)}:"
            if len(lines) > LOG_LINES:
                yield f"  | … {len(lines) - LOG_LINES:,} lines before"
            yield from (f"  | {line[:LINE_LENGTH]}" for line in lines[-LOG_LINES:])
        case EvidenceKind.LAST_ERROR:
            yield f"- last_error: {row.detail.get('last_error')}"
        case _:
            yield f"- {row.kind}: {row.detail.get('value')}"
