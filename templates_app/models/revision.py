"""What a template was after each saved change, and who saved it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from templates_app.models.template import Template


class Revision(models.Model):
    """One saved change. `content` is the whole template as it was then: see `templates_app.content`.

    `hotspot_stems` are what its hotspots are called, without the chip's suffix (`templates_app.drift`).
    """

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    board = models.CharField(max_length=32)
    description = models.CharField(max_length=200, blank=True)
    content = models.JSONField(default=dict)
    hotspot_stems = ArrayField(models.CharField(max_length=64), default=list)
    by = models.CharField(max_length=254)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.template} r{self.number}"
