"""Bodies of API requests: JSON, and of exactly the fields that are asked for."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request


class BodyTooLarge(APIException):
    """The body is larger than `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = "The body is larger than this server takes."


class StrictJSONParser(JSONParser):
    """JSON. Raises ParseError for anything else, nesting without end included."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not have, by their names: a typing error must not pass for a default."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError(
                    {name: [f"There is no such field here. Known fields: {known}."] for name in unknown}
                )
        return super().to_internal_value(data)


def read_body(request: Request, shape: type[StrictSerializer]) -> dict[str, Any]:
    """The request's body as `shape` describes it. Raises ValidationError, which names each field."""
    return _read(shape(data=request.data))


def read_query(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The query's known parameters as `shape` describes them. Raises ValidationError, which names each."""
    return _read(shape(data=request.query_params.dict()))


def _read(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
