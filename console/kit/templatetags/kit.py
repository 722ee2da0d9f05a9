"""The page components, as template tags: `{% load kit %}`. What each draws stands at the top of its template."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

import segno
from django.forms import BoundField, CheckboxInput, Form
from django.http import HttpRequest
from django.template import Context, Library
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from lucide.templatetags.lucide import lucide as render_icon

from console.kit import server_time
from console.kit.code_lines import code_lines
from console.kit.relative_time import clock, for_phrase, since_phrase, until_phrase
from console.kit.status_looks import status_look

register = Library()

MASK: Final = "•" * 12
QUICK_MASK: Final = 2
THEMES: Final = frozenset({"light", "dark"})
_MESSAGE_TONES: Final = {"success": "good", "warning": "warn", "error": "bad"}
_TONE_ICONS: Final = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}


@lru_cache(maxsize=256)
def _icon(name: str, size: int, css_class: str, stroke_width: float) -> SafeString:
    attrs: dict[str, object] = {"stroke_width": f"{stroke_width:g}", "aria_hidden": "true", "focusable": "false"}
    if css_class:
        attrs["class"] = css_class
    return mark_safe(render_icon(name, size=size, **attrs))  # noqa: S308 - the package's own markup


@register.simple_tag
def icon(name: str, size: int = 16, css_class: str = "", stroke_width: float = 2) -> SafeString:
    """A lucide icon, hidden from screen readers: the words beside it, or the button's label, carry the meaning."""
    return _icon(str(name), size, str(css_class), stroke_width)


@register.simple_tag(takes_context=True)
def theme_attr(context: Context) -> SafeString:
    """` data-theme="dark"` for `<html>` when the reader chose a theme (cookie `theme`), so that nothing flashes."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if isinstance(request, HttpRequest) else ""
    return format_html(' data-theme="{}"', chosen) if chosen in THEMES else SafeString("")


@register.simple_tag(takes_context=True)
def module_script(context: Context, path: str) -> SafeString:
    """A `<script type="module">` from the static files, with the page's CSP nonce where it has one."""
    nonce = context.get("csp_nonce")
    if nonce is None:
        return format_html('<script type="module" src="{}"></script>', static(path))
    return format_html('<script type="module" src="{}" nonce="{}"></script>', static(path), nonce)


@register.simple_tag(takes_context=True)
def plain_script(context: Context, path: str) -> SafeString:
    """A `<script>` of a package that is no module, run once the page is parsed, with the page's CSP nonce."""
    return format_html('<script defer src="{}" nonce="{}"></script>', static(path), context.get("csp_nonce") or "")


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url_name: str, label: str, icon_name: str) -> SafeString:
    """A link of the main navigation; it is current on its own page and on every page below it."""
    url = reverse(url_name)
    path = getattr(context.get("request"), "path", "")
    current = ""
    if path == url:
        current = "page"
    elif path.startswith(url) or context.get("section") == url_name:
        current = "true"
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<a class="rail-link" href="{}"{}>{} {}</a>', url, mark, _icon(icon_name, 16, "", 2), label)


@register.simple_tag
def breadcrumbs(*parts: str) -> SafeString:
    """A trail from pairs of label and address, ended by the label of this page."""
    links = list(zip(parts[:-1:2], parts[1::2], strict=True))
    items = format_html_join("", '<li><a href="{1}">{0}</a></li>', links)
    return format_html(
        '<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        items,
        parts[-1],
    )


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """A small label; `tone` is good, warn, bad, info, accent or nothing."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{tone}" if tone else "", text)


@register.simple_tag
def status(state: str, since: datetime | None = None, label: str = "") -> SafeString:
    """A dot with a shape of its own, the word, and for how long; the title of that is since when."""
    look = status_look(state)
    dot = _icon(look.icon, 12, "status-dot", 2.5 if look.icon in ("timer", "contrast", "ban", "archive") else 4)
    when = ""
    if since:
        phrase = for_phrase(since, now=server_time.now())
        when = format_html(' <span class="status-since">{}</span>', _time(since, "for", phrase))
    return format_html(
        '<span class="status status-{}{}">{}<span class="status-word">{}</span>{}</span>',
        look.tone,
        " status-filled" if look.filled else "",
        dot,
        label or look.word,
        when,
    )


def _time(at: datetime, kind: str, phrase: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" data-time="{}">{}</time>', at.isoformat(), _exact(at), kind, phrase
    )


def _exact(at: datetime) -> str:
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{local.day} {local:%b %Y, %H:%M:%S %Z}".rstrip()


@register.simple_tag(name="since")
def since_tag(at: datetime | None) -> SafeString:
    """`3 minutes ago`, its title the exact moment (in the reader's zone once the script has run); `never` for None."""
    return _time(at, "since", since_phrase(at, now=server_time.now())) if at else SafeString("never")


@register.simple_tag
def until(at: datetime | None) -> SafeString:
    """`in 3 minutes`, its title the exact moment; a dash for None."""
    return _time(at, "until", until_phrase(at, now=server_time.now())) if at else SafeString("–")


@register.simple_tag
def exact(at: datetime | None) -> SafeString:
    """`23 Nov 2026, 14:05:09 UTC`, moved to the reader's zone by the script; a dash for None."""
    return _time(at, "exact", _exact(at)) if at else SafeString("–")


@register.simple_tag
def countdown(expires_at: datetime, done: str = "Expired") -> SafeString:
    """The minutes and seconds left, ticking down to the word `done`; the browser's own clock plays no part."""
    left = expires_at - server_time.now()
    is_over = left.total_seconds() <= 0
    return format_html(
        '<time class="countdown" datetime="{0}" data-seconds-left="{1}" data-done="{2}"{3}>{4}</time>',
        expires_at.isoformat(),
        max(0, int(left.total_seconds())),
        done,
        SafeString(" data-expired") if is_over else "",
        done if is_over else clock(left),
    )


@register.simple_tag
def qr(text: str, label: str = "QR code", quick: bool = False) -> SafeString:
    """A QR code as inline SVG, black on white in both themes because scanners need it so.

    A `quick` one takes a mask as it comes instead of the best of eight, a fifth of the time: for sheets of many.
    """
    svg = segno.make(str(text), error="m", micro=False, mask=QUICK_MASK if quick else None).svg_inline(
        border=2, omitsize=True, svgclass=None
    )
    return format_html('<div class="qr" role="img" aria-label="{}">{}</div>', label, mark_safe(svg))  # noqa: S308


@register.inclusion_tag("kit/copy_button.html")
def copy_button(
    target: str, label: str = "Copy", of: str = "", small: bool = False, disabled: bool = False
) -> dict[str, object]:
    """Copies the text or value of the element `target`; `of` names it for screen readers."""
    return {"target": target, "label": label, "of": of, "small": small, "disabled": disabled}


@register.inclusion_tag("kit/copy_field.html")
def copy_field(
    value: object,
    label: str,
    name: str = "",
    secret: bool = False,
    expires_at: datetime | None = None,
    slot: bool = False,
    hint: str = "",
    show_label: bool = True,
) -> dict[str, object]:
    """A value to copy. A secret whose time is over is not sent to the page: its hint, or dots, stand there instead."""
    masked = secret and expires_at is not None and expires_at <= server_time.now()
    return {
        "id": f"copy-{name or slugify(label)}",
        "value": (hint or MASK) if masked else value,
        "label": label,
        "secret": secret,
        "expires_at": expires_at,
        "slot": slot and not masked,
        "hint": hint or MASK,
        "show_label": show_label,
        "masked": masked,
    }


@register.inclusion_tag("kit/code_block.html")
def code_block(source: object, label: str, id: str = "", slot: bool = False) -> dict[str, object]:  # noqa: A002
    """Lines to copy, each with its meaning where it has one."""
    lines = code_lines(source)
    return {
        "lines": lines,
        "label": label,
        "id": id or f"code-{slugify(label)}",
        "slot": slot,
        "has_meanings": any(line.meaning for line in lines),
    }


@register.inclusion_tag("kit/empty_state.html")
def empty_state(title: str, text: str = "", icon: str = "inbox", href: str = "", action: str = "") -> dict[str, str]:
    """What to do where there is nothing yet."""
    return {"title": title, "text": text, "icon": icon, "href": href, "action": action}


@register.inclusion_tag("kit/field.html")
def field(bound: BoundField, autofocus: bool = False) -> dict[str, object]:
    """One form field: label above, help below, the error in place of the help."""
    described_by = f"{bound.auto_id}_note" if bound.errors or bound.help_text else ""
    attrs: dict[str, str | bool] = {"aria-describedby": described_by} if described_by else {}
    if autofocus:
        attrs["autofocus"] = True
    is_check = isinstance(bound.field.widget, CheckboxInput)
    return {
        "control": bound.as_widget(attrs=attrs),
        "id": bound.id_for_label,
        "label": bound.label,
        "help_text": bound.help_text,
        "errors": bound.errors,
        "described_by": described_by,
        "is_check": is_check,
        "is_group": bound.use_fieldset,
        "is_optional": not bound.field.required and not is_check,
    }


@register.inclusion_tag("kit/form_fields.html")
def form_fields(form: Form) -> dict[str, object]:
    """Every field of a form, with its form-wide errors first."""
    return {"form": form, "form_errors": form.non_field_errors()}


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """A modal dialog around the block's content; `data-dialog-open="id"` opens it."""
    return render_to_string("kit/dialog.html", {"content": content, "id": id, "title": title})


@register.filter
def message_tone(level: str) -> str:
    """The tone of a django.contrib.messages level."""
    return _MESSAGE_TONES.get(str(level), "info")


@register.filter
def severity_tone(severity: str) -> str:
    """The tone of a finding's severity, or the tone itself; a finding without either is an error."""
    return {"warning": "warn", "warn": "warn", "info": "info", "good": "good"}.get(str(severity), "bad")


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that goes with a tone, so that the tone is not colour alone."""
    return _TONE_ICONS.get(str(tone), "info")


@register.filter
def as_lines(value: str | Iterable[object]) -> list[str]:
    """A text as its lines; a list as texts."""
    return value.splitlines() if isinstance(value, str) else [str(item) for item in value]
