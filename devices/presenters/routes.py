"""What the pages of the hotspot and USB routes show beside the session's steps."""

from typing import Any

from django.conf import settings

from devices.models import ProvisioningSession
from devices.presenters.handover import gateway_port
from templates_app import boards, hotspot
from templates_app.board_page import hold_words
from templates_app.boards.led import LedState
from templates_app.hotspot import Generation
from templates_app.labels import refusal, wifi_text
from templates_app.led_drawing import led_rows

CONSOLE_BOARDS = frozenset({boards.BoardKey.ESP32, boards.BoardKey.ESP8266, boards.BoardKey.WIO_TERMINAL})
"""Boards whose Edgent sketch has a serial console, from library 1.2 on (protocol: Console.h)."""


def route_context(session: ProvisioningSession) -> dict[str, Any]:
    """The board, its LED in each state, the gateway as the board is told it, and where its setup page is."""
    template = session.template
    board = boards.by_key(template.board)
    edition = next((edition for edition in board.editions if edition.led), None) or next(iter(board.editions), None)
    leds = {row.state: row for row in led_rows(edition.led)} if edition else {}
    return {
        "session": session,
        "template": template,
        "board": board,
        "hold": hold_words(edition) if edition else "",
        "leds": list(leds.values()),
        "waiting_led": leds.get(LedState.WAIT_CONFIG.value.upper()),
        "names": _names(session, board),
        "gateway_host": settings.GATEWAY_PUBLIC_HOST,
        "gateway_port": settings.GATEWAY_PUBLIC_PORT,
        "gateway_tls_port": gateway_port(),
        "board_url": settings.BOARD_SETUP_URL,
        "evidence_limit": settings.EVIDENCE_MAX_BYTES,
        "has_console": board.key in CONSOLE_BOARDS,
    }


def _names(session: ProvisioningSession, board: boards.Board) -> list[dict[str, str]]:
    """The hotspot's name by library, the newest first: exact where the list of a batch says the MAC."""
    mac = session.planned_mac
    # The library Blynk took BlynkEdgent in with its 1.0.
    by_age = sorted(Generation, key=lambda generation: generation is not Generation.EDGENT_0_9)
    newest_first = [generation for generation in reversed(by_age) if generation in board.generations]
    found = []
    for generation in newest_first:
        if mac and board.suffix_source is not None:
            name = hotspot.ssid(session.template.name, generation, hotspot.parse_mac(mac), board.suffix_source)
        else:
            name = hotspot.pattern(session.template.name, generation)
        is_exact = bool(mac) and board.suffix_source is not None
        qr = wifi_text(name.text) if is_exact and not refusal(name) else ""
        found.append({"library": generation.label, "name": name.text, "qr": qr})
    return found
