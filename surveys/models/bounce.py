from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail


class BounceReport(models.Model):
    """What a mail server or a provider reported about one of our mails. Of each kind a mail has one at most."""

    class Kind(models.TextChoices):
        HARD = "hard", _("no such recipient")
        SOFT = "soft", _("could not be delivered just then")
        REFUSED = "refused", _("refused because of us")
        COMPLAINT = "complaint", _("called junk by its recipient")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    mail = models.ForeignKey(Mail, models.CASCADE, related_name="bounce_reports", verbose_name=_("mail"))
    recipient = models.EmailField(_("to"), max_length=254)
    status = models.CharField(_("status"), max_length=10, blank=True, help_text=_("As RFC 3463 has it, such as 5.1.1."))
    diagnostic = models.CharField(_("in the words of the server"), max_length=500, blank=True)
    source = models.CharField(_("reported by"), max_length=30)
    at = models.DateTimeField(_("reported"), default=timezone.now)

    class Meta:
        verbose_name = _("report of a mail that came back")
        verbose_name_plural = _("reports of mails that came back")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["mail", "kind"], name="bounce_report_once")]
        indexes: ClassVar = [models.Index(fields=["recipient", "at"], name="bounce_report_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient}"
