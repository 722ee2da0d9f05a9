"""What the database itself refuses of datastreams and events."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from templates_app.models import Datastream, EventType, Template

pytestmark = pytest.mark.django_db

STREAM = {"pin": 1, "name": "Air", "kind": "decimal"}
EVENT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}


def refused(model: Any, template: Template, **values: Any) -> bool:
    try:
        with transaction.atomic():
            model.objects.create(template=template, **values)
    except (IntegrityError, DataError):
        return True
    return False


@pytest.mark.parametrize(
    "values",
    [
        {"pin": 256},
        {"pin": -1},
        {"name": ""},
        {"kind": "enum"},
        {"minimum": 2, "maximum": 1},
        {"kind": "text", "minimum": 1},
        {"kind": "switch", "maximum": 1},
    ],
)
def test_impossible_datastream_is_refused(values: dict[str, Any], template: Template) -> None:
    assert refused(Datastream, template, **{**STREAM, **values})


def test_a_pin_is_described_once_by_a_template(template: Template, other_template: Template) -> None:
    assert not refused(Datastream, template, **STREAM)
    assert refused(Datastream, template, **STREAM)
    assert not refused(Datastream, other_template, **STREAM)


@pytest.mark.parametrize(
    "values", [{"code": ""}, {"code": "a b"}, {"code": "a\nb"}, {"code": "é"}, {"title": ""}, {"severity": "bad"}]
)
def test_impossible_event_is_refused(values: dict[str, Any], template: Template) -> None:
    assert refused(EventType, template, **{**EVENT, **values})


def test_a_code_is_described_once_by_a_template(template: Template, other_template: Template) -> None:
    assert not refused(EventType, template, **EVENT)
    assert refused(EventType, template, **EVENT)
    assert not refused(EventType, other_template, **EVENT)
