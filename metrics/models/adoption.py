from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Adoption(models.Model):
    """A KPI that the organisation works with: shown on its pages, in reports and in the manual. All others are there
    but quiet. `baseline` is how it stood when it was adopted: value, n, low, high, start, end, revision."""

    kpi = models.CharField(_("KPI"), max_length=50, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("owner"), null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("why we measure it"), max_length=300, blank=True)
    baseline = models.JSONField(_("baseline"), default=dict, blank=True)
    adopted_at = models.DateTimeField(_("adopted"), default=timezone.now)

    class Meta:
        verbose_name = _("adopted KPI")
        verbose_name_plural = _("adopted KPIs")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.kpi


class RetiredKpi(models.Model):
    """A KPI with which the organisation works no longer, so that whoever finds it in something older learns since when.

    `name` is what it was called last. Whoever takes it up again takes it out of here.
    """

    kpi = models.CharField(_("KPI"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=150)
    at = models.DateTimeField(_("retired"), default=timezone.now)

    class Meta:
        verbose_name = _("retired KPI")
        verbose_name_plural = _("retired KPIs")
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return self.name
