"""Check my sketch: a text that somebody pasted, held against one template."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from console.kit.findings import Severity
from console.kit.tokens import API_KEY_PREFIX, TOKEN_PREFIX, is_ours
from templates_app.sketch import board_info, macros, placement, serial_log, static_sketch
from templates_app.sketch.facts import gather
from templates_app.sketch.masking import DOTS
from templates_app.sketch.scanner import scan
from templates_app.sketch.values import Context, Kind, Report, SketchFinding, found

FINDINGS_LIMIT = 50
"""Findings that a report has at most."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_RULE_SETS = (macros.rules, placement.rules, static_sketch.rules)
_DIRECTIVE = re.compile(
    r"^[ \t\ufeff]*+#[ \t]*+(?:define|include|if|ifdef|ifndef|pragma|undef)\b"
    r"|^[ \t]*+(?:void[ \t]++(?:setup|loop)[ \t]*+\(|//[ \t/]*+#[ \t]*+define\b)",
    re.MULTILINE,
)
_LOG = re.compile(
    r"^\[\d++\]|\b[A-Z_]{4,30} => [A-Z_]{4,30}\b|\bAP (?:SSID|IP|URL):|\bWiFi SSID:|\bBlynk cloud:"
    r"|\bConnecting to \S|\bInvalid auth token|\bLast error code:|\bSSL error:|\bv\d\.\d\.\d on \w",
    re.MULTILINE,
)
_LOOSE_LINE = re.compile(r"BLYNK_|CONFIG_DEFAULT_|\bdefine\b", re.IGNORECASE)
_INFO_FIELD = re.compile(r'"(?:tmpl_id|board|fw_ver|last_error|bssid)"')
# It begins with letters, which the search looks for fast; what precedes them is looked at after.
_SECRET = re.compile(r"lf[dk]_[0-9A-Za-z]{28}(?<![-\w].{32})(?![-\w])")


def check(text: str, context: Context) -> Report:
    """Say what is wrong in a text, and with which lines it is put right.

    Never raises, whatever the text is, and takes time in proportion to its length. Passwords and tokens appear in no
    part of the report.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kind, rules = _recognised(text, context)
    found_all = [*rules, *islice(_secrets(text), FINDINGS_LIMIT)]
    found_all.sort(key=lambda one: (_SEVERITIES.index(one.finding.severity), one.line or 0))
    distinct = tuple(dict.fromkeys(found_all))
    return Report(kind, distinct[:FINDINGS_LIMIT], max(len(distinct) - FINDINGS_LIMIT, 0))


def _recognised(text: str, context: Context) -> tuple[Kind, Iterator[SketchFinding]]:
    """The kind of a text by its form, and its findings."""
    start = text.lstrip("\ufeff \t\n")[:1]
    if start in ("{", "[") and _INFO_FIELD.search(text) and not _DIRECTIVE.search(text):
        return Kind.BOARD_INFO, islice(board_info.check(text, context), FINDINGS_LIMIT * 2)
    if not _DIRECTIVE.search(text) and _LOG.search(text):
        return Kind.SERIAL_LOG, islice(serial_log.check(text, context), FINDINGS_LIMIT * 2)
    if not _LOOSE_LINE.search(text) and not _DIRECTIVE.search(text):
        return Kind.UNKNOWN, iter((_unknown(),))
    facts = gather(scan(text), context)
    return facts.kind, chain.from_iterable(islice(rules(facts), FINDINGS_LIMIT * 2) for rules in _RULE_SETS)


def _unknown() -> SketchFinding:
    return found(
        "text-not-recognised",
        Severity.WARNING,
        "This is no sketch, no board_info.json and no serial log.",
        "It has no #define line, no field of a board's description and no line of a board's log.",
        "Paste the whole sketch, its first lines, what http://192.168.4.1/board_info.json shows, or the serial log.",
    )


def _secrets(text: str) -> Iterator[SketchFinding]:
    """Tokens and keys issued here, which nobody else should read; each once."""
    seen: set[str] = set()
    for match in _SECRET.finditer(text):
        secret = match[0]
        if secret in seen or len(seen) >= FINDINGS_LIMIT:
            continue
        is_token = is_ours(secret, TOKEN_PREFIX)
        if not (is_token or is_ours(secret, API_KEY_PREFIX)):
            continue
        seen.add(secret)
        line = text.count("\n", 0, match.start()) + 1
        yield found(
            "token-in-text" if is_token else "key-in-text",
            Severity.WARNING,
            f"The text carries {'an auth token' if is_token else 'an API key'} in clear.",
            f"Line {line}: {secret[:4]}{DOTS}",
            "Remove it before you share the text. If others have seen it, cancel its session or delete the device."
            if is_token
            else "Remove it before you share the text. If others have seen it, revoke the key.",
            line=line,
        )
