"""Provisioning sessions in the API: open one, hand its token over, poll."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits, server_time
from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.kit.client_address import client_address
from console.kit.problems import Conflict
from console.kit.repeated import IDEMPOTENCY_KEY, key_parameter, request_id
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import returning
from devices.actions import sessions as actions
from devices.api.device_serializers import DeviceSerializer
from devices.api.opened import answer_of
from devices.api.session_serializers import (
    NewSessionSerializer,
    OpenedSessionSerializer,
    RejoinSerializer,
    SessionRowSerializer,
    SessionSerializer,
)
from devices.session_filters import SessionFilters
from devices.status import Route, SessionState
from templates_app.access import template_to_provision

FILTER_PARAMETERS = [
    OpenApiParameter("state", str, enum=[state.value for state in SessionState]),
    OpenApiParameter("route", str, enum=[route.value for route in Route if route.value]),
    OpenApiParameter("template", str, description="A TMPL… id."),
    OpenApiParameter("person", str, description="Who opened it, as `opened_by` has it."),
    OpenApiParameter("cause", str, description="The code of its finding."),
    OpenApiParameter("days", int, description="The last so many days, today included."),
    OpenApiParameter("q", str, description="Part of a person, device, template or finding, or the hint of a token."),
]


class SessionList(ApiView):
    @extend_schema(
        operation_id="provisioning_sessions_list",
        parameters=[*PAGE_PARAMETERS, *FILTER_PARAMETERS],
        responses=answers({200: page_of(SessionRowSerializer, "SessionPage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """The team's provisioning sessions, newest first."""
        now = server_time.now()
        filters = SessionFilters.of(request.query_params.dict())
        rows = filters.apply(access.sessions_of(member_of(request)), now=now).select_related("template", "device")
        return page(request, rows, SessionRowSerializer, "-opened_at", "-id", now=now)

    @extend_schema(
        operation_id="provisioning_sessions_create",
        parameters=[key_parameter("session")],
        request=NewSessionSerializer,
        responses=answers({201: OpenedSessionSerializer, 200: OpenedSessionSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Open a session for one new device and issue its token, which no later answer repeats."""
        member, values = member_of(request), read_body(request, NewSessionSerializer)
        template = template_to_provision(member, values["template_id"])
        limits.spend_by(request, limits.SESSION_OPENINGS)
        opened = actions.open_session(
            template=template,
            by=member,
            lifetime_seconds=values["lifetime_seconds"],
            request_id=request_id(request),
            route=Route(values["route"] or Route.API),
            address=client_address(request),
        )
        if opened.session.template_id != template.pk:
            raise Conflict(f"This {IDEMPOTENCY_KEY} was used for another template. Send a new one.")
        answer = answer_of(opened, template, opened.session.state_at(server_time.now()))
        code = status.HTTP_201_CREATED if opened.token else status.HTTP_200_OK
        return Response(OpenedSessionSerializer(answer).data, status=code, headers={"Cache-Control": "no-store"})


class SessionDetail(ApiView):
    @extend_schema(operation_id="provisioning_sessions_retrieve", responses=answers({200: SessionSerializer}, 404))
    def get(self, request: Request, session_id: int) -> Response:
        """A session with its steps so far; poll it until its state is no longer `open`."""
        session = access.session_for(member_of(request), session_id)
        return Response(SessionSerializer(session, context={"now": server_time.now()}).data)

    @extend_schema(
        operation_id="provisioning_sessions_cancel",
        description=(
            "Cancel an open session; its token dies with it. Answers 204 for one that is cancelled already, and 409 "
            "for one that ended in another way."
        ),
        responses=answers({204: None}, 403, 404, 409),
    )
    def delete(self, request: Request, session_id: int) -> Response:
        """Cancel an open session; its token dies with it."""
        session = access.session_to_change(member_of(request), session_id)
        is_open = session.state_at(server_time.now()) is SessionState.OPEN
        if not (is_open and actions.cancel(session=session, by=member_of(request))):
            session.refresh_from_db()
            state = session.state_at(server_time.now())
            if state is not SessionState.CANCELLED:
                raise Conflict(f"The session has ended already: it is {state}. Nothing was changed.")
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionSameAs(ApiView):
    @extend_schema(
        operation_id="provisioning_sessions_same_as",
        request=RejoinSerializer,
        responses=answers({200: DeviceSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, session_id: int) -> Response:
        """The device that the session made is one of its `same_as` again: that one goes on, the one just made goes."""
        member = member_of(request)
        session = access.session_to_change(member, session_id, Permission.EDIT_DEVICES)
        values = read_body(request, RejoinSerializer)
        device = access.device_for(member, values["device_id"], Permission.EDIT_DEVICES)
        returning.rejoin(session=session, device=device, by=member)
        now = server_time.now()
        return Response(DeviceSerializer(access.device_for(member, device.pk), context={"now": now}).data)
