"""Sketches with a fixed token: `Blynk.begin` has to name this gateway, else it goes to the library's own server."""

import re
from collections.abc import Iterator

from console.kit.findings import Severity
from templates_app.firmware import c_string
from templates_app.sketch.facts import Facts, Flavour
from templates_app.sketch.lexing import after_quote
from templates_app.sketch.literals import read
from templates_app.sketch.lookalikes import shown
from templates_app.sketch.values import SketchFinding, found

_CALL = re.compile(r"\bBlynk\s*+\.\s*+(begin|config)\s*+\(")
_SIGN = re.compile(r"[\"'(),]")
_REACH = 2000
_BEFORE_SERVER = {"begin": 3, "config": 1}
"""Arguments before the server: token, network and password, or the token alone."""


def rules(facts: Facts) -> Iterator[SketchFinding]:
    """The server of the first call that is compiled."""
    if facts.flavour is not Flavour.STATIC:
        return
    for call in _CALL.finditer(facts.scan.text):
        if facts.scan.is_code(call.start()):
            yield from _of_call(facts, call)
            return


def _of_call(facts: Facts, call: re.Match[str]) -> Iterator[SketchFinding]:
    arguments = _arguments(facts.scan.text, call.end())
    if arguments is None:
        return
    before, line = _BEFORE_SERVER[call[1]], facts.scan.line_of(call.start())
    server = arguments[before : before + 2]
    host, port = facts.context.host, facts.context.plain_port
    is_readable = len(server) == 2 and (read(server[0]).text is None or not server[1].isdigit())
    if is_readable or server == [c_string(host), str(port)]:
        return
    yield found(
        "server-other" if server else "server-missing",
        Severity.ERROR,
        f"Blynk.{call[1]} names {'another server' if server else 'no server and would call blynk.cloud'}.",
        f"{facts.quote(line)}\nThis gateway: {shown(host)}, {port}",
        "Name this gateway and its port in the call; put your own names of network and password in.",
        line=line,
        corrected=_corrected(facts, call[1]),
    )


def _corrected(facts: Facts, function: str) -> str:
    server = f"{c_string(facts.context.host)}, {facts.context.plain_port}"
    known = "BLYNK_AUTH_TOKEN, ssid, pass" if function == "begin" else "BLYNK_AUTH_TOKEN"
    return f"Blynk.{function}({known}, {server});"


def _arguments(text: str, start: int) -> list[str] | None:
    """The arguments of a call that opens before `start`; None where its end is not near."""
    arguments: list[str] = []
    since, position, depth = start, start, 0
    while (sign := _SIGN.search(text, position)) and sign.start() < start + _REACH:
        position = sign.end()
        match sign[0]:
            case '"' | "'":
                position = after_quote(text, sign.start())
            case "(":
                depth += 1
            case ")" if depth:
                depth -= 1
            case ")":
                return [*arguments, text[since : sign.start()].strip()]
            case "," if not depth:
                arguments.append(text[since : sign.start()].strip())
                since = position
    return None
