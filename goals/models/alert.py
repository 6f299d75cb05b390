from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail
from surveys.models import Answer


class Alert(models.Model):
    """An unhappy answer of which one person is told. Several that come together share one mail."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="alerts")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("raised"), default=timezone.now)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "recipient"], name="alert_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} → {self.recipient}"
