"""Is it up, and how is it doing: for load balancers and collectors, not for people."""

import hmac

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from console.pages import gauges

PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
"""Who sends one of these comes from elsewhere through a proxy on this machine."""


@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers (a failure becomes 503 in the middleware); says whether Redis does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.set("health", "ok", 10)
    return JsonResponse({"database": "ok", "redis": cache.get("health") or "away"})


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text. With METRICS_TOKEN set, a Bearer token is asked for; without, only this machine may read."""
    if not _may_read(request):
        raise Http404
    gauges.refresh()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    is_local = request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
    return is_local and not any(name in request.headers for name in PROXY_HEADERS)
