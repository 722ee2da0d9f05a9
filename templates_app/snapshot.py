"""What a template is now, as the content that its revision keeps."""

from typing import Any

from django.conf import settings

from templates_app.content import check_content
from templates_app.content_rows import Problem
from templates_app.models import Template
from templates_app.streams import plain_number


def content_of(template: Template) -> dict[str, Any]:
    """`template` with its datastreams and events, in the shape and order of `templates_app.content.cleaned`.

    Two queries, none where both were prefetched.
    """
    return {
        "name": template.name,
        "board": template.board,
        "description": template.description,
        "datastreams": datastreams_of(template),
        "events": events_of(template),
    }


def datastreams_of(template: Template) -> list[dict[str, Any]]:
    """The datastreams of `template` in order of their pins."""
    return [
        {
            "pin": stream.pin,
            "name": stream.name,
            "kind": stream.kind,
            "unit": stream.unit,
            "minimum": plain_number(stream.minimum),
            "maximum": plain_number(stream.maximum),
        }
        for stream in sorted(template.datastreams.all(), key=lambda stream: stream.pin)
    ]


def events_of(template: Template) -> list[dict[str, str]]:
    """The events of `template` in order of their codes."""
    return [
        {"code": event.code, "title": event.title, "severity": event.severity}
        for event in sorted(template.events.all(), key=lambda event: event.code)
    ]


def problems_in(content: object) -> tuple[Problem, ...]:
    """What keeps `content` from being saved, by the limits of this installation."""
    return check_content(
        content,
        datastreams_limit=settings.TEMPLATE_DATASTREAMS_LIMIT,
        events_limit=settings.TEMPLATE_EVENTS_LIMIT,
    )
