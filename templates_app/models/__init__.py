"""Templates, their datastreams and events, and their revisions."""

from templates_app.models.datastream import Datastream
from templates_app.models.event_type import EventType
from templates_app.models.revision import Revision
from templates_app.models.template import Template

__all__ = ["Datastream", "EventType", "Revision", "Template"]
