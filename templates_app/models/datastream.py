"""A virtual pin of a template, with what its values mean."""

from django.db import models

from templates_app.models.template import Template
from templates_app.streams import NUMBER_DIGITS, NUMBER_PLACES, PIN_LAST, STREAM_NAME_LIMIT, UNIT_LIMIT, ValueKind

_NUMBERS = [kind.value for kind in ValueKind if kind.is_number]


class Datastream(models.Model):
    """One pin. Written only by `templates_app.actions.templates.apply`, which keeps a revision of it."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="datastreams")
    pin = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=STREAM_NAME_LIMIT)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in ValueKind])
    unit = models.CharField(max_length=UNIT_LIMIT, blank=True)
    minimum = models.DecimalField(max_digits=NUMBER_DIGITS, decimal_places=NUMBER_PLACES, null=True)
    maximum = models.DecimalField(max_digits=NUMBER_DIGITS, decimal_places=NUMBER_PLACES, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "pin"], name="datastream_once_per_pin"),
            models.CheckConstraint(condition=models.Q(pin__lte=PIN_LAST), name="datastream_pin_in_range"),
            models.CheckConstraint(condition=~models.Q(name=""), name="datastream_named"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ValueKind]), name="datastream_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum=None) | models.Q(maximum=None) | models.Q(minimum__lte=models.F("maximum")),
                name="datastream_range_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=_NUMBERS) | models.Q(minimum=None, maximum=None),
                name="datastream_range_of_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"V{self.pin} {self.name}"
