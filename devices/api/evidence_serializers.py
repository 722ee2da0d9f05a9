"""Evidence about a session in, findings out, as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from console.kit.api_schema import AskSerializer, FindingSerializer
from console.kit.findings import Certainty
from console.teams.access import ask_for, who_may_give
from console.teams.permissions import Permission
from devices.diagnosis import NO_PERMISSION, Question
from devices.diagnosis.question import Asked
from devices.diagnosis.rule import Link
from devices.models import ProvisioningSession
from devices.models.evidence import EvidenceKind
from devices.presenters.findings import Card, cards_of
from devices.status import SessionState


class NextActionSerializer(serializers.Serializer[Any]):
    """What does the next step: where to go in the console."""

    key = serializers.ChoiceField(choices=[(link.value, link.value) for link in Link])
    label = serializers.CharField()  # type: ignore[assignment] # DRF keeps fields apart
    url = serializers.CharField(help_text="A path of the console.")


class SessionFindingSerializer(FindingSerializer):
    """One diagnosis of a session. `certainty` is how sure it is, null for findings of older sessions."""

    certainty = serializers.ChoiceField(choices=[(one.value, one.value) for one in Certainty], allow_null=True)
    action = NextActionSerializer(allow_null=True)
    permission = serializers.CharField(required=False, help_text="The permission that is missing, if one is.")
    who_may_give = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The names of those who can give it."
    )
    request = AskSerializer(required=False, help_text="How to ask them for it.")


class ChoiceSerializer(serializers.Serializer[Any]):
    """One answer that can be given."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF keeps fields apart


class QuestionSerializer(serializers.Serializer[Any]):
    """The one question whose answer would decide; send it as evidence of kind `kind`."""

    kind = serializers.ChoiceField(choices=[(asked.value, asked.value) for asked in Asked])
    text = serializers.CharField()
    choices = ChoiceSerializer(many=True)


class EvidenceValueField(serializers.Field[Any, Any, Any, Any]):
    """Text, number, or for `board_info` the object itself."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (str, int, Mapping)):
            raise serializers.ValidationError("A text, a number, or a board's description as an object.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "object", "additionalProperties": True}],
        "description": "`led` and `answer`: one of their words. `last_error`: a number. `serial`: the log's text. "
        "`board_info`: the board's description, as text or as an object.",
    }
)
class _ValueField(EvidenceValueField):
    pass


class NewEvidenceSerializer(StrictSerializer):
    """One observation about a session. Passwords and tokens in texts are masked before they are kept."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in EvidenceKind])
    value = _ValueField()


class ToldSerializer(serializers.Serializer[Any]):
    """What is found now, with the new evidence."""

    findings = SessionFindingSerializer(many=True)
    question = QuestionSerializer(allow_null=True)


def findings_data(
    session: ProvisioningSession, findings: Iterable[Mapping[str, Any]], state: SessionState
) -> list[dict[str, Any]]:
    """The values of `SessionFindingSerializer`."""
    cards = cards_of(session, findings, state)
    return [_finding(card) | (_askable(session) if card.code == NO_PERMISSION else {}) for card in cards]


def _askable(session: ProvisioningSession) -> dict[str, Any]:
    """Which permission is missing, who can give it as things stand, and how to ask them."""
    return {
        "permission": Permission.PROVISION.value,
        "who_may_give": who_may_give(session.team_id),
        "request": ask_for(session.template.template_id),
    }


def _finding(card: Card) -> dict[str, Any]:
    action = {"key": card.action_key, "label": card.action_label, "url": card.action_url}
    return {
        "code": card.code,
        "severity": card.severity,
        "title": card.title,
        "evidence": card.evidence,
        "next_step": card.next_step,
        "certainty": card.certainty or None,
        "action": action if card.action_url else None,
    }


def question_data(question: Question | None) -> dict[str, Any] | None:
    """The values of `QuestionSerializer`."""
    if question is None:
        return None
    choices = [{"value": value, "label": label} for value, label in question.choices]
    return {"kind": question.asked.value, "text": question.text, "choices": choices}
