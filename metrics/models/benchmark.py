from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Benchmark(models.Model):
    """What others measure, for comparison: somebody else's figure, with its source and the day until when it is to be
    believed. In the unit of the KPI; a range from `low` to `high`, or one value where `high` is empty."""

    kpi = models.CharField(_("KPI"), max_length=50, db_index=True)
    low = models.FloatField(_("value, or lower end"))
    high = models.FloatField(_("upper end"), null=True, blank=True)
    segment = models.CharField(_("of whom"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=300)
    link = models.URLField(_("link to the source"), max_length=500, blank=True)
    as_of = models.DateField(_("measured or published on"))
    review_on = models.DateField(_("to be reviewed by"), blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering: ClassVar = ["kpi", "-as_of", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(high__isnull=True) | Q(high__gte=F("low")), name="benchmark_range"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.source}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.review_on = self.review_on or a_year_after(self.as_of)
        super().save(*args, **kwargs)


def a_year_after(day: date) -> date:
    """The same day of the next year; of 29 February the 28th."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
