"""What customers pay: subscriptions, orders, and what other currencies are worth."""

from typing import ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.facts import Customer

DIGITS, PLACES = 18, 4
_CURRENCY = RegexValidator(r"^[A-Z]{3}$")


class Subscription(models.Model):
    """A recurring payment from the first day on to, and without, the day of its end."""

    source = models.CharField(_("source"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="subscriptions")
    plan = models.CharField(_("plan"), max_length=100, blank=True)
    is_premium = models.BooleanField(_("premium"), default=False)
    mrr = models.DecimalField(_("monthly recurring revenue"), max_digits=DIGITS, decimal_places=PLACES)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    cancel_requested_on = models.DateField(_("cancellation asked for"), null=True, blank=True)
    renewal_due_on = models.DateField(_("renewal due"), null=True, blank=True)
    renewed_on = models.DateField(_("renewed"), null=True, blank=True)
    trial_ends_on = models.DateField(_("trial ends"), null=True, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="subscription_identity")
        ]
        indexes: ClassVar = [models.Index(fields=["renewal_due_on"], name="subscription_due")]

    def __str__(self) -> str:
        return self.external_id


class Order(models.Model):
    """Something bought at an instant."""

    source = models.CharField(_("source"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="orders")
    placed_at = models.DateTimeField(_("placed"))
    amount = models.DecimalField(_("amount"), max_digits=DIGITS, decimal_places=PLACES)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    status = models.CharField(_("status"), max_length=100, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="order_identity")]
        indexes: ClassVar = [models.Index(fields=["placed_at"], name="order_placed")]

    def __str__(self) -> str:
        return self.external_id


class ExchangeRate(models.Model):
    """What one unit of another currency was worth in the organisation's, from a day on until the next rate."""

    currency = models.CharField(_("currency"), max_length=3, validators=[_CURRENCY], help_text=_("ISO 4217."))
    valid_from = models.DateField(_("from"))
    rate = models.DecimalField(
        _("worth in our currency"),
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(0.00000001)],
        help_text=_("How much of the organisation's currency one unit is worth."),
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering: ClassVar = ["currency", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchange_rate_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"
