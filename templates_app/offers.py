"""The grants that an invitation comes with, in words: which template, until when, for how many devices."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from templates_app.models import Template

type Offered = Mapping[str, Any]
"""A grant as an invitation keeps it: `template_id` (empty: all), `until_at`, `devices_limit`, `note`."""


def sentences(offers: Iterable[Offered]) -> list[str]:
    """A sentence for each; one query at most."""
    found = list(offers)
    names = names_in(found)
    return [sentence(offer, names) for offer in found]


def names_in(offers: Iterable[Offered]) -> dict[str, str]:
    """The names of the templates that these name, by their ids."""
    wanted = {offer["template_id"] for offer in offers} - {""}
    return dict(Template.objects.filter(template_id__in=wanted).values_list("template_id", "name")) if wanted else {}


def sentence(offer: Offered, names: Mapping[str, str]) -> str:
    """`Soil Sensor, until 3 Dec 2026, 10 devices at most`."""
    template_id = offer["template_id"]
    parts = [names.get(template_id, "a template that is gone") if template_id else "all templates"]
    if offer["until_at"]:
        # A grant ends with its last day: the moment itself is the first of the next.
        last = datetime.fromisoformat(offer["until_at"]) - timedelta(microseconds=1)
        parts.append(f"until {last.day} {last:%b %Y}")
    if offer["devices_limit"]:
        limit = offer["devices_limit"]
        parts.append(f"{limit:,} device{'' if limit == 1 else 's'} at most")
    return ", ".join(parts)
