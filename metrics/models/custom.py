from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CustomKpi(models.Model):
    """A KPI that the organisation has defined itself, out of the columns that its kind of facts has.

    Conditions are lists of {column, operator, value}; all of them must hold. What the columns mean depends on the
    shape: see metrics.own.shapes. The revision goes up by itself when the meaning changes.
    """

    class Shape(models.TextChoices):
        NUMBER = "number", _("how many rows")
        SHARE = "share", _("which share of the rows (percent)")
        MEAN = "mean", _("the mean of a column")
        PER_ROW = "per_row", _("the sum of a column ÷ the number of rows")
        RATE = "rate", _("the sum of a column ÷ the sum of another column")
        DURATION = "duration", _("how long it takes from one column to another (median)")

    MEANING: ClassVar = ("frame", "shape", "at", "column", "second", "filters", "part", "unit")

    code = models.CharField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("what it says, and why we measure it"), max_length=2000, blank=True)
    gaming = models.CharField(
        _("how it can be gamed"),
        max_length=500,
        blank=True,
        help_text=_("How it can look better without anything getting better for customers; its card says so."),
    )
    frame = models.CharField(_("table"), max_length=30)
    shape = models.CharField(_("what is computed"), max_length=20, choices=Shape.choices, default=Shape.NUMBER)
    at = models.CharField(_("counted on the day of"), max_length=50)
    column = models.CharField(_("column"), max_length=50, blank=True)
    second = models.CharField(_("second column"), max_length=50, blank=True)
    filters = models.JSONField(_("rows that count"), default=list, blank=True)
    part = models.JSONField(_("rows in the share"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=20, default="count")
    better = models.CharField(_("direction"), max_length=10, default="neither")
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("KPI of our own")
        verbose_name_plural = _("KPIs of our own")
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and (stored := CustomKpi.objects.filter(pk=self.pk).values_list(*self.MEANING, "revision").first()):
            *before, revision = stored
            is_another = before != [getattr(self, name) for name in self.MEANING]
            self.revision = revision + 1 if is_another else revision
        super().save(*args, **kwargs)
