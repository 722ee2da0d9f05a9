"""What every view of the API shares."""

from typing import Any, Never

from django.core.exceptions import RequestDataTooBig
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.kit import limits
from console.kit.api_parsing import BodyTooLarge, StrictJSONParser
from console.kit.client_address import client_address


class ApiView(APIView):
    """An endpoint: JSON in, JSON out; OPTIONS is no method here."""

    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    http_method_names = ["get", "post", "patch", "delete", "head"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the call for its address first: who guesses keys is refused without a look at them."""
        limits.spend(limits.API_CALLS, address=client_address(request))
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(BodyTooLarge() if isinstance(exc, RequestDataTooBig) else exc)


@extend_schema(exclude=True)
class NothingHere(ApiView):
    """Any address of the API that is none, whatever the method and with or without a key."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> Never:
        raise NotFound("There is nothing at this address. Addresses of the API end with a slash.")
