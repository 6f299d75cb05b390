"""Messages of tickets, and everything else that service does for customers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.commerce import DIGITS, PLACES
from metrics.models.facts import Customer, Ticket


class Message(models.Model):
    """Something written in a ticket. The key tells identical rows of one ticket apart."""

    class AuthorType(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        AGENT = "agent", _("agent")
        BOT = "bot", _("bot")
        AUTOMATION = "automation", _("automation")
        THIRD_PARTY = "third_party", _("third party")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", db_index=False)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    author_type = models.CharField(_("kind of author"), max_length=20, choices=AuthorType.choices)
    author = models.CharField(_("author"), max_length=200, blank=True)
    public = models.BooleanField(_("seen by the customer"), default=True)
    text = models.TextField(_("text"), blank=True)
    is_auto_reply = models.BooleanField(_("automatic reply"), default=False)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "key"], name="message_identity")]
        indexes: ClassVar = [models.Index(fields=["at"], name="message_at")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.author_type} {self.at:%Y-%m-%d %H:%M:%S}"


class ServiceRecord(models.Model):
    """A return, a bug report, an appointment, an offer …: `kind` says what, and what the columns mean for it."""

    source = models.CharField(_("source"), max_length=50)
    kind = models.CharField(_("kind"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=200)
    customer = models.ForeignKey(Customer, models.SET_NULL, verbose_name=_("customer"), null=True, blank=True)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, verbose_name=_("ticket"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    group = models.CharField(_("group"), max_length=20, blank=True)
    started_at = models.DateTimeField(_("started"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=100, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="service_record_identity")
        ]
        indexes: ClassVar = [
            models.Index(fields=["started_at"], name="record_started"),
            models.Index(fields=["acknowledged_at"], name="record_acknowledged"),
            models.Index(fields=["due_at"], name="record_due"),
            models.Index(fields=["finished_at"], name="record_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
