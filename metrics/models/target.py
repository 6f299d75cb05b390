from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.models.facts import Customer


class Promise(models.Model):
    """How fast we promise to be, and to whom."""

    class Clock(models.TextChoices):
        BUSINESS = "business", _("business time")
        CALENDAR = "calendar", _("calendar time")

    class Count(models.TextChoices):
        SECONDS = "seconds", _("hours, minutes and seconds")
        DAYS = "days", _("days, until the same time of day")
        DAY_ENDS = "day_ends", _("days, until the end of the last one")

    class Pausing(models.TextChoices):
        ORGANISATION = "organisation", _("the organisation's statuses")
        OWN = "own", _("these statuses")
        NONE = "none", _("nothing")

    position = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower numbers are tried first."))
    channel = models.CharField(_("channel"), max_length=100, blank=True, help_text=_("Empty means every channel."))
    category = models.CharField(_("category"), max_length=200, blank=True, help_text=_("Empty means every category."))
    priority = models.CharField(_("priority"), max_length=100, blank=True, help_text=_("Empty means every priority."))
    tier = models.CharField(_("customer tier"), max_length=100, blank=True, help_text=_("Empty means every tier."))
    company = models.CharField(
        _("agreement with the company"), max_length=200, blank=True, help_text=_("Empty means every company.")
    )
    customer = models.CharField(
        _("agreement with the customer"),
        max_length=254,
        blank=True,
        help_text=_("The customer’s id in the help desk, or e-mail address. Empty means every customer."),
    )
    least_mrr = models.DecimalField(
        _("from monthly revenue"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_(
            "In the organisation’s currency, as the customer’s subscriptions are when the ticket comes in. Empty means "
            "any."
        ),
    )
    from_day = models.PositiveIntegerField(
        _("customer for at least (days)"), null=True, blank=True, help_text=_("Counted from the day of signing up.")
    )
    until_day = models.PositiveIntegerField(
        _("customer for less than (days)"),
        null=True,
        blank=True,
        help_text=_("For example 90 for customers who are being introduced."),
    )
    seconds = models.PositiveIntegerField(_("within (seconds)"), validators=[MinValueValidator(1)])
    count = models.CharField(_("counted in"), max_length=10, choices=Count.choices, default=Count.SECONDS)
    clock = models.CharField(_("measured in"), max_length=10, choices=Clock.choices, default=Clock.BUSINESS)
    pausing = models.CharField(
        _("the clock is stopped by"), max_length=12, choices=Pausing.choices, default=Pausing.ORGANISATION
    )
    pause_statuses = models.JSONField(_("statuses that stop the clock"), default=list, blank=True)
    warn_minutes = models.PositiveIntegerField(
        _("warn (minutes before)"), default=30, help_text=_("In the time in which the target is measured.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True

    @property
    def days(self) -> int:
        """The days of a target that is counted in days; they are kept as seconds of full days."""
        return self.seconds // 86400


class ServiceTarget(Promise):
    """A promise as it is now. Of the targets of one metric that count for a ticket, the first that fits is taken.

    Tickets keep the version that was in force when they came in. Without `valid_from`, the first version counts for
    everything that was ever imported.
    """

    class Metric(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("first response")
        NEXT_REPLY = "next_reply", _("next reply")
        RESOLUTION = "resolution", _("resolution")

    name = models.CharField(_("name"), max_length=150)
    metric = models.CharField(_("what is promised"), max_length=20, choices=Metric.choices)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    valid_from = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("service target")
        verbose_name_plural = _("service targets")
        ordering: ClassVar = ["metric", "position", "id"]

    def __str__(self) -> str:
        return self.name


class EarlierTarget(Promise):
    """What a target promised before it was changed. Tickets that came in meanwhile are judged by it for ever."""

    target = models.ForeignKey(ServiceTarget, models.CASCADE, related_name="earlier")
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateTimeField(_("in force since"), null=True, blank=True)
    valid_until = models.DateTimeField(_("in force until"))

    class Meta:
        verbose_name = _("earlier version of a service target")
        verbose_name_plural = _("earlier versions of service targets")
        ordering: ClassVar = ["target", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "version"], name="earlier_target_version"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}.{self.version}"


class EarlierTier(models.Model):
    """The tier that a customer had until an instant, so that a rise does not rewrite what was promised before."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="earlier_tiers")
    tier = models.CharField(_("tier"), max_length=100)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("earlier tier of a customer")
        verbose_name_plural = _("earlier tiers of customers")
        ordering: ClassVar = ["customer", "until"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "until"], name="earlier_tier_once"),
            models.CheckConstraint(condition=~Q(tier=""), name="earlier_tier_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}, {self.until:%Y-%m-%d}"
