"""Sessions of past days, counted: what the funnel reads, and what stays when old sessions are deleted."""

from django.db import models


class SessionDay(models.Model):
    """So many sessions of one team and day that are alike in everything else that the funnel tells apart.

    It holds no foreign key, so that nothing it names can take it along. `reached` is a `devices.funnel.Reached`,
    `bucket` one of its buckets of time.
    """

    team_id = models.BigIntegerField()
    day = models.DateField()
    template = models.CharField(max_length=13)
    board = models.CharField(max_length=128)
    library = models.CharField(max_length=128)
    person = models.CharField(max_length=254)
    reached = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=60)
    bucket = models.SmallIntegerField()
    sessions_count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["team_id", "day"], name="session_day_of_team")]

    def __str__(self) -> str:
        return f"{self.sessions_count} sessions of {self.day}"


class SealedDay(models.Model):
    """A day whose sessions are counted for good; days are sealed in order."""

    day = models.DateField(primary_key=True)
    sessions_count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.day)
