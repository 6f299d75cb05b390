from typing import ClassVar

from django.db import models
from django.db.models import Q

from surveys.models.survey import Survey


class Tally(models.Model):
    """What one survey has on one local day for one member of one dimension. Replaced, never added to.

    `dimension` and `member` are "" for all answers of the day; see surveys.counting for the others. `scored`, `total`
    and `square` are of the answers on the survey's own scale. Invitations have only `n`.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    dimension = models.CharField(max_length=20, blank=True)
    member = models.CharField(max_length=200, blank=True)
    n = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    middle = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    commented = models.IntegerField(default=0)
    scored = models.IntegerField(default=0)
    total = models.BigIntegerField(default=0)
    square = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "dimension", "day", "member"], name="tally_identity")
        ]
        indexes: ClassVar = [models.Index(fields=["day", "dimension"], name="tally_day")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.day} {self.dimension}={self.member}"


class TallyMark(models.Model):
    """An instant whose local day must be counted again, and of what: of answers, of invitations, or ("") of both."""

    at = models.DateTimeField()
    about = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.about}"


class TallyState(models.Model):
    """In which time zone the days are counted, and who is counting: always the row with id 1."""

    zone = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=22, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="tally_state_single")]

    def __str__(self) -> str:
        return "the state of all tallies"
