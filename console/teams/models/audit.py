"""Who did what to what, when and from where. Append-only, by a trigger; holds no foreign key to what can change."""

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from console.teams.audit_areas import query_of, words_of


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of_team(self, team_id: int) -> "AuditQuerySet":
        return self.filter(team_id=team_id)

    def matching(self, team_id: int, text: str) -> "AuditQuerySet":
        """The team's entries whose subject, actor or address has words that begin with those of `text`."""
        words = words_of(text)
        if not words:
            return self.filter(team_id=team_id)
        has_words = Func(
            F("words"),
            Value(query_of(team_id, words)),
            template="%(expressions)s::tsquery",
            arg_joiner=" @@ ",
            output_field=models.BooleanField(),
        )
        return self.filter(has_words, team_id=team_id)

    def newest_first(self) -> "AuditQuerySet":
        return self.order_by("-at", "-pk")

    def older_than(self, at: datetime, pk: int) -> "AuditQuerySet":
        """Those after this one in the order of `newest_first`."""
        return self.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))

    def newer_than(self, at: datetime, pk: int) -> "AuditQuerySet":
        """Those before this one in the order of `newest_first`."""
        return self.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk))


class AuditEntry(models.Model):
    """`area` groups kinds (`audit_areas`), `words` is what the search finds; both are worked out when it is written."""

    team_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True, db_default="")
    area = models.CharField(max_length=12, blank=True, db_default="")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    words = SearchVectorField(null=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team_id", "-at", "-id"], name="audit_newest_first"),
            models.Index(fields=["team_id", "area", "-at", "-id"], name="audit_of_area"),
            models.Index(fields=["team_id", "user_id", "-at", "-id"], name="audit_of_person"),
            GinIndex(fields=["words"], name="audit_words"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.kind} {self.subject}"
