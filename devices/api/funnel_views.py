"""The funnel in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_parsing import read_query
from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from devices.actions.funnel import facts_of
from devices.funnel import Dimension, Reached, Tally, tallies

DIMENSIONS = [(dimension.value, dimension.label) for dimension in Dimension]
DAYS_MAX = 366


class FunnelQuerySerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=DAYS_MAX, default=30, help_text="Today is the last of them.")
    by = serializers.ChoiceField(choices=DIMENSIONS, default=Dimension.TEMPLATE.value)


class TallySerializer(serializers.Serializer[Any]):
    """Sessions that came at least as far as each step; the median time to activation is right within 4%."""

    opened = serializers.IntegerField()
    seen = serializers.IntegerField()
    network = serializers.IntegerField()
    cloud = serializers.IntegerField()
    activated = serializers.IntegerField()
    named = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True)
    causes = serializers.DictField(
        child=serializers.IntegerField(), help_text="Codes of findings, and how many sessions each ended."
    )


class PartSerializer(TallySerializer):
    """The same for one value of the dimension; empty where the board never told it."""

    key = serializers.CharField(allow_blank=True)


class FunnelSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    by = serializers.ChoiceField(choices=DIMENSIONS)
    total = TallySerializer()
    parts = PartSerializer(many=True)


class Funnel(ApiView):
    @extend_schema(
        operation_id="provisioning_funnel",
        parameters=[FunnelQuerySerializer],
        responses=answers({200: FunnelSerializer}, 400),
    )
    def get(self, request: Request) -> Response:
        """How far the sessions of the last days came, in all and by one dimension."""
        asked = read_query(request, FunnelQuerySerializer)
        by = Dimension(asked["by"])
        total, parts = tallies(facts_of(member_of(request).team, by=by, days=asked["days"]))
        found = [{"key": key, **_as_json(tally)} for key, tally in sorted(parts.items())]
        body = {"days": asked["days"], "by": by.value, "total": _as_json(total), "parts": found}
        return Response(FunnelSerializer(body).data)


def _as_json(tally: Tally) -> dict[str, Any]:
    counts = {step.name.lower(): tally.count(step) for step in Reached}
    return counts | {"median_seconds": tally.median_seconds, "causes": dict(sorted(tally.causes.items()))}
