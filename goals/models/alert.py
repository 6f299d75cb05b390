from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail
from surveys.models import FollowUp


class Alert(models.Model):
    """An unhappy customer of whom nobody took care in time, and one manager who is told. Several share one mail.

    `limit` is the instant that passed: a follow-up that is opened again has another.
    """

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="alerts")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts")
    limit = models.DateTimeField()
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("raised"), default=timezone.now)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follow_up", "recipient", "limit"], name="alert_once_per_limit")
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} → {self.recipient}"
