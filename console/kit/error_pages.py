"""The answers to requests that fail, wherever in the request they fail: pages for people, problems for programs.

Django asks these handlers for faults of views and of middleware alike.
"""

import sys
from collections.abc import Callable, Iterator

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader

from console.kit.problems import CONTENT_TYPE, TooOften, body

log = structlog.get_logger(__name__)
RETRY_SECONDS = "5"


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database does not answer; 500 for any other fault, which Django logs."""
    fault = sys.exception()
    if fault is not None and _is_database_away(fault):
        return _unavailable(request)
    return _answer(request, 500, "Server error", "Something broke on our side. The fault is recorded.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for a body beyond the limit, 503 where only the session could not be kept, 400 for any other."""
    if _is_database_away(exception):
        return _unavailable(request)
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 413, "Too large", "The body is larger than this server takes.")
    return _answer(request, 400, "Bad request", "The server cannot make sense of this request.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Which permission is missing, who can give it, and where it can be asked for, the form that asks."""
    return render(request, "403.html", {"exception": exception}, status=403)


class TooOftenMiddleware:
    """Answers a page's TooOften, which Django would take for a fault of ours, with 429 and when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooOften):
            return None
        response = render(request, "429.html", {"reason": exception.message}, status=exception.status)
        response["Retry-After"] = str(exception.retry_after)
        return response


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """`fault`, and what it came of."""
    link: BaseException | None = fault
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _is_database_away(fault: BaseException) -> bool:
    return any(isinstance(cause, (OperationalError, InterfaceError)) for cause in _causes(fault))


def _unavailable(request: HttpRequest) -> HttpResponse:
    log.error("database.unavailable", path=request.path)
    response = _answer(request, 503, "Unavailable", "The database does not answer. Try again in a moment.")
    response["Retry-After"] = RETRY_SECONDS
    return response


def _answer(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = body(status, title, detail, title.lower().replace(" ", "_"))
        return JsonResponse(problem, status=status, content_type=CONTENT_TYPE)
    return HttpResponse(loader.render_to_string(f"{status}.html"), status=status)
