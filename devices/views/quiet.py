"""Cheap answers to the polls of a session's page while nothing happens.

A full answer carries a seal: for a few seconds this browser may learn that the session has not changed since, without
its login, its membership and the page's text being worked out again. The seal is bound to the browser's login, to what
the page shows and to the rows behind it, so whatever happens to the session leads to the full answer at once. What
those rows do not tell, such as a permission that was taken, is seen when the seal runs out.
"""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from console.kit import server_time
from devices.virtual import orders

HEADER = "Landfall-Quiet"
LASTS_SECONDS = (4.0, 8.0)
"""A seal lasts this long, chosen at random, so that pages opened together do not stay together."""
UNCHANGED = 204
_POLL = re.compile(r"/sessions/([0-9]{1,18})/")
_SEAL = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")
_MARK = """
SELECT md5((to_jsonb(session) - 'watched_at')::text), token.xmin, device.xmin,
  (SELECT max(id) FROM devices_sessionevidence WHERE session_id = session.id),
  (SELECT max(last_at) FROM devices_refusedlogin WHERE token_id = token.id),
  (SELECT extract(epoch FROM max(last_at))::bigint / 2 FROM devices_refusedlogin),
  (SELECT extract(epoch FROM max(last_at))::bigint / 2 FROM devices_failedconnection)
FROM devices_provisioningsession session
LEFT JOIN devices_authtoken token ON token.session_id = session.id
LEFT JOIN devices_device device ON device.id = session.device_id
WHERE session.id = %s
"""
# Of boards that may be anybody's, a new call counts every two seconds: whoever calls all the time makes no page dear.


def mark_of(session_id: int) -> str:
    """A text that changes with the rows behind a session's page; to be taken before they are read for the page."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [session_id])
        row = cursor.fetchone()
    board = orders.board_of(session_id) if orders.is_offered() else None
    return f"{row} {board}"


def seal(
    request: HttpRequest, response: HttpResponse, *, session_id: int, version: str, mark: str, ends_at: datetime
) -> None:
    """Let the next polls of this browser be answered cheaply, until the session's deadline at most."""
    now = server_time.now()
    runs_out = now + timedelta(seconds=random.uniform(*LASTS_SECONDS))  # noqa: S311 - no secret
    until = int((min(runs_out, ends_at) if ends_at > now else runs_out).timestamp())
    response[HEADER] = f"{until}.{_signature(request, session_id, version, until, mark)}"


class QuietPollMiddleware:
    """Answers the polls that carry a good seal; everything else goes on as if it were not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if HEADER in request.headers and _is_unchanged(request):
            return HttpResponse(status=UNCHANGED, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


def _is_unchanged(request: HttpRequest) -> bool:
    poll = _POLL.fullmatch(request.path_info)
    sealed = _SEAL.fullmatch(request.headers[HEADER])
    if poll is None or sealed is None or request.method != "GET":
        return False
    session_id, until = int(poll[1]), int(sealed[1])
    if until <= server_time.now().timestamp():
        return False
    try:
        mark = mark_of(session_id)
    except DatabaseError:
        # The full answer says it in words.
        return False
    expected = _signature(request, session_id, request.GET.get("seen", ""), until, mark)
    return constant_time_compare(sealed[2], expected)


def _signature(request: HttpRequest, session_id: int, version: str, until: int, mark: str) -> str:
    login = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    text = "\n".join((login, str(session_id), version, str(until), mark))
    return salted_hmac("devices.views.quiet", text, algorithm="sha256").hexdigest()
