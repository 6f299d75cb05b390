from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpiproject.validators import validate_time_zone, validate_week


class BusinessCalendar(models.Model):
    """When the service is open. The default one measures business time of every KPI."""

    name = models.CharField(_("name"), max_length=150)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    week = models.JSONField(
        _("opening hours"),
        default=dict,
        validators=[validate_week],
        help_text=_('For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.'),
    )
    is_default = models.BooleanField(_("used for the organisation's figures"), default=False)

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default")
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A local date on which a calendar is closed."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="holidays")
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("observed"), default=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "date"], name="holiday_once_a_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
