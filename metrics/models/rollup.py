from typing import ClassVar

from django.db import models


class Rollup(models.Model):
    """What one KPI adds up to on one local day for one member of one dimension. Replaced, never added to.

    `dimension` and `member` are "" for the overall figure. `clock` is "" except for durations, which have a row in
    "calendar" and one in "business" seconds. The meaning of the sums follows from the KPI's shape (see sums.py).
    Where `packed` is not empty, the row is about all members of its dimension, named in `members` (see packing.py).
    """

    kpi = models.CharField(max_length=50)
    revision = models.PositiveSmallIntegerField()
    day = models.DateField()
    dimension = models.CharField(max_length=30)
    member = models.CharField(max_length=200)
    clock = models.CharField(max_length=10)
    whole = models.BigIntegerField()
    part = models.FloatField()
    square = models.FloatField()
    extra = models.JSONField()
    values = models.BinaryField(null=True)
    members = models.TextField(default="")
    packed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kpi", "dimension", "day", "member", "clock"],
                name="rollup_identity",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["day", "kpi"], name="rollup_day")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day} {self.dimension}={self.member}"


class DirtyDay(models.Model):
    """A local day whose figures from one frame must be computed again.

    Every new reason raises the generation. The row goes away only if nothing was added since the facts were read.
    """

    frame = models.CharField(max_length=30)
    day = models.DateField()
    generation = models.PositiveIntegerField(default=1)
    claimed_until = models.DateTimeField(null=True)  # until then a worker has this day in hand

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["frame", "day"], name="dirty_day_once")]

    def __str__(self) -> str:
        return f"{self.frame} {self.day}"


class Basis(models.Model):
    """What every rollup was computed with: always the row with id 1. When it changes, so does every figure."""

    fingerprint = models.JSONField(default=dict)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="basis_single")]

    def __str__(self) -> str:
        return "the basis of all figures"


class FrameVersion(models.Model):
    """Raised with every change of the facts of a frame: figures that were kept and rest on an older one are stale."""

    frame = models.CharField(max_length=30, unique=True)
    version = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.frame} {self.version}"


class Redefinition(models.Model):
    """The local day on which a KPI got a revision after its first one. Figures of earlier days were computed again by
    it, except those that a published edition or a report keeps."""

    kpi = models.CharField(max_length=50)
    revision = models.PositiveSmallIntegerField()
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kpi", "revision"], name="redefinition_once")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.revision} since {self.since}"
