"""The answer to a session just opened: all that a program needs to hand the token to a board."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from devices.actions.sessions import Opened
from devices.presenters.handover import gateway_port
from devices.status import SessionState
from templates_app import boards, hotspot
from templates_app.models import Template

BOARD_CONFIG = "http://192.168.4.1/config"


def answer_of(opened: Opened, template: Template, state: SessionState) -> dict[str, Any]:
    """The values of `OpenedSessionSerializer`."""
    board = boards.by_key(template.board)
    name = hotspot.pattern(template.name, hotspot.Generation.V1_2).text if board.has_hotspot else None
    return {
        "id": opened.session.pk,
        "state": state,
        "token": opened.token,
        "expires_at": opened.session.expires_at,
        "gateway": gateway_of(),
        "hotspot_name_pattern": name,
        "config_url": config_url(opened.token) if opened.token and board.has_hotspot else None,
    }


def gateway_of() -> dict[str, Any]:
    """The values of `GatewaySerializer`."""
    return {
        "host": settings.GATEWAY_PUBLIC_HOST,
        "port": settings.GATEWAY_PUBLIC_PORT,
        "tls": {"port": settings.GATEWAY_PUBLIC_TLS_PORT} if settings.GATEWAY_TLS_CERT else None,
    }


def config_url(token: str) -> str:
    """The address that configures a board from within its hotspot, `ssid` and `pass` left to fill in.

    Edgent sketches read `port_ssl` only, the Linux example wants both, and BlynkEdgent 0.9 wants `if` (Blynk library
    1.4.0 and BlynkEdgent 0.9.0 source). Without a certificate `port_ssl` is the plain port, for plain-TCP sketches.
    """
    query = {
        "if": "wifi",
        "ssid": "",
        "pass": "",
        "blynk": token,
        "host": settings.GATEWAY_PUBLIC_HOST,
        "port": settings.GATEWAY_PUBLIC_PORT,
        "port_ssl": gateway_port(),
    }
    return f"{BOARD_CONFIG}?{urlencode(query)}"
