"""The only way a view or an API endpoint comes by a device, a provisioning session, a grant or a request for one."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from console.teams import access
from console.teams.models import Grant, GrantRequest, Invitation, Member
from console.teams.models.grant import GrantQuerySet
from console.teams.models.grant_request import GrantRequestQuerySet
from console.teams.models.member import MemberQuerySet
from console.teams.permissions import Permission
from devices.models import Batch, Delivery, Device, ProvisioningSession, RefusedLogin, Webhook
from devices.models.device import DeviceQuerySet
from devices.models.session import SessionQuerySet
from templates_app.access import template_for
from templates_app.models import Template

ALL = "all"
"""What an address has in place of a template's id where it means all of them."""


def devices_of(member: Member) -> DeviceQuerySet:
    """The devices that `member` can see: those of the team."""
    return Device.objects.filter(team=member.team)


def device_for(member: Member, device_id: int, permission: Permission = Permission.VIEW) -> Device:
    """One device, with the evidence of drift.

    Raises Http404 for a stranger, Forbidden for a teammate without `permission`.
    """
    devices = devices_of(member).with_evidence().select_related("template", "presence", "team", "activation")
    device: Device = get_object_or_404(devices, pk=device_id)
    access.require(member, Permission.VIEW)
    access.require(member, permission)
    return device


def device_to_provision(member: Member, device_id: int) -> Device:
    """One device to give a new token, which takes the permission to provision its template.

    Raises Http404 for a stranger, Forbidden for a teammate without it.
    """
    device = device_for(member, device_id)
    if not access.may_provision(member, device.template.template_id):
        raise access.refusal(Permission.PROVISION, member, template_id=device.template.template_id)
    return device


def refused_logins_of(member: Member) -> QuerySet[RefusedLogin]:
    """The refused logins that `member` can see: those with a token of the team."""
    return RefusedLogin.objects.filter(team_id=member.team_id)


def sessions_of(member: Member) -> SessionQuerySet:
    """The provisioning sessions that `member` can see: those of the team."""
    return ProvisioningSession.objects.filter(team=member.team)


def session_for(member: Member, session_id: int) -> ProvisioningSession:
    """One session to look at. Raises Http404 for a stranger, Forbidden for a key that may not look."""
    session = _session(member, session_id)
    access.require(member, Permission.VIEW)
    return session


def _session(member: Member, session_id: int) -> ProvisioningSession:
    sessions = sessions_of(member).select_related("template", "device", "token", "batch")
    session: ProvisioningSession = get_object_or_404(sessions, pk=session_id)
    return session


def may_change(member: Member, session: ProvisioningSession) -> bool:
    """Whether `member` may cancel or name the session: its opener, or anyone who may delete devices.

    An API key of the opener needs the permission to provision, too: one that only looks cancels nothing.
    """
    is_opener = session.member_id == member.pk and member.lets(Permission.PROVISION)
    return is_opener or member.may(Permission.DELETE_DEVICES)


def may_tell(member: Member, session: ProvisioningSession) -> bool:
    """Whether `member` may tell what the board does: whoever may change the session, or may provision devices."""
    return may_change(member, session) or member.may(Permission.EDIT_DEVICES)


def session_to_tell_of(member: Member, session_id: int) -> ProvisioningSession:
    """One session to add evidence to. Raises Http404 for a stranger, Forbidden for a teammate who may only look."""
    session = session_for(member, session_id)
    if not may_tell(member, session):
        raise access.refusal(Permission.EDIT_DEVICES, member)
    return session


def session_to_change(member: Member, session_id: int, permission: Permission | None = None) -> ProvisioningSession:
    """One session to cancel, or with EDIT_DEVICES to name. Raises Http404 for a stranger, Forbidden for a teammate.

    Whoever opened it may always cancel it, but what they may do to a device follows from their role as it is now.
    """
    session = _session(member, session_id)
    if not may_change(member, session):
        raise access.refusal(Permission.DELETE_DEVICES, member)
    if permission is not None:
        access.require(member, permission)
    return session


def batches_of(member: Member) -> QuerySet[Batch]:
    """The batches that `member` can see: those of the team."""
    return Batch.objects.filter(team=member.team)


def batch_for(member: Member, batch_id: int) -> Batch:
    """One batch to look at. Raises Http404 for a stranger, Forbidden for a key that may not look."""
    batch = _batch(member, batch_id)
    access.require(member, Permission.VIEW)
    return batch


def _batch(member: Member, batch_id: int) -> Batch:
    batch: Batch = get_object_or_404(batches_of(member).select_related("template", "team"), pk=batch_id)
    return batch


def may_change_batch(member: Member, batch: Batch) -> bool:
    """Whether `member` may cancel what is open of the batch: as `may_change` for one session."""
    is_opener = batch.member_id == member.pk and member.lets(Permission.PROVISION)
    return is_opener or member.may(Permission.DELETE_DEVICES)


def batch_to_change(member: Member, batch_id: int) -> Batch:
    """One batch to cancel. Raises Http404 for a stranger, Forbidden for a teammate who may not."""
    batch = _batch(member, batch_id)
    if not may_change_batch(member, batch):
        raise access.refusal(Permission.DELETE_DEVICES, member)
    return batch


def webhooks_of(member: Member) -> QuerySet[Webhook]:
    """The webhooks of the member's team."""
    return Webhook.objects.filter(team=member.team)


def webhook_for(member: Member, webhook_id: int) -> Webhook:
    """One webhook to look after. Raises Http404 for a stranger, Forbidden for a teammate without the permission."""
    webhook: Webhook = get_object_or_404(webhooks_of(member).select_related("team"), pk=webhook_id)
    access.require(member, Permission.MANAGE_WEBHOOKS)
    return webhook


def delivery_for(member: Member, webhook_id: int, delivery_id: int) -> Delivery:
    """One delivery of one webhook. Raises Http404 or Forbidden."""
    webhook = webhook_for(member, webhook_id)
    delivery: Delivery = get_object_or_404(webhook.deliveries.select_related("webhook__team"), pk=delivery_id)
    return delivery


def invitations_of(member: Member) -> QuerySet[Invitation]:
    """The invitations of the member's team, loaded with who sent them."""
    return Invitation.objects.filter(team=member.team).select_related("team", "inviter__user")


def members_of(member: Member) -> MemberQuerySet:
    """Everybody in the team."""
    return Member.objects.filter(team=member.team)


def member_to_permit(by: Member, member_id: int) -> Member:
    """A teammate to give grants to or take them from. Raises Http404 for a stranger, Forbidden for a teammate."""
    member: Member = get_object_or_404(members_of(by).select_related("user", "team"), pk=member_id)
    access.require(by, Permission.MANAGE_MEMBERS)
    return member


def template_or_all(member: Member, template_id: str) -> Template | None:
    """The template that an address or a body names; None for `all` and for nothing. Raises Http404 for a stranger's."""
    return None if template_id in (ALL, "") else template_for(member, template_id)


def grants_of(member: Member) -> GrantQuerySet:
    """The grants that `member` can see: those of the team."""
    return Grant.objects.filter(member__team=member.team)


def requests_of(member: Member) -> GrantRequestQuerySet:
    """The requests for grants that `member` can see: the team's for who may answer them, their own for everybody."""
    found = GrantRequest.objects.filter(member__team=member.team)
    return found if member.may(Permission.MANAGE_MEMBERS) else found.filter(member=member)


def request_to_answer(by: Member, request_id: int) -> GrantRequest:
    """One request to grant or decline. Raises Http404 for a stranger, Forbidden for a teammate."""
    requests = GrantRequest.objects.filter(member__team=by.team).select_related("member__user", "member__team")
    request: GrantRequest = get_object_or_404(requests, pk=request_id)
    access.require(by, Permission.MANAGE_MEMBERS)
    return request
