"""The blueprint that devices are made from."""

from django.db import models
from django.db.models.functions import Now

from console.teams.models import Team
from templates_app import boards
from templates_app.template_ids import new_template_id


class TemplateQuerySet(models.QuerySet["Template"]):
    def in_use(self) -> "TemplateQuerySet":
        return self.filter(archived_at=None)

    def archived(self) -> "TemplateQuerySet":
        return self.exclude(archived_at=None)

    def matching(self, text: str) -> "TemplateQuerySet":
        """Templates whose name, description or id contains `text`, whatever the case."""
        return self.filter(
            models.Q(name__icontains=text)
            | models.Q(description__icontains=text)
            | models.Q(template_id__icontains=text)
        )


class Template(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="templates")
    template_id = models.CharField(max_length=13, unique=True, default=new_template_id, editable=False)
    name = models.CharField(max_length=100)
    board = models.CharField(max_length=32, choices=boards.CHOICES)
    description = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="template_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(template_id__regex=r"^TMPL[A-Za-z0-9_-]{9}$"), name="template_id_form"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="template_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
