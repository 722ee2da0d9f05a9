"""Where mail goes, from one URL: the log of the web process, or an SMTP server."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT_SECONDS = 10


def mailer(url: str) -> dict[str, Any]:
    """Django's MAILERS entry for `url`: `console:` prints, `smtp://`, `smtp+tls://` (STARTTLS) and `smtps://` send.

    Raises ImproperlyConfigured for any other scheme; the message never repeats the URL, which may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtp+tls", "smtps"):
        raise ImproperlyConfigured("EMAIL_URL starts with console:, smtp://, smtp+tls:// or smtps://.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": TIMEOUT_SECONDS,
        },
    }
