"""Filter chips: links that keep a list's other filters."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from templates_app.drift import ANY, Drift


def chip(label: str, value: str, current: str, *, url: str | None = None) -> dict[str, Any]:
    """One chip as `kit/chips.html` draws it."""
    return {"label": label, "url": url or (f"?kind={value}" if value else "?"), "is_current": value == current}


def chips_of(query: Mapping[str, str], name: str, choices: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """One chip for each (label, value) of the parameter `name`; the others stay as `query` has them."""
    kept = {key: query[key] for key in query if key not in (name, "before", "after") and query[key]}
    current = query.get(name, "")
    return [
        chip(label, value, current, url="?" + urlencode({**kept, name: value} if value else kept))
        for label, value in choices
    ]


def drift_chips(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """All lines or older ones, and once older ones are chosen, what they are known by."""
    choices = [("All lines", ""), ("Older lines", ANY)]
    if query.get("drift"):
        choices += [(drift.label, drift.value) for drift in Drift]
    return chips_of(query, "drift", choices)


def tag_chips(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The tag that a list of devices is narrowed to, to take away; nothing without one."""
    tag = query.get("tag", "").strip()
    if not tag:
        return []
    kept = {key: query[key] for key in query if key not in ("tag", "before", "after") and query[key]}
    return [chip(f"Tag {tag[:40]}", tag, tag, url="?" + urlencode(kept)) | {"remove": True}]
