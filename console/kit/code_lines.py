"""Lines of code for a page: escaped, with strings, comments and directives marked for the stylesheet."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_TOKENS = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<directive>^\s*\#\s*(?:define|include|if|ifdef|ifndef|else|endif|undef)\b)"""
    r"""|(?P<comment>(?:(?<=\s)|^)(?://|\#).*$)"""
)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line as it is drawn: `html` is safe markup whose text equals `text`."""

    text: str
    meaning: str
    html: SafeString


def code_lines(source: object) -> list[CodeLine]:
    """The lines of `source`: a text, or an iterable of texts or of objects (or mappings) with `text` and `meaning`."""
    if isinstance(source, str):
        return [_line(text, "") for text in str(source).rstrip("\n").split("\n")]
    if not isinstance(source, Iterable):
        raise TypeError(f"Code lines come from a text or a list, not from {type(source).__name__}")
    return [_coerce(item) for item in source]


def _coerce(item: object) -> CodeLine:
    if isinstance(item, str):
        return _line(item, "")
    if isinstance(item, Mapping):
        return _line(str(item["text"]), str(item.get("meaning") or ""))
    return _line(str(getattr(item, "text")), str(getattr(item, "meaning", "") or ""))  # noqa: B009


def _line(text: str, meaning: str) -> CodeLine:
    return CodeLine(text=text, meaning=meaning, html=highlight(text))


def highlight(text: str) -> SafeString:
    """`text` escaped, its strings, comments and preprocessor directives wrapped in `<span class="tok-…">`."""
    parts: list[str] = []
    end = 0
    for match in _TOKENS.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<span class="tok-{match.lastgroup}">{escape(match.group())}</span>')
        end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above
