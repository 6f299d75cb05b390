from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class Prediction(models.Model):
    """What was said once about the chance of a goal, and, when its time is over, whether it came true.

    Kept with the target and the date that it was about: whoever moves them asks another question. `method` is the
    revision of the forecast, so that a better one is judged by its own record.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="predictions")
    period_end = models.DateField(_("after the period up to"), help_text=_("The first day after it."))
    p = models.FloatField(_("chance"), help_text=_("Of reaching the target, 0 to 1."))
    horizon = models.PositiveSmallIntegerField(_("periods ahead"))
    method = models.PositiveSmallIntegerField(_("revision of the forecast"))
    target = models.FloatField(_("target"))
    target_high = models.FloatField(_("upper end"), null=True, help_text=_("Only of a range."))
    due = models.DateField(_("due on"))
    came_true = models.BooleanField(_("came true"), null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("forecast that was made")
        verbose_name_plural = _("forecasts that were made")
        ordering: ClassVar = ["period_end", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "period_end"], name="prediction_once"),
            models.CheckConstraint(condition=Q(p__gte=0, p__lte=1), name="prediction_is_a_chance"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["method", "p"], name="prediction_judged", condition=Q(came_true__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.period_end} {self.p:.2f}"
