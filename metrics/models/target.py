from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceTarget(models.Model):
    """How fast we promise to be. Of the active targets of one metric the first that fits a ticket counts for it."""

    class Metric(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("first response")
        RESOLUTION = "resolution", _("resolution")

    class Clock(models.TextChoices):
        BUSINESS = "business", _("business time")
        CALENDAR = "calendar", _("calendar time")

    name = models.CharField(_("name"), max_length=150)
    metric = models.CharField(_("what is promised"), max_length=20, choices=Metric.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower numbers are tried first."))
    channel = models.CharField(_("channel"), max_length=100, blank=True, help_text=_("Empty means every channel."))
    priority = models.CharField(_("priority"), max_length=100, blank=True, help_text=_("Empty means every priority."))
    tier = models.CharField(_("customer tier"), max_length=100, blank=True, help_text=_("Empty means every tier."))
    seconds = models.PositiveIntegerField(_("within (seconds)"), validators=[MinValueValidator(1)])
    clock = models.CharField(_("measured in"), max_length=10, choices=Clock.choices, default=Clock.BUSINESS)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("service target")
        verbose_name_plural = _("service targets")
        ordering: ClassVar = ["metric", "position", "id"]

    def __str__(self) -> str:
        return self.name
