"""What the values and events of a template's devices mean, by pin and by code."""

from templates_app.models import Datastream, EventType, Template
from templates_app.stream_values import Meaning
from templates_app.streams import EventSeverity, ValueKind


def pins_of(template: Template) -> dict[int, Meaning]:
    """What each described pin means, in order of the pins. One query."""
    rows = Datastream.objects.filter(template=template).order_by("pin")
    return {
        pin: Meaning(name, ValueKind(kind), unit, minimum, maximum)
        for pin, name, kind, unit, minimum, maximum in rows.values_list(
            "pin", "name", "kind", "unit", "minimum", "maximum"
        )
    }


def titles_of(template: Template) -> dict[str, tuple[str, EventSeverity]]:
    """Title and severity of each described event, by code. One query."""
    rows = EventType.objects.filter(template=template).values_list("code", "title", "severity")
    return {code: (title, EventSeverity(severity)) for code, title, severity in rows}
