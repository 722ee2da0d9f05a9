"""The page that answers whoever signs in, or asks for a new password, too often."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CODES = ("too_many_login_attempts", "rate_limited")
"""allauth's names for a limit that a form has met."""

_WINDOWS = {"account_reset_password": "PASSWORD_RESET_WINDOW_SECONDS"}
_MINUTE = 60


def too_often(request: HttpRequest) -> HttpResponse:
    """allauth's answer when an address of its own is asked too often; all its windows but ours are a minute long."""
    place = request.resolver_match.url_name if request.resolver_match else None
    setting = _WINDOWS.get(place or "")
    return answer(request, getattr(settings, setting) if setting else _MINUTE)


def answer(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, and in how many seconds at most it may be tried again."""
    reason = f"This account or address has tried too many times. Wait {_phrase(seconds)}, then try again."
    response = render(request, "429.html", {"reason": reason}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _phrase(seconds: int) -> str:
    if seconds % _MINUTE:
        return f"{seconds} seconds"
    minutes = seconds // _MINUTE
    return "a minute" if minutes == 1 else f"{minutes} minutes"
