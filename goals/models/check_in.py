from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class CheckIn(models.Model):
    """What a person says about a goal on a day, beside what was measured and judged at that moment.

    The figures are frozen, so that the check-in still says years later what was known then. Nothing here changes the
    judgement: where the two differ, both are shown. Somebody else than who wrote it says that they have read it.
    """

    class Confidence(models.TextChoices):
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        OFF_TRACK = "off_track", _("off track")

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="check_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confidence = models.CharField(_("my own view"), max_length=10, choices=Confidence.choices)
    what_changed = models.TextField(_("what has changed"))
    next_step = models.TextField(_("what to try next"))
    difference = models.TextField(_("why I see it differently"), blank=True)

    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("acknowledged by")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)

    target = models.FloatField()
    value = models.FloatField(null=True, help_text=_("In the last complete period."))
    value_low = models.FloatField(null=True)
    value_high = models.FloatField(null=True)
    value_n = models.PositiveIntegerField(default=0)
    value_start = models.DateField(null=True)
    value_end = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=Goal.Status.choices, blank=True, help_text=_("As judged then."))
    reason = models.CharField(max_length=40, blank=True, help_text=_("Why it was judged so, as Goal.reason."))
    probability = models.FloatField(null=True, help_text=_("Of reaching the target, 0 to 1, as computed then."))

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.goal} {self.at:%Y-%m-%d}"
