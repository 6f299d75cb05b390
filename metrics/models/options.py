from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics import options

_DAYS = [MinValueValidator(1), MaxValueValidator(3650)]
_SHARE = [MinValueValidator(0), MaxValueValidator(100)]


class KpiOptions(models.Model):
    """How the KPIs count that leave it to the organisation: always the row with id 1."""

    class Activity(models.TextChoices):
        AUTOMATIC = "", _("by what there is: subscriptions, else orders, else signing up")
        SUBSCRIPTIONS = options.SUBSCRIPTIONS, _("with a subscription in force")
        ORDERS = options.ORDERS, _("with an order within the time below")
        SIGN_UP = options.SIGN_UP, _("from signing up until leaving")

    class Recognition(models.TextChoices):
        AT_END = options.AT_END, _("at the end of the service that was paid for")
        AT_REQUEST = options.AT_REQUEST, _("when the cancellation is asked for")

    activity = models.CharField(_("a customer is active"), max_length=20, blank=True, choices=Activity.choices)
    recognition = models.CharField(
        _("a cancelled subscription is gone"),
        max_length=20,
        choices=Recognition.choices,
        default=Recognition.AT_END,
    )
    active_days = models.PositiveSmallIntegerField(
        _("active after an order (days)"),
        default=365,
        validators=_DAYS,
        help_text=_("For so long somebody who bought counts as a customer, where there are no subscriptions."),
    )
    repeat_days = models.PositiveSmallIntegerField(
        _("second order within (days)"), default=90, validators=_DAYS, help_text=_("After the first order.")
    )
    conversion_days = models.PositiveSmallIntegerField(
        _("order after a ticket or chat within (days)"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(options.MOST_CONVERSION_DAYS)],
        help_text=_("So long an order is put down to support. Gorgias used 5 days, and uses 3 now."),
    )
    winback_months = models.PositiveSmallIntegerField(
        _("won back within (months)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    renewal_grace_days = models.PositiveSmallIntegerField(
        _("late renewal within (days)"), default=30, validators=[MaxValueValidator(3650)]
    )
    onboarding_days = models.PositiveSmallIntegerField(
        _("onboarding within (days)"), default=30, validators=_DAYS, help_text=_("Where it has no due time of its own.")
    )
    adoption_days = models.PositiveSmallIntegerField(_("adoption within (days)"), default=90, validators=_DAYS)
    notice_hours = models.PositiveSmallIntegerField(
        _("notice of an incident within (hours)"),
        default=72,
        validators=_DAYS,
        help_text=_("Where it has no due time of its own."),
    )
    gross_margin = models.FloatField(
        _("gross margin (%)"),
        null=True,
        blank=True,
        validators=_SHARE,
        help_text=_("Of what customers pay. Without it, values of customers are of revenue, and say so."),
    )
    attributed_share = models.FloatField(
        _("kept by what we did (%)"),
        null=True,
        blank=True,
        validators=_SHARE,
        help_text=_("Of kept customers, where there was no control group. It is an assumption, and shown as one."),
    )

    class Meta:
        verbose_name = _("how KPIs count")
        verbose_name_plural = _("how KPIs count")
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="kpi_options_single")]

    def __str__(self) -> str:
        return str(_("how KPIs count"))
