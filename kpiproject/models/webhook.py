from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from kpiproject.models.outgoing import Outgoing


class WebhookTarget(models.Model):
    """An address of another system that is told of alarms. See kpiproject.webhooks for what is refused."""

    class Kind(models.TextChoices):
        SIGNED = "signed", _("JSON, signed")
        SLACK = "slack", _("Slack, Mattermost and others that take a text")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SLACK)
    url = models.CharField(
        _("address"),
        max_length=500,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("As the other system shows it. Addresses inside of a private network are refused."),
    )
    secret = models.CharField(_("secret"), max_length=64, default=new_token, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(Outgoing):
    """The outbox for webhooks, a sister of Mail: written in the transaction of its cause, posted by a worker.

    It may be posted twice where a worker dies in between; the receiver knows it again by `key`, which it is sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    target = models.ForeignKey(WebhookTarget, models.CASCADE, related_name="deliveries")
    key = models.CharField(_("key"), max_length=200, unique=True, help_text=_("Names the cause: one cause, one post."))
    payload = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)

    class Meta:
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], name="webhook_due", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.key}"
