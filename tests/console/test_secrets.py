"""Where secrets must not be found: in logs, addresses, cookies, caches and tables."""

import logging
import re
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from console.kit import gateway_bus
from console.kit.logs import logging_settings, mask_secrets
from console.kit.tokens import API_KEY_PREFIX, TOKEN_PREFIX, new_secret
from devices.models import Device
from templates_app.models import Template
from tests.cast import PASSWORD, Cast
from tests.console.api.caller import caller

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Everything that is logged, as the formatter of LOGGING writes it, down to DEBUG."""
    written = StringIO()
    formatter = logging_settings(level="DEBUG", style="json")["formatters"]["line"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers, handler])
    for name in ("", "django", "django_structlog", "django.request", "django.security"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    return written


def token_in(page: str) -> str:
    found = re.search(rf"{TOKEN_PREFIX}[0-9A-Za-z]{{28}}", page)
    assert found
    return found[0]


def rows_of_every_table() -> str:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names from the catalogue
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_secrets_stay_out_of_logs_tables_and_addresses(cast: Cast, template: Template, log: StringIO) -> None:
    browser = Client()
    signed = browser.post("/accounts/login/", {"login": cast.alice.user.email, "password": PASSWORD})
    opened = browser.post("/sessions/new/", {"template": template.template_id})
    token = token_in(opened.text)
    alice = caller(cast.alice)
    assert alice.secret is not None
    body = alice.post("provisioning-sessions/", {"template_id": template.template_id}).data
    browser.get(f"/nothing/{token}/?token={token}&key={alice.secret}")
    alice.get(f"devices/?q={body['token']}&page_size=0")
    alice.post("provisioning-sessions/", {"template_id": template.template_id, "token": body["token"]})
    everywhere = {
        "log": log.getvalue(),
        "tables": rows_of_every_table(),
        "address": signed["Location"],
        "cookies": browser.cookies.output(),
        "sessions": str([session.get_decoded() for session in Session.objects.all()]),
    }
    assert "/nothing/" in everywhere["log"]
    for secret in (token, alice.secret, body["token"], PASSWORD):
        assert [place for place, text in everywhere.items() if secret in text] == []


def test_page_with_the_token_is_kept_by_nobody(cast: Cast, template: Template) -> None:
    browser = Client()
    browser.force_login(cast.alice.user)
    opened = browser.post("/sessions/new/", {"template": template.template_id})
    assert "no-store" in opened["Cache-Control"]
    assert (
        "no-store"
        in caller(cast.alice)
        .post("provisioning-sessions/", {"template_id": template.template_id})
        .headers["Cache-Control"]
    )


def test_redis_holds_no_secret_after_the_work_of_a_day(cast: Cast, template: Template, device: Device) -> None:
    alice = caller(cast.alice)
    body = alice.post("provisioning-sessions/", {"template_id": template.template_id}).data
    alice.get("devices/")
    cache.set("health", "ok")
    redis = gateway_bus.client()
    held: list[Any] = [redis.dump(key) for key in redis.keys("*")]
    secrets = (str(alice.secret), body["token"])
    assert not any(secret.encode() in (value or b"") for value in held for secret in secrets)


@pytest.mark.parametrize("prefix", [TOKEN_PREFIX, API_KEY_PREFIX])
def test_secret_that_somebody_logs_is_masked(prefix: str) -> None:
    secret = new_secret(prefix)
    masked = mask_secrets(None, "info", {"event": f"got {secret}", "exception": f"x={secret!r}", "count": 1})
    assert masked == {"event": f"got {prefix}…", "exception": f"x='{prefix}…'", "count": 1}
    assert mask_secrets in django_settings.LOGGING["formatters"]["line"]["processors"]
