"""Where what is being done comes from: the address and the API key of a request, as the audit log tells them."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from console.kit.client_address import client_address


@dataclass(frozen=True, slots=True)
class Origin:
    """`address` is empty for what comes from no request, `key` (the beginning of an API key) for what a person does."""

    address: str = ""
    key: str = ""


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def origin() -> Origin:
    """The origin of what this thread is doing."""
    return _origin.get()


def comes_with_key(hint: str) -> None:
    """The request now being answered carries the API key that begins with `hint`."""
    _origin.set(replace(_origin.get(), key=hint))


class OriginMiddleware:
    """Sets the origin for the time of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _origin.set(Origin(address=client_address(request)))
        try:
            return self.get_response(request)
        finally:
            _origin.reset(before)
