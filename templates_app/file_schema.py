"""The JSON Schema of a template's file, made of the same limits that are checked. Kept in docs/template.schema.json."""

from typing import Any

from templates_app import boards
from templates_app.content import DATASTREAMS_LIMIT, DESCRIPTION_LENGTH, EVENTS_LIMIT
from templates_app.files import FORMAT, FORMAT_FIELD
from templates_app.naming import NAME_LIMIT
from templates_app.streams import (
    CODE_PATTERN,
    NUMBER_LAST,
    PIN_LAST,
    STREAM_NAME_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    EventSeverity,
    ValueKind,
)


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. What only code can check (a pin twice, a minimum above the maximum) it leaves out."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A template of Landfall as a file",
        "type": "object",
        "required": [FORMAT_FIELD, "name", "board"],
        "additionalProperties": False,
        "properties": {
            FORMAT_FIELD: {"const": FORMAT, "description": "The version of this format."},
            "name": _text(NAME_LIMIT, pattern=r'^[^"\\\x00-\x1f\x7f]*[^"\\\s\x00-\x1f\x7f][^"\\\x00-\x1f\x7f]*$'),
            "board": {"enum": [key for key, _ in boards.CHOICES]},
            "description": {"type": "string", "maxLength": DESCRIPTION_LENGTH},
            "datastreams": {"type": "array", "maxItems": DATASTREAMS_LIMIT, "items": _datastream()},
            "events": {"type": "array", "maxItems": EVENTS_LIMIT, "items": _event()},
        },
    }


def _datastream() -> dict[str, Any]:
    end = {"type": ["number", "null"], "minimum": -NUMBER_LAST, "maximum": NUMBER_LAST}
    return {
        "type": "object",
        "required": ["pin", "name", "kind"],
        "additionalProperties": False,
        "properties": {
            "pin": {"type": "integer", "minimum": 0, "maximum": PIN_LAST, "description": "Virtual pin; each once."},
            "name": _text(STREAM_NAME_LIMIT),
            "kind": {"enum": [kind.value for kind in ValueKind]},
            "unit": {"type": "string", "maxLength": UNIT_LIMIT},
            "minimum": {**end, "description": "For integer and decimal only."},
            "maximum": {**end, "description": "Not below the minimum."},
        },
    }


def _event() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["code", "title", "severity"],
        "additionalProperties": False,
        "properties": {
            "code": {"type": "string", "pattern": f"^{CODE_PATTERN}$", "description": "Each once."},
            "title": _text(TITLE_LIMIT),
            "severity": {"enum": [severity.value for severity in EventSeverity]},
        },
    }


def _text(limit: int, pattern: str = r"\S") -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": limit, "pattern": pattern}
