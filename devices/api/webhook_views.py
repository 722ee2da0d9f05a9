"""Webhooks in the API: make, change, try and delete them, and read what was sent."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams import access as team_access
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import webhooks as actions
from devices.api.webhook_serializers import (
    DeliverySerializer,
    MadeWebhookSerializer,
    NewWebhookSerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
)


class WebhookList(ApiView):
    @extend_schema(
        operation_id="webhooks_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(WebhookSerializer, "WebhookPage")}, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """The team's webhooks, newest first."""
        member = member_of(request)
        team_access.require(member, Permission.MANAGE_WEBHOOKS)
        return page(request, access.webhooks_of(member), WebhookSerializer, "-id")

    @extend_schema(
        operation_id="webhooks_create",
        request=NewWebhookSerializer,
        responses=answers({201: MadeWebhookSerializer}, 400, 403, 413, 415, 429),
    )
    def post(self, request: Request) -> Response:
        """Make a webhook. Its secret is in this answer only."""
        member, values = member_of(request), read_body(request, NewWebhookSerializer)
        team_access.require(member, Permission.MANAGE_WEBHOOKS)
        made = actions.create(**values, by=member)
        made.webhook.refresh_from_db()
        answer = MadeWebhookSerializer(made.webhook, context={"secret": made.secret}).data
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class WebhookDetail(ApiView):
    @extend_schema(operation_id="webhooks_retrieve", responses=answers({200: WebhookSerializer}, 403, 404))
    def get(self, request: Request, webhook_id: int) -> Response:
        """One webhook."""
        return Response(WebhookSerializer(access.webhook_for(member_of(request), webhook_id)).data)

    @extend_schema(
        operation_id="webhooks_update",
        request=WebhookChangeSerializer,
        responses=answers({200: WebhookSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def patch(self, request: Request, webhook_id: int) -> Response:
        """Change a webhook, or switch it on or off."""
        member = member_of(request)
        webhook = access.webhook_for(member, webhook_id)
        actions.change(webhook=webhook, by=member, **read_body(request, WebhookChangeSerializer))
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(operation_id="webhooks_destroy", responses=answers({204: None}, 403, 404))
    def delete(self, request: Request, webhook_id: int) -> Response:
        """Delete a webhook with its log."""
        member = member_of(request)
        actions.delete(webhook=access.webhook_for(member, webhook_id), by=member)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookTest(ApiView):
    @extend_schema(
        operation_id="webhooks_test", request=None, responses=answers({202: DeliverySerializer}, 403, 404, 409)
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Send the event `webhook.test`; its delivery tells what came of it."""
        member = member_of(request)
        delivery = actions.send_test(webhook=access.webhook_for(member, webhook_id), by=member)
        delivery.refresh_from_db()
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)


class DeliveryList(ApiView):
    @extend_schema(
        operation_id="webhook_deliveries_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(DeliverySerializer, "DeliveryPage")}, 400, 403, 404),
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """What was sent to a webhook, newest first."""
        webhook = access.webhook_for(member_of(request), webhook_id)
        return page(request, webhook.deliveries.all(), DeliverySerializer, "-id")


class DeliveryResend(ApiView):
    @extend_schema(
        operation_id="webhook_deliveries_resend",
        request=None,
        responses=answers({202: DeliverySerializer}, 403, 404, 409),
    )
    def post(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """Send what one delivery sent once more, as a delivery of its own."""
        member = member_of(request)
        again = actions.resend(delivery=access.delivery_for(member, webhook_id, delivery_id), by=member)
        again.refresh_from_db()
        return Response(DeliverySerializer(again).data, status=status.HTTP_202_ACCEPTED)
