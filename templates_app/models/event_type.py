"""An event that devices of a template log by its code."""

from django.db import models

from templates_app.models.template import Template
from templates_app.streams import CODE_LIMIT, CODE_PATTERN, TITLE_LIMIT, EventSeverity


class EventType(models.Model):
    """One code. Written only by `templates_app.actions.templates.apply`, which keeps a revision of it."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="events")
    code = models.CharField(max_length=CODE_LIMIT)
    title = models.CharField(max_length=TITLE_LIMIT)
    severity = models.CharField(max_length=16, choices=[(severity.value, severity.label) for severity in EventSeverity])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="event_type_once_per_code"),
            models.CheckConstraint(condition=models.Q(code__regex=rf"^{CODE_PATTERN}$"), name="event_type_code_form"),
            models.CheckConstraint(condition=~models.Q(title=""), name="event_type_titled"),
            models.CheckConstraint(
                condition=models.Q(severity__in=[severity.value for severity in EventSeverity]),
                name="event_type_severity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
