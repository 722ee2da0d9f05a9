"""Findings of a session as pages and the API show them: each next step with the address that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from devices.diagnosis.rule import Link
from devices.models import ProvisioningSession
from devices.status import SessionState

CERTAINTIES = {"certain": "Certain", "likely": "Likely", "possible": "Possible"}


@dataclass(frozen=True, slots=True)
class Card:
    """One finding with its button; `action_url` and `action_label` are '' where nothing does the next step."""

    code: str
    severity: str
    certainty: str
    title: str
    evidence: str
    next_step: str
    action_key: str = ""
    action_label: str = ""
    action_url: str = ""

    @property
    def certainty_label(self) -> str:
        return CERTAINTIES.get(self.certainty, "")


def cards_of(session: ProvisioningSession, findings: Iterable[Mapping[str, Any]], state: SessionState) -> list[Card]:
    """The cards of stored findings, in their order."""
    return [_card(session, finding, state) for finding in findings]


def _card(session: ProvisioningSession, finding: Mapping[str, Any], state: SessionState) -> Card:
    action = finding.get("action") or {}
    key, label = str(action.get("key", "")), str(action.get("label", ""))
    if key == Link.SESSION and state is not SessionState.OPEN:
        key, label = Link.NEW_SESSION.value, Link.NEW_SESSION.label
    url = _url(session, key)
    return Card(
        code=str(finding["code"]),
        severity=str(finding["severity"]),
        certainty=str(finding.get("certainty") or ""),
        title=str(finding["title"]),
        evidence=str(finding["evidence"]),
        next_step=str(finding["next_step"]),
        action_key=key if url else "",
        action_label=label if url else "",
        action_url=url,
    )


def _url(session: ProvisioningSession, key: str) -> str:
    template = session.template
    match key:
        case Link.NEW_SESSION:
            return f"{reverse('sessions:new')}?template={template.template_id}"
        case Link.FIRMWARE:
            return reverse("templates:detail", args=[template.template_id])
        case Link.RENAME:
            return reverse("templates:edit", args=[template.template_id])
        case Link.CHECK_SKETCH:
            return reverse("templates:check", args=[template.template_id])
        case Link.CHECK_SERVER:
            return reverse("templates:gateway-check")
        case Link.MEMBERS:
            return reverse("teams:team")
        case Link.DEVICES:
            return reverse("devices:list")
        case Link.BOARD:
            return reverse("boards:detail", args=[template.board])
        case Link.SESSION:
            return f"{reverse('sessions:detail', args=[session.pk])}#token-head"
    return ""
