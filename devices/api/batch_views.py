"""Batches in the API: open sessions for many devices in one request, and follow them."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits, server_time
from console.kit.api_pages import CursorPages
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.kit.client_address import client_address
from console.kit.problems import Conflict, Invalid
from console.kit.repeated import IDEMPOTENCY_KEY, key_parameter, request_id
from console.teams.api_auth import member_of
from devices import access
from devices.actions import batches as actions
from devices.actions import planned
from devices.actions.planned import Plan, Row
from devices.api.batch_serializers import (
    BatchRowSerializer,
    BatchSerializer,
    CancelledBatchSerializer,
    NewBatchSerializer,
    OpenedBatchSerializer,
)
from devices.api.opened import gateway_of
from devices.presenters import batch as presenter
from templates_app.access import template_to_provision

USUAL_SECONDS = 24 * 3600
FIELDS = ("name", "mac", "tags")


class BatchList(ApiView):
    @extend_schema(
        operation_id="provisioning_batches_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(BatchRowSerializer, "BatchPage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """The team's batches, newest first."""
        pages = CursorPages("-id")
        rows = access.batches_of(member_of(request)).select_related("template")
        found = pages.paginate_queryset(rows, request) or []
        progress = presenter.progress_of(found, server_time.now())
        return pages.get_paginated_response(BatchRowSerializer(progress, many=True).data)

    @extend_schema(
        operation_id="provisioning_batches_create",
        parameters=[key_parameter("batch")],
        request=NewBatchSerializer,
        responses=answers({201: OpenedBatchSerializer, 200: OpenedBatchSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Open a session for each device of a list, or for a number of them: all or none.

        A row that is wrong refuses them all, and `errors` names every one.
        """
        member, values = member_of(request), read_body(request, NewBatchSerializer)
        template = template_to_provision(member, values["template_id"])
        limits.spend_by(request, limits.SESSION_OPENINGS)
        key = request_id(request)
        known = key and access.batches_of(member).filter(member=member, request_id=key).exists()
        plan = _plan(values) if known else actions.without_taken(_plan(values), team=member.team)
        _require_good(plan)
        opened = actions.open_batch(
            template=template,
            devices=plan.devices,
            by=member,
            lifetime_seconds=values["lifetime_seconds"] or min(USUAL_SECONDS, actions.lifetime_bounds()[1]),
            note=values["note"],
            request_id=key,
            address=client_address(request),
        )
        if opened.batch.template_id != template.pk:
            raise Conflict(f"This {IDEMPOTENCY_KEY} was used for another template. Send a new one.")
        code = status.HTTP_200_OK if opened.tokens is None else status.HTTP_201_CREATED
        answer = OpenedBatchSerializer(_answer(opened)).data
        return Response(answer, status=code, headers={"Cache-Control": "no-store"})


def _plan(values: dict[str, Any]) -> Plan:
    """The devices that a body asks for. Raises Invalid for none, for both ways at once, or for another shape."""
    count, devices = values["count"], values["devices"]
    if (count is None) == (devices is None):
        raise Invalid("Give either count or devices.", field="devices")
    if devices is None:
        return actions.count_plan(count)
    if not isinstance(devices, list) or not 1 <= len(devices) <= settings.BATCH_DEVICES_LIMIT:
        raise Invalid(f"devices is a list of 1 to {settings.BATCH_DEVICES_LIMIT} objects.", field="devices")
    return planned.plan([_row(number, device) for number, device in enumerate(devices)])


def _row(number: int, device: Any) -> Row:
    """One entry of the list; `line` is its place, from 0. Raises Invalid for another shape than the schema's."""
    where = f"devices.{number}"
    if not isinstance(device, dict) or not set(device) <= set(FIELDS):
        raise Invalid(f"A device is an object with {', '.join(FIELDS)}, each of which may be left out.", field=where)
    name, mac, tags = device.get("name") or "", device.get("mac") or "", device.get("tags") or []
    for field, value in (("name", name), ("mac", mac)):
        if not isinstance(value, str):
            raise Invalid("This is a text.", field=f"{where}.{field}")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid("This is a list of texts.", field=f"{where}.tags")
    return Row(number, name, mac, tuple(tags))


def _require_good(plan: Plan) -> None:
    errors = [
        {"field": f"devices.{problem.line}.{problem.field}", "detail": problem.message} for problem in plan.problems
    ]
    if errors:
        raise Invalid("Some rows of the list cannot be opened. Nothing was opened.", errors=errors)


def _answer(opened: actions.OpenedBatch) -> dict[str, Any]:
    """The values of `OpenedBatchSerializer`."""
    batch = opened.batch
    tokens = dict(opened.tokens) if opened.tokens is not None else None
    return {
        "id": batch.pk,
        "template_id": batch.template.template_id,
        "note": batch.note,
        "devices_count": batch.devices_count,
        "expires_at": batch.expires_at,
        "gateway": gateway_of(),
        "sessions": [
            {
                "id": label.session.pk,
                "row": label.session.batch_row,
                "name": label.session.planned_name,
                "mac": label.session.planned_mac,
                "tags": label.session.planned_tags,
                "token": label.token if tokens is not None else None,
                "hotspot_name": label.hotspot or None,
            }
            for label in presenter.labels_of(opened.sessions, batch.template, tokens)
        ],
    }


class BatchDetail(ApiView):
    @extend_schema(operation_id="provisioning_batches_retrieve", responses=answers({200: BatchSerializer}, 404))
    def get(self, request: Request, batch_id: int) -> Response:
        """A batch with its sessions and the devices that came of them; poll it until `counts.open` is 0."""
        batch, now = access.batch_for(member_of(request), batch_id), server_time.now()
        (progress,) = presenter.progress_of([batch], now)
        sessions = batch.sessions.select_related("device").order_by("batch_row")
        return Response(BatchSerializer(progress, context={"now": now, "sessions": sessions}).data)

    @extend_schema(
        operation_id="provisioning_batches_cancel", responses=answers({200: CancelledBatchSerializer}, 403, 404)
    )
    def delete(self, request: Request, batch_id: int) -> Response:
        """Cancel every session of a batch that is still open; their tokens die with them.

        Devices that have come stay, and so does the batch as history. Asking again cancels nothing more.
        """
        member = member_of(request)
        count = actions.cancel(batch=access.batch_to_change(member, batch_id), by=member)
        return Response(CancelledBatchSerializer({"cancelled": count}).data)
