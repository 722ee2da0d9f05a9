"""Every address of the project, as the URL configuration has it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.isolation.table import NOWHERE, STAFF_ONLY, TABLE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its path with `<parameter>` without converters, and what answers it."""

    path: str
    view: Any

    @property
    def api_methods(self) -> set[str]:
        """The methods that a view of the API has a function for."""
        view_class = getattr(self.view, "cls", None) or self.view.view_class
        return {method for method in METHODS if hasattr(view_class, method.lower())}


def plain(pattern: str) -> str:
    """A pattern without converters, groups and anchors: what the table calls the address."""
    named = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", named).replace("^", "").replace("$", "").removesuffix(r"\Z")


def _walk(resolver: URLResolver, before: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        path = before + plain(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield Address(path, entry.callback)
        else:
            yield from _walk(entry, path)


ADDRESSES = sorted(_walk(get_resolver(), "/"), key=lambda address: address.path)
ADMIN = sorted({address.path for address in ADDRESSES if address.path.startswith(STAFF_ONLY)})
TOLD = sorted({address.path for address in ADDRESSES} - set(ADMIN) - {NOWHERE})
"""The addresses that need a line of their own."""

LINES = {line.address: line for line in TABLE}
