from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.aims import Aim, aim


class Objective(models.Model):
    """What the business wants; goals say how far service contributes to it."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("business objective")
        verbose_name_plural = _("business objectives")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


_UNCHECKED = ("draft", "cancelled")
"""The states in which a goal need not make sense yet, or any more."""


class Cadence(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    TWO_WEEKLY = "two_weekly", _("every two weeks")
    MONTHLY = "monthly", _("every month")

    @property
    def days(self) -> int:
        """From one time to the next; of months about."""
        return {"weekly": 7, "two_weekly": 14, "monthly": 30}[self.value]


class Goal(models.Model):
    """One figure that is to reach a target by a date. Baseline and judgement are measured, never typed.

    Values are in the unit of the KPI as `metrics.queries` gives it: seconds, 0–100, or a number per period. A goal
    without a KPI is complete when its milestones are done (goals.milestones): its target is their number, its value how
    many are done. The fields from `status` on are the last judgement (goals.evaluation), stored so that pages need not
    compute it. A draft may still be nonsense: what makes sense is checked when it becomes active (goals.smart).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("higher is better")
        LOWER = "lower", _("lower is better")

    class Grain(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("not started")
        GATHERING = "gathering", _("too little data")
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        OFF_TRACK = "off_track", _("off track")
        ACHIEVED = "achieved", _("achieved")
        MISSED = "missed", _("missed")

    statement = models.CharField(
        _("statement"),
        max_length=200,
        help_text=_("In one sentence, for example: nine of ten customers are satisfied."),
    )
    objective = models.ForeignKey(Objective, models.PROTECT, verbose_name=_("business objective"), related_name="goals")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("owner"), related_name="goals_owned"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("reviewer"),
        related_name="goals_reviewed",
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    kpi = models.CharField(_("KPI"), max_length=50, blank=True, help_text=_("Empty: its milestones say where it is."))
    dimension = models.CharField(_("only for one"), max_length=30, blank=True)
    member = models.CharField(_("which"), max_length=200, blank=True)
    grain = models.CharField(_("judged by"), max_length=10, choices=Grain.choices, default=Grain.WEEK)
    clock = models.CharField(max_length=10, blank=True, editable=False)
    direction = models.CharField(max_length=10, choices=Direction.choices, editable=False)
    target = models.FloatField(_("target"), help_text=_("Of a range, the lower end."))
    target_high = models.FloatField(_("upper end"), null=True, blank=True, help_text=_("Only of a range."))
    start = models.DateField(_("starts on"))
    due = models.DateField(_("due on"))
    check_in_cadence = models.CharField(
        _("check-ins"), max_length=12, choices=Cadence.choices, default=Cadence.TWO_WEEKLY
    )
    review_cadence = models.CharField(_("reviews"), max_length=12, choices=Cadence.choices, blank=True)
    guardrail = models.CharField(_("guardrail"), max_length=50, blank=True)
    guardrail_limit = models.FloatField(_("limit of the guardrail"), null=True, blank=True)
    guardrail_clock = models.CharField(max_length=10, blank=True, editable=False)
    has_incentive = models.BooleanField(_("money or praise depends on it"), default=False)
    smart_note = models.CharField(_("why in spite of the warnings"), max_length=500, blank=True)

    baseline = models.FloatField(_("baseline"), null=True, editable=False)
    baseline_low = models.FloatField(null=True, editable=False)
    baseline_high = models.FloatField(null=True, editable=False)
    baseline_n = models.PositiveIntegerField(default=0, editable=False)
    baseline_start = models.DateField(null=True, editable=False)
    baseline_end = models.DateField(null=True, editable=False, help_text=_("The first day after it."))
    baseline_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveSmallIntegerField(default=1, editable=False, help_text=_("Of the KPI's definition."))

    status = models.CharField(_("status"), max_length=12, choices=Status.choices, blank=True, editable=False)
    reason = models.CharField(max_length=40, blank=True, editable=False, help_text=_("A code; see goals.lines."))
    outlook = models.JSONField(default=dict, editable=False, help_text=_("The numbers behind the judgement."))
    probability = models.FloatField(null=True, editable=False, help_text=_("Of reaching the target, 0 to 1."))
    candidate = models.CharField(max_length=12, blank=True, editable=False, help_text=_("A status seen once."))
    value = models.FloatField(null=True, editable=False, help_text=_("In the last complete period."))
    value_low = models.FloatField(null=True, editable=False)
    value_high = models.FloatField(null=True, editable=False)
    value_n = models.PositiveIntegerField(default=0, editable=False)
    value_start = models.DateField(null=True, editable=False)
    value_end = models.DateField(null=True, editable=False)
    progress = models.FloatField(null=True, editable=False, help_text=_("1 is the target; may be below 0, above 1."))
    course = models.JSONField(default=list, editable=False, help_text=_("The complete periods judged, oldest first."))
    guardrail_value = models.FloatField(null=True, editable=False, help_text=_("In its last complete period."))
    guardrail_n = models.PositiveIntegerField(default=0, editable=False)
    guardrail_low = models.FloatField(null=True, editable=False)
    guardrail_high = models.FloatField(null=True, editable=False)
    guardrail_start = models.DateField(null=True, editable=False)
    guardrail_breached = models.BooleanField(
        null=True, editable=False, help_text=_("Empty where it could not be measured.")
    )
    evaluated_at = models.DateTimeField(null=True, editable=False)
    checked_in_on = models.DateField(null=True, editable=False, help_text=_("The day of the last check-in."))
    confidence = models.CharField(
        max_length=10, blank=True, editable=False, help_text=_("A person's, at that check-in.")
    )
    next_evaluation_at = models.DateTimeField(default=timezone.now, editable=False)
    milestones_at = models.DateTimeField(null=True, editable=False, help_text=_("When they were last changed."))

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["due", "id"]
        indexes: ClassVar = [
            models.Index(fields=["next_evaluation_at"], name="goal_due", condition=Q(state="active")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=_UNCHECKED) | Q(start__lt=F("due")), name="goal_starts_before_due"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNCHECKED)
                | Q(baseline__isnull=True)
                | Q(target_high__isnull=False)
                | ~Q(target=F("baseline")),
                name="goal_target_is_not_baseline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNCHECKED) | Q(target_high__isnull=True) | Q(target__lt=F("target_high")),
                name="goal_range_has_a_width",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def has_kpi(self) -> bool:
        """Without one it is complete when its milestones are done."""
        return bool(self.kpi)

    @property
    def aim(self) -> Aim:
        """What meets the goal: at least, at most, or both."""
        return aim(self.direction, self.target, self.target_high)

    @property
    def was_met(self) -> bool:
        """Whether the baseline already met the target, so that the goal is to keep a level."""
        return self.baseline is not None and self.aim.is_met(self.baseline)


class TargetChange(models.Model):
    """A target that was moved after the goal had become active, and why."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="target_changes")
    before = models.FloatField()
    after = models.FloatField()
    before_high = models.FloatField(null=True, help_text=_("Of a range, the upper end."))
    after_high = models.FloatField(null=True)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of target")
        verbose_name_plural = _("changes of target")
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class StatusChange(models.Model):
    """When a goal's judgement changed, after which period, and on what value."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="status_changes")
    before = models.CharField(max_length=12, choices=Goal.Status.choices, blank=True)
    after = models.CharField(max_length=12, choices=Goal.Status.choices)
    reason = models.CharField(max_length=40, blank=True, help_text=_("Why it became that, as Goal.reason."))
    period_end = models.DateField(null=True)
    value = models.FloatField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
