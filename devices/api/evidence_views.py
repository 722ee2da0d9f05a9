"""Evidence and report of a provisioning session in the API."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import renderers, status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import server_time
from console.kit.api_parsing import read_body
from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.kit.client_address import client_address
from console.teams.api_auth import member_of
from devices import access
from devices.actions import evidence
from devices.api.evidence_serializers import NewEvidenceSerializer, ToldSerializer, findings_data, question_data
from devices.models.evidence import EvidenceKind
from devices.presenters.findings import cards_of
from devices.presenters.report import evidence_rows, report_of


class SessionEvidenceList(ApiView):
    @extend_schema(
        operation_id="provisioning_sessions_evidence",
        request=NewEvidenceSerializer,
        responses=answers({201: ToldSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, session_id: int) -> Response:
        """Tell what the board does or says; answers with what is found now."""
        session = access.session_to_tell_of(member_of(request), session_id)
        values = read_body(request, NewEvidenceSerializer)
        kind = EvidenceKind(values["kind"])
        evidence.record(session=session, kind=kind, value=values["value"], address=client_address(request))
        now = server_time.now()
        told = evidence.told_of(session, now=now)
        data: dict[str, Any] = {
            "findings": findings_data(session, told.findings, session.state_at(now)),
            "question": question_data(told.question),
        }
        return Response(ToldSerializer(data).data, status=status.HTTP_201_CREATED)


class PlainText(renderers.BaseRenderer):
    """Plain text; a refusal is still a problem in JSON."""

    media_type = "text/plain"
    format = "txt"

    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        return str(data).encode()


class SessionReport(ApiView):
    renderer_classes = (renderers.JSONRenderer, PlainText)

    @extend_schema(
        operation_id="provisioning_sessions_report",
        responses=answers({(200, "text/plain"): OpenApiTypes.STR}, 404),
    )
    def get(self, request: Request, session_id: int) -> HttpResponse:
        """The session's steps, findings and evidence as plain text, without secrets."""
        session = access.session_for(member_of(request), session_id)
        now = server_time.now()
        told = evidence.told_of(session, now=now)
        cards = cards_of(session, told.findings, session.state_at(now))
        text = report_of(session, cards, evidence_rows(session), now=now)
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
