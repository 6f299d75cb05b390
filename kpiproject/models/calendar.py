from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpiproject.models.organisation import Team
from kpiproject.validators import validate_intervals, validate_time_zone, validate_week


class Hours(models.Model):
    """Weekly opening hours and the zone in which they are meant."""

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    week = models.JSONField(
        _("opening hours"),
        default=dict,
        blank=True,
        validators=[validate_week],
        help_text=_('For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.'),
    )

    class Meta:
        abstract = True


class BusinessCalendar(Hours):
    """When the service is open. The default one measures business time of everything that has no other."""

    name = models.CharField(_("name"), max_length=150)
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


class EarlierHours(Hours):
    """The hours that a calendar had before a local date: what passed then is measured by them for ever."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="earlier")
    until = models.DateField(_("until"), help_text=_("The first day on which they did not count any more."))

    class Meta:
        verbose_name = _("earlier opening hours")
        verbose_name_plural = _("earlier opening hours")
        ordering: ClassVar = ["until"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "until"], name="earlier_hours_once")]

    def __str__(self) -> str:
        return f"{self.calendar}, {self.until}"


class Holiday(models.Model):
    """A local date on which a calendar is closed, or open for a part of the day only."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="holidays")
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("observed"), default=True)
    intervals = models.JSONField(_("open nevertheless"), default=list, blank=True, validators=[validate_intervals])
    uid = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "date"], name="holiday_once_a_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class SpecialDay(models.Model):
    """A local date with other hours than the week says; they also replace a holiday. No interval means closed."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="special_days")
    date = models.DateField(_("date"))
    intervals = models.JSONField(_("open"), default=list, blank=True, validators=[validate_intervals])
    reason = models.CharField(_("reason"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("day with other hours")
        verbose_name_plural = _("days with other hours")
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "date"], name="special_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class CalendarUse(models.Model):
    """For whom a calendar counts instead of the default one. The first that fits, by position, is taken."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="uses")
    position = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower numbers are tried first."))
    team = models.ForeignKey(
        Team, models.CASCADE, verbose_name=_("team"), null=True, blank=True, help_text=_("Empty means every team.")
    )
    channel = models.CharField(_("channel"), max_length=100, blank=True, help_text=_("Empty means every channel."))
    tier = models.CharField(_("customer tier"), max_length=100, blank=True, help_text=_("Empty means every tier."))

    class Meta:
        verbose_name = _("use of a calendar")
        verbose_name_plural = _("uses of a calendar")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(team__isnull=False) | ~Q(channel="") | ~Q(tier=""), name="calendar_use_is_for_something"
            )
        ]

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.team, self.channel, self.tier) if part)
