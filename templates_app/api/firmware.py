"""A template's firmware lines, programs and hotspot names as data."""

from collections.abc import Iterable, Iterator
from typing import Any

from templates_app import boards, snippets
from templates_app.boards import Board
from templates_app.exact_names import ExactName, exact_names
from templates_app.firmware import LibraryVersion, Place, block, firmware_lines, header, of_place
from templates_app.gateway import GatewayAddress, version_findings
from templates_app.hotspot import parse_mac
from templates_app.kinds import CLASSIC_VERSIONS, Kind, edgent_versions
from templates_app.lookalikes import Other
from templates_app.models import Template
from templates_app.presenters import firmware_findings, gateway_address, name_check, plain_address

_KINDS = {"python": Kind.PYTHON, "javascript": Kind.JAVASCRIPT}


def firmware_of(template: Template, others: Iterable[Other]) -> dict[str, Any]:
    """The values of `FirmwareSerializer` for `template`; `others` are the team's other names."""
    gateway, board = gateway_address(), boards.by_key(template.board)
    check = name_check(template.name, board, others)
    fitting = edgent_versions(board) if board.has_hotspot and board.includes else ()
    return {
        "template_id": template.template_id,
        "name": template.name,
        "gateway": gateway,
        "libraries": [_library(template, version, gateway, version in fitting) for version in LibraryVersion],
        "programs": list(_programs(template, board)),
        "hotspot_names": check.hotspots,
        "findings": (*check.findings, *firmware_findings(board, gateway)),
    }


def _library(template: Template, version: LibraryVersion, gateway: GatewayAddress, fits: bool) -> dict[str, Any]:
    lines = firmware_lines(template.template_id, template.name, version, gateway.host, gateway.port)
    return {
        "version": version,
        "label": version.label,
        "is_for_board": fits,
        "lines": lines,
        "block": block(of_place(lines, Place.SKETCH)),
        "settings_block": block(of_place(lines, Place.SETTINGS)),
        "header": header(lines, version),
        "findings": version_findings(gateway, version),
    }


def _programs(template: Template, board: Board) -> Iterator[dict[str, Any]]:
    plain = plain_address()
    connection = snippets.Connection(template.template_id, template.name, snippets.TOKEN_MARK, plain.host, plain.port)
    for version in CLASSIC_VERSIONS:
        sketch, *_ = snippets.snippets(connection, version, board)
        yield _program(sketch, Kind.STATIC_TOKEN, version)
    for snippet in snippets.snippets(connection):
        if snippet.language in _KINDS:
            yield _program(snippet, _KINDS[snippet.language], None)


def _program(snippet: snippets.Snippet, kind: Kind, version: LibraryVersion | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "version": version,
        "title": snippet.title,
        "filename": snippet.filename,
        "install": snippet.install,
        "code": snippet.code,
    }


def hotspot_names_of(template: Template, mac_text: str, others: Iterable[Other]) -> dict[str, Any]:
    """The values of `HotspotNamesSerializer`. Raises ValueError for what is no MAC address."""
    board = boards.by_key(template.board)
    check = name_check(template.name, board, others)
    mac = parse_mac(mac_text) if mac_text else None
    names = exact_names(template.name, board, mac) if mac else [ExactName(h.generation, h) for h in check.hotspots]
    return {
        "template_id": template.template_id,
        "mac": mac.hex(":").upper() if mac else None,
        "names": names,
        "findings": check.findings,
    }
