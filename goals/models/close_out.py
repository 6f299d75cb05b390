from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class CloseOut(models.Model):
    """How a goal ended, on which figures, and what was learned. One per goal, written once; only words may follow.

    `outcome` is what counts: achieved only if the target was met and no guardrail was breached. `certainty` says
    whether the interval leaves a doubt, `is_within_normal` whether the process would have given this value anyway.
    """

    class Outcome(models.TextChoices):
        ACHIEVED = "achieved", _("achieved")
        HOLLOW = "hollow", _("hollow win")
        MISSED = "missed", _("missed")
        UNKNOWN = "unknown", _("not measured")
        CANCELLED = "cancelled", _("cancelled")

    class Certainty(models.TextChoices):
        MET = "met_clearly", _("met clearly")
        CLOSE = "too_close_to_call", _("too close to call")
        MISSED = "missed_clearly", _("missed clearly")

    goal = models.OneToOneField(Goal, models.CASCADE, related_name="close_out")
    next_goal = models.OneToOneField(Goal, models.SET_NULL, null=True, related_name="follows")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    certainty = models.CharField(max_length=20, choices=Certainty.choices, blank=True)
    is_early = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it ended before it was due."))

    target = models.FloatField()
    value = models.FloatField(null=True, help_text=_("In the final period."))
    value_low = models.FloatField(null=True)
    value_high = models.FloatField(null=True)
    value_n = models.PositiveIntegerField(default=0)
    value_start = models.DateField(null=True)
    value_end = models.DateField(null=True)
    is_guardrail_breached = models.BooleanField(null=True, help_text=_("Empty where the goal has no guardrail."))
    is_within_normal = models.BooleanField(null=True, help_text=_("Empty where too little was measured before."))
    normal_low = models.FloatField(null=True)
    normal_high = models.FloatField(null=True)
    normal_n = models.PositiveSmallIntegerField(default=0, help_text=_("Periods before the start that it rests on."))
    calibration = models.JSONField(default=dict, help_text=_("How often person and machine were right; see goals."))

    worked = models.TextField(_("what worked"), blank=True)
    did_not_work = models.TextField(_("what did not work"), blank=True)
    next_time = models.TextField(_("what we do next"), blank=True)

    class Meta:
        verbose_name = _("close-out")
        verbose_name_plural = _("close-outs")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_early=False) | ~Q(reason=""), name="close_out_early_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.outcome}"
