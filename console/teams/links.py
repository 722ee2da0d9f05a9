"""Links in mails: to a page of one team, for people who may be looking at another of theirs."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def link_to(path: str, *, team_id: int) -> str:
    """An absolute link to `path` that asks first where the reader's browser shows another team."""
    return f"{settings.CONSOLE_URL}{reverse('teams:switch')}?{urlencode({'team': team_id, 'next': path}, safe='/')}"


def next_of(request: HttpRequest) -> str:
    """The page of ours that a request is to lead to; empty for none and for anything that is not ours."""
    place = request.POST.get("next") or request.GET.get("next", "")
    is_ours = place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return place if is_ours and place.isprintable() else ""
