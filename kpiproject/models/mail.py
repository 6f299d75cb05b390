from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models.outgoing import Outgoing


class MailFile(models.Model):
    """A picture inside a mail (with a `content_id`) or an attachment; stored once for all mails that carry it."""

    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of everything else."))
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    content_id = models.CharField(max_length=150, blank=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Mail(Outgoing):
    """The outbox: a mail that must leave exactly once. Written in the transaction of its cause, sent by a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("being sent")
        # The last byte is on its way to the mail server. A worker that dies here leaves it open whether the server
        # took the mail; it is not sent again by itself, because it would most likely arrive twice.
        HANDED_OVER = "handed_over", _("handed over, not confirmed")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    key = models.CharField(_("key"), max_length=200, unique=True, help_text=_("Names the cause: one cause, one mail."))
    kind = models.CharField(_("kind"), max_length=50)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    sender = models.CharField(_("from"), max_length=320)
    recipient = models.EmailField(_("to"), max_length=254)
    domain = models.GeneratedField(
        verbose_name=_("domain"),
        expression=Lower(Substr("recipient", StrIndex("recipient", Value("@")) + 1)),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=400)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    files = models.ManyToManyField(MailFile, related_name="mails", blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], name="mail_due", condition=Q(state__in=["queued", "claimed"])),
            models.Index(fields=["state", "-id"], name="mail_state"),
            models.Index(fields=["sent_at", "domain"], name="mail_sent_to"),
            models.Index(fields=["lease_until"], name="mail_leased", condition=Q(lease_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"


class DomainTurn(models.Model):
    """Whoever claims a mail to a domain holds its row meanwhile, so that nobody else counts at the same time."""

    domain = models.CharField(max_length=254, primary_key=True)

    def __str__(self) -> str:
        return self.domain


class Heartbeat(models.Model):
    """When a part of the machinery last showed a sign of life."""

    name = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
