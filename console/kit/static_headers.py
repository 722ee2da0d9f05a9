"""Headers of static files beyond those that whitenoise sets."""

from wsgiref.headers import Headers

WORKERS = {"hotspot-worker": "/sessions/"}
"""The service workers among the static files, by the beginning of the file's name, and what each may answer for."""


def add(headers: Headers, _path: str, url: str) -> None:
    """Let a service worker answer for more than the folder that it lies in."""
    name = url.rpartition("/")[2].partition(".")[0]
    if scope := WORKERS.get(name):
        headers["Service-Worker-Allowed"] = scope
