"""What a board prints on its serial port, and which of it means trouble (Blynk library 1.0.0 to 1.4.0 source)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from console.kit.findings import Severity
from templates_app.sketch.identity import id_finding, is_hotspot_of, name_finding, template_ids_in
from templates_app.sketch.last_error import error_finding
from templates_app.sketch.lookalikes import shown
from templates_app.sketch.masking import DOTS, masked
from templates_app.sketch.messages import MESSAGES
from templates_app.sketch.values import Context, SketchFinding, found

_LINE = re.compile(
    r"""
      (?P<ap>AP\ IP:[ \t]*+0\.0\.0\.0)
    | (?P<secrets>WiFi\ SSID:[^\n]{0,200}?\ Pass:|Blynk\ cloud:[ \t]*+[-\w]{28,}+)
    | (?P<connecting>Connecting\ to\ (?P<host>[^\s:/]++):(?P<port>\d{1,5})\b)
    | (?P<product>^(?:\[\d++\])?[ ]*+Product:[ ]++(?P<name>[^\n]++))
    | (?P<device>^(?:\[\d++\])?[ ]*+Device:[ ]++(?P<ssid>[^\n@]++)$)
    | (?P<error>Last\ error\ code:[ \t]*+(?P<code>\d{1,5}))
    | (?P<ssl>SSL\ error:[ \t]*+(?P<ssl_code>-?\d{1,6}))
    | (?P<refused>Connect\ failed\.\ code:[ \t]*+(?P<status>\d{1,5}))
    | (?P<redirect>Redirecting\ to\ [^\n]{0,100})
    | (?P<big>Packet\ too\ big:[ \t]*+\d++)
    | (?P<message>"""
    + "|".join(re.escape(phrase) for phrase in MESSAGES)
    + ")",
    re.VERBOSE | re.MULTILINE,
)
_LINE_REACH = 1000
_NAME_MISMATCH = "56"


@dataclass(slots=True)
class _Seen:
    """The first place of each finding, and how often it came."""

    first: dict[str, SketchFinding] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """One match in the log."""

    match: re.Match[str]
    line: int
    quoted: str
    context: Context


def check(text: str, context: Context) -> Iterator[SketchFinding]:
    """The findings for a log; what repeats is told once, with its first line and how often it came."""
    seen, line, counted = _Seen(), 1, 0
    for match in _LINE.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        key = _key(match)
        seen.counts[key] = seen.counts.get(key, 0) + 1
        if key in seen.first or len(seen.first) >= 100:
            continue
        place = _Place(match, line, _quoted(text, match, line), context)
        if wrong := _RULES[match.lastgroup or "message"](place):
            seen.first[key] = wrong
    for key, wrong in seen.first.items():
        yield _with_count(wrong, seen.counts[key])
    yield from _foreign_ids(text, context)


def _key(match: re.Match[str]) -> str:
    """What makes two lines the same trouble: their kind, and the address, number or phrase in them."""
    group = match.lastgroup or ""
    return group if group in ("secrets", "ap") else f"{group}:{match[0].strip().lower()[:120]}"


def _quoted(text: str, match: re.Match[str], line: int) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    # From the beginning of the line, always: what is masked hangs on the words before it.
    whole = text[start : min(len(text) if end == -1 else end, start + _LINE_REACH)]
    return f"Line {line}: {masked(whole)}"


def _with_count(wrong: SketchFinding, count: int) -> SketchFinding:
    if count == 1:
        return wrong
    finding = wrong.finding
    evidence = f"{finding.evidence}\nIt comes {count:,} times."
    return found(
        finding.code,
        finding.severity,
        finding.title,
        evidence,
        finding.next_step,
        line=wrong.line,
        corrected=wrong.corrected,
    )


def _access_point(place: _Place) -> SketchFinding:
    return found(
        "hotspot-failed",
        Severity.ERROR,
        "The board could not open its hotspot.",
        place.quoted,
        "Shorten the template's name to 20 characters, and use the latest stable Arduino core. If it stays, try "
        "another module.",
        line=place.line,
    )


def _secrets(place: _Place) -> SketchFinding:
    return found(
        "log-shows-secrets",
        Severity.WARNING,
        "This log shows a WiFi password or an auth token in clear.",
        f"Line {place.line}: {_head(place.match[0])} {DOTS}",
        "Hide such lines before you share the log. Without APP_DEBUG the board does not print them.",
        line=place.line,
        corrected="// #define APP_DEBUG",
    )


def _head(text: str) -> str:
    return "WiFi SSID: … Pass:" if text.startswith("WiFi") else "Blynk cloud:"


def _connecting(place: _Place) -> SketchFinding | None:
    context = place.context
    host, port = place.match["host"], int(place.match["port"])
    if host == context.host and port in (context.port, context.plain_port):
        return None
    is_other_host = host != context.host
    return found(
        "server-other" if is_other_host else "server-other-port",
        Severity.ERROR,
        f"The board calls another {'server' if is_other_host else 'port'}.",
        f"{place.quoted}\nThis gateway: {shown(context.host)}, port {context.port}",
        "Set the board up again with this gateway's name and port, and put the server lines into the sketch.",
        line=place.line,
    )


def _product(place: _Place) -> SketchFinding | None:
    return name_finding(place.match["name"].rstrip("\r"), place.context, place.quoted, place.line, "")


def _device(place: _Place) -> SketchFinding | None:
    ssid = place.match["ssid"].strip()
    if is_hotspot_of(ssid, place.context.name):
        return None
    return found(
        "hotspot-of-other-name",
        Severity.WARNING,
        "The board's name does not come from this template's name.",
        f"{place.quoted}\nThis template: {shown(place.context.name)}",
        "The board was flashed under another name: copy the firmware lines and flash again.",
        line=place.line,
    )


def _error(place: _Place) -> SketchFinding | None:
    return error_finding(int(place.match["code"]), place.quoted, place.line)


def _ssl(place: _Place) -> SketchFinding:
    is_name = place.match["ssl_code"] == _NAME_MISMATCH
    return found(
        "tls-refused",
        Severity.ERROR,
        "The certificate is for another name than the one the board calls."
        if is_name
        else "The board and the server did not agree on an encrypted connection.",
        place.quoted,
        "Call the gateway by the DNS name in its certificate; an IP address never fits."
        if is_name
        else "Check that the port speaks TLS and that the certificate's chain ends in a root that the library carries.",
        line=place.line,
    )


def _refused(place: _Place) -> SketchFinding:
    return found(
        "login-refused",
        Severity.ERROR,
        f"The server refused the login with code {place.match['status']}.",
        place.quoted,
        "The board tries again by itself. If it stays, look at the session's page for what the gateway saw.",
        line=place.line,
    )


def _redirect(place: _Place) -> SketchFinding:
    return found(
        "log-redirected",
        Severity.WARNING,
        "The server sent the board to another one.",
        place.quoted,
        "This gateway does that never: the board called another server before.",
        line=place.line,
    )


def _big(place: _Place) -> SketchFinding:
    return found(
        "log-packet-too-big",
        Severity.WARNING,
        "The server sent more at once than the board's buffer holds.",
        place.quoted,
        "Write shorter values to it, or raise BLYNK_MAX_READBYTES in the sketch.",
        line=place.line,
    )


def _message(place: _Place) -> SketchFinding:
    message = MESSAGES[place.match["message"]]
    return found(message.code, message.severity, message.title, place.quoted, message.next_step, line=place.line)


def _foreign_ids(text: str, context: Context) -> Iterator[SketchFinding]:
    for template_id in sorted(template_ids_in(text) - {context.template_id}):
        line = text.count("\n", 0, text.find(template_id)) + 1
        wrong = id_finding(template_id, context, f"Line {line}: {template_id}", line, "")
        if wrong:
            yield wrong


_RULES: dict[str, Callable[[_Place], SketchFinding | None]] = {
    "ap": _access_point,
    "secrets": _secrets,
    "connecting": _connecting,
    "product": _product,
    "device": _device,
    "error": _error,
    "ssl": _ssl,
    "refused": _refused,
    "redirect": _redirect,
    "big": _big,
    "message": _message,
}
