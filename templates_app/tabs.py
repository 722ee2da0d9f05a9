"""The pages of one template, as tabs under its title."""

from dataclasses import dataclass

from django.urls import reverse

from templates_app.models import Template

PAGES = (
    ("templates:detail", "Firmware"),
    ("templates:hotspot", "Hotspot"),
    ("templates:labels", "Labels"),
    ("templates:check", "Check my sketch"),
    ("templates:streams", "Datastreams"),
    ("templates:history", "History"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One link of `kit/tabs.html`."""

    label: str
    url: str
    is_current: bool


def tabs_of(template: Template, current: str) -> list[Tab]:
    """Every page of `template`; `current` is the URL name of the one that shows them."""
    return [Tab(label, reverse(name, args=[template.template_id]), is_current=name == current) for name, label in PAGES]
