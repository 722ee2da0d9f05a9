"""Members and invitations in the API, under the same rules as on the pages."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits, server_time
from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.access import require, require_role
from console.teams.api_auth import member_of
from console.teams.models import Invitation, Member
from console.teams.permissions import Permission, Role
from devices.access import invitations_of
from devices.actions import invitations, membership
from devices.actions.invitations import Offer
from devices.api.people_serializers import (
    InvitationSerializer,
    MemberChangeSerializer,
    MemberSerializer,
    NewInvitationSerializer,
)
from templates_app.api.views import template_of


def member_for(request: Request, member_id: int) -> Member:
    """A member of the key's team. Raises Http404."""
    members = Member.objects.select_related("user", "team")
    found: Member = get_object_or_404(members, pk=member_id, team=member_of(request).team)
    return found


def invitation_for(request: Request, invitation_id: int) -> Invitation:
    """An invitation of the key's team. Raises Http404, or Forbidden for who does not manage members."""
    found: Invitation = get_object_or_404(invitations_of(member_of(request)), pk=invitation_id)
    require(member_of(request), Permission.MANAGE_MEMBERS)
    return found


def base_url(request: Request) -> str:
    return settings.PUBLIC_URL or request.build_absolute_uri("/")


def shown(invitation: Invitation, code: int = status.HTTP_200_OK) -> Response:
    invitation = Invitation.objects.select_related("inviter__user").get(pk=invitation.pk)
    return Response(InvitationSerializer(invitation, context={"now": server_time.now()}).data, status=code)


class MemberList(ApiView):
    @extend_schema(
        operation_id="members_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(MemberSerializer, "MemberPage")}, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """The members of the team, newest first."""
        member = member_of(request)
        require(member, Permission.VIEW)
        rows = Member.objects.filter(team=member.team).select_related("user")
        return page(request, rows, MemberSerializer, "-id")


class MemberDetail(ApiView):
    @extend_schema(operation_id="members_retrieve", responses=answers({200: MemberSerializer}, 403, 404))
    def get(self, request: Request, member_id: int) -> Response:
        """One member."""
        found = member_for(request, member_id)
        require(member_of(request), Permission.VIEW)
        return Response(MemberSerializer(found).data)

    @extend_schema(
        operation_id="members_change",
        request=MemberChangeSerializer,
        responses=answers({200: MemberSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def patch(self, request: Request, member_id: int) -> Response:
        """Give a member another role. With less permission, their open sessions are cancelled. The last owner stays."""
        found = member_for(request, member_id)
        require(member_of(request), Permission.MANAGE_MEMBERS)
        role = Role(read_body(request, MemberChangeSerializer)["role"])
        membership.change_role(member=found, role=role, by=member_of(request))
        return Response(MemberSerializer(member_for(request, member_id)).data)

    @extend_schema(operation_id="members_remove", responses=answers({204: None}, 403, 404, 409))
    def delete(self, request: Request, member_id: int) -> Response:
        """Take a member out of the team, with grants and API keys. The last owner stays."""
        membership.remove(member=member_for(request, member_id), by=member_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationList(ApiView):
    @extend_schema(
        operation_id="invitations_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(InvitationSerializer, "InvitationPage")}, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """The invitations of the team, newest first."""
        member = member_of(request)
        require(member, Permission.MANAGE_MEMBERS)
        return page(request, invitations_of(member), InvitationSerializer, "-id", now=server_time.now())

    @extend_schema(
        operation_id="invitations_send",
        request=NewInvitationSerializer,
        responses=answers({201: InvitationSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Invite an e-mail address to the team. The link goes out by mail only."""
        member = member_of(request)
        require(member, Permission.MANAGE_MEMBERS)
        values = read_body(request, NewInvitationSerializer)
        for offer in values.get("grants", []):
            if offer["template_id"]:
                template_of(request, offer["template_id"])
        limits.spend_by(request, limits.INVITATIONS)
        invitation = invitations.invite(
            email=values["email"],
            role=Role(values["role"]),
            offers=[Offer(**offer) for offer in values.get("grants", [])],
            base_url=base_url(request),
            by=member,
        )
        return shown(invitation, status.HTTP_201_CREATED)


class InvitationDetail(ApiView):
    @extend_schema(operation_id="invitations_retrieve", responses=answers({200: InvitationSerializer}, 403, 404))
    def get(self, request: Request, invitation_id: int) -> Response:
        """One invitation."""
        return shown(invitation_for(request, invitation_id))

    @extend_schema(operation_id="invitations_revoke", responses=answers({204: None}, 403, 404, 409))
    def delete(self, request: Request, invitation_id: int) -> Response:
        """Revoke an invitation: its link is dead. A revoked one answers 204 again, an accepted one 409."""
        invitations.revoke(invitation=invitation_for(request, invitation_id), by=member_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationResend(ApiView):
    @extend_schema(
        operation_id="invitations_resend", request=None, responses=answers({200: InvitationSerializer}, 403, 404, 409)
    )
    def post(self, request: Request, invitation_id: int) -> Response:
        """Send it again with a new link and a new deadline; the old link is dead."""
        invitation = invitation_for(request, invitation_id)
        require_role(member_of(request), Role(invitation.role))
        limits.spend_by(request, limits.INVITATIONS)
        invitations.resend(invitation=invitation, base_url=base_url(request), by=member_of(request))
        return shown(invitation)
