"""What the page of an open session offers for handing the token to a device."""

from typing import Any

from django.conf import settings

from console.kit.findings import Finding
from devices.models import ProvisioningSession
from devices.status import Route
from templates_app import boards, hotspot, snippets
from templates_app.firmware import LibraryVersion
from templates_app.gateway import GatewayAddress, gateway_findings

TOKEN_MARK = "YOUR_AUTH_TOKEN"  # noqa: S105 - what stands where the token would
V1_2 = hotspot.Generation.V1_2
BOARD_FORM = "http://192.168.4.1/"


def gateway_port() -> int:
    """The port that Edgent boards are told: the TLS one where a certificate is configured, else the plain one."""
    return int(settings.GATEWAY_PUBLIC_TLS_PORT if settings.GATEWAY_TLS_CERT else settings.GATEWAY_PUBLIC_PORT)


def _unreachable(board: boards.Board) -> Finding | None:
    """What to know where the gateway listens for this machine only: programs here connect, boards cannot."""
    address = GatewayAddress(settings.GATEWAY_PUBLIC_HOST, gateway_port(), is_tls=bool(settings.GATEWAY_TLS_CERT))
    return next((f for f in gateway_findings(address, board) if f.code == "gateway-loopback"), None)


def _static_lines(connection: snippets.Connection, board: boards.Board) -> tuple[tuple[str, str], ...]:
    """(Library, firmware lines with the token) for sketches without Edgent."""
    return tuple(
        (version.label, snippets.token_lines(connection, version, board))
        for version in (LibraryVersion.V1_4, LibraryVersion.V1_1)
    )


def handover_of(session: ProvisioningSession, *, token: str | None) -> dict[str, Any]:
    """Token, gateway address, snippets and hotspot facts of an open session, for the template."""
    template = session.template
    board = boards.by_key(template.board)
    is_static = session.route == Route.STATIC
    connection = snippets.Connection(
        template_id=template.template_id,
        name=template.name,
        token=token or TOKEN_MARK,
        host=settings.GATEWAY_PUBLIC_HOST,
        port=settings.GATEWAY_PUBLIC_PORT,
    )
    return {
        "shown_token": token or TOKEN_MARK,
        "hint": session.token.hint,
        "gateway_host": settings.GATEWAY_PUBLIC_HOST,
        "gateway_port": settings.GATEWAY_PUBLIC_PORT,
        "gateway_tls_port": settings.GATEWAY_PUBLIC_TLS_PORT if settings.GATEWAY_TLS_CERT else None,
        "edgent_port": gateway_port(),
        "unreachable": _unreachable(board),
        "snippets": snippets.snippets(connection, board=board),
        "board": board,
        "board_form": BOARD_FORM,
        "static_lines": _static_lines(connection, board) if is_static else (),
        "hotspot_name": "" if is_static or not board.has_hotspot else hotspot.pattern(template.name, V1_2).text,
    }
