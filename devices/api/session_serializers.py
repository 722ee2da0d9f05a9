"""Provisioning sessions as JSON."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from devices.actions import evidence, returning
from devices.api.evidence_serializers import (
    QuestionSerializer,
    SessionFindingSerializer,
    findings_data,
    question_data,
)
from devices.funnel import Reached
from devices.models import ProvisioningSession
from devices.presenters.session_rows import farthest_of, seconds_of
from devices.presenters.steps import steps_of
from devices.status import Route, SessionState, StepKind

SESSION_STATES = [(state.value, state.value) for state in SessionState]
ROUTES = [(route.value, route.label) for route in Route if route.value]
STEPS_REACHED = [(step.name.lower(), step.label) for step in Reached]
STEP_KINDS = [(kind.value, kind.value) for kind in StepKind]

NEW_ROUTES = [(Route.EMPTY.value, "not chosen"), (Route.STATIC.value, Route.STATIC.value)]
LONGEST_SECONDS = max(settings.TOKEN_LIFETIME_MAX_SECONDS, settings.STATIC_TOKEN_LIFETIME_DAYS * 24 * 3600)


class NewSessionSerializer(StrictSerializer):
    """What to open a session for."""

    template_id = serializers.CharField(max_length=13)
    route = serializers.ChoiceField(
        choices=NEW_ROUTES,
        required=False,
        default=Route.EMPTY.value,
        help_text="`static` for a sketch without Edgent: its token waits much longer for its first use.",
    )
    lifetime_seconds = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=30,
        max_value=LONGEST_SECONDS,
        help_text="How long the token waits for a device; the installation's default when left out.",
    )


class TlsSerializer(serializers.Serializer[Any]):
    """The gateway's TLS port."""

    port = serializers.IntegerField()


class GatewaySerializer(serializers.Serializer[Any]):
    """Where devices connect to. `tls` is null where the gateway has no certificate."""

    host = serializers.CharField()
    port = serializers.IntegerField()
    tls = TlsSerializer(allow_null=True)


class OpenedSessionSerializer(serializers.Serializer[Any]):
    """A session just opened. The token is in this answer only; null when a request is repeated with its key."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SESSION_STATES)
    token = serializers.CharField(allow_null=True)
    expires_at = serializers.DateTimeField()
    gateway = GatewaySerializer()
    hotspot_name_pattern = serializers.CharField(
        allow_null=True, help_text="`X` stands for what depends on the chip; null for a board without a hotspot."
    )
    config_url = serializers.CharField(
        allow_null=True,
        help_text="To open in the board's hotspot, with `ssid` and `pass` filled in; null without token or hotspot.",
    )


class StepSerializer(serializers.Serializer[Any]):
    """One step that has happened."""

    kind = serializers.ChoiceField(choices=STEP_KINDS)
    at = serializers.DateTimeField()
    detail = serializers.CharField()


class SessionDeviceSerializer(serializers.Serializer[Any]):
    """The device that came of a session."""

    id = serializers.IntegerField()
    name = serializers.CharField()


@dataclass(frozen=True, slots=True)
class HappenedStep:
    kind: StepKind
    at: datetime
    detail: str


class SessionRowSerializer(serializers.Serializer[ProvisioningSession]):
    """A session in a list. Takes `now` as context."""

    id = serializers.IntegerField()
    state = serializers.SerializerMethodField()
    template_id = serializers.CharField(source="template.template_id")
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.SerializerMethodField()
    route = serializers.ChoiceField(choices=ROUTES, allow_blank=True)
    came = serializers.SerializerMethodField()
    device = SessionDeviceSerializer(allow_null=True)

    def get_seconds(self, session: ProvisioningSession) -> int:
        """How long the session lasted, or has lasted so far."""
        now = self.context["now"]
        return round(seconds_of(session, session.state_at(now), now))

    @extend_schema_field(serializers.ChoiceField(choices=STEPS_REACHED))
    def get_came(self, session: ProvisioningSession) -> str:
        """The farthest step of the funnel."""
        return farthest_of(session, session.state_at(self.context["now"])).name.lower()

    @extend_schema_field(serializers.ChoiceField(choices=SESSION_STATES))
    def get_state(self, session: ProvisioningSession) -> str:
        return session.state_at(self.context["now"]).value


class SameAsSerializer(serializers.Serializer[Any]):
    """A device that the session's board may be again, and what shows it."""

    id = serializers.IntegerField(source="device.pk")
    name = serializers.CharField(source="device.name")
    reason = serializers.CharField()


class RejoinSerializer(StrictSerializer):
    """Which device the session's board is again."""

    device_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class SessionSerializer(SessionRowSerializer):
    """A session with the steps that have happened, oldest first, and what is wrong, the surest finding first.

    `findings` are there while it is open too, once there is evidence; `question` is what would decide between causes.
    `same_as` are offline devices that the device it made may be again: the board was wiped and provisioned anew.
    """

    same_as = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    finding = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    question = serializers.SerializerMethodField()
    _answer: evidence.Told | None = None

    @extend_schema_field(SameAsSerializer(many=True))
    def get_same_as(self, session: ProvisioningSession) -> list[dict[str, Any]]:
        return list(SameAsSerializer(returning.candidates_of(session), many=True).data)

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, session: ProvisioningSession) -> list[dict[str, Any]]:
        happened = [
            HappenedStep(step.kind, step.at, f"{step.sentence} {step.detail}".strip())
            for step in steps_of(session, self.context["now"])
            if step.at is not None
        ]
        return list(StepSerializer(happened, many=True).data)

    @extend_schema_field(SessionFindingSerializer(allow_null=True))
    def get_finding(self, session: ProvisioningSession) -> dict[str, Any] | None:
        """The first of `findings` when the session has ended without a device; null before."""
        if session.state_at(self.context["now"]) in (SessionState.OPEN, SessionState.ACTIVATED):
            return None
        return next(iter(self.get_findings(session)), None)

    @extend_schema_field(SessionFindingSerializer(many=True))
    def get_findings(self, session: ProvisioningSession) -> list[dict[str, Any]]:
        return findings_data(session, self._told(session).findings, session.state_at(self.context["now"]))

    @extend_schema_field(QuestionSerializer(allow_null=True))
    def get_question(self, session: ProvisioningSession) -> dict[str, Any] | None:
        return question_data(self._told(session).question)

    def _told(self, session: ProvisioningSession) -> evidence.Told:
        if self._answer is None:
            self._answer = evidence.told_of(session, now=self.context["now"])
        return self._answer
