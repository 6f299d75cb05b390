from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.alert_rule import AlertRule
from goals.models.goal import Goal
from goals.models.report import Stakeholder
from kpiproject.models import Mail, User


class Alarm(models.Model):
    """A rule that fired, from then until it was over. What it was about stays when its rule or goal is deleted.

    `worst` is the value furthest past the limit. `chain` is as it was when people were told, `level` the step that was
    told last, `feeds` the kinds of facts that are missing, whose figures cannot be believed meanwhile.
    """

    class End(models.TextChoices):
        RECOVERED = "recovered", _("recovered")
        GONE = "gone", _("what was watched is gone")
        CHANGED = "changed", _("the rule was changed")
        OFF = "off", _("the rule was switched off")

    rule = models.ForeignKey(AlertRule, models.SET_NULL, null=True, related_name="alarms")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=AlertRule.Kind.choices)
    severity = models.CharField(max_length=10, choices=AlertRule.Severity.choices)
    kpi = models.CharField(max_length=50, blank=True)
    dimension = models.CharField(max_length=30, blank=True)
    member = models.CharField(max_length=200, blank=True)
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="alarms")
    clock = models.CharField(max_length=10, blank=True)
    grain = models.CharField(max_length=10, blank=True)
    side = models.CharField(max_length=10, blank=True)
    limit = models.FloatField(null=True)
    opened_at = models.DateTimeField(_("since"))
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    worst = models.FloatField(null=True)
    facts = models.JSONField(default=dict, help_text=_("What else was seen, for the words of its kind."))
    feeds = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    chain = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    acknowledged_outside = models.ForeignKey(Stakeholder, models.SET_NULL, null=True, related_name="+")
    acknowledged_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=End.choices, blank=True)
    recovery_told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering: ClassVar = ["-opened_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["ended_at", "-opened_at"], name="alarm_when")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule"], condition=Q(ended_at__isnull=True), name="alarm_one_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def carer(self) -> User | Stakeholder | None:
        """Who works on it, as far as anybody knows."""
        return self.acknowledged_by or self.acknowledged_outside


class AlarmEvent(models.Model):
    """One line in the history of an alarm."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("alarm")
        TOLD = "told", _("people were told")
        REMINDED = "reminded", _("people were reminded")
        ESCALATED = "escalated", _("the next ones were told")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        SNOOZED = "snoozed", _("snoozed")
        WOKEN = "woken", _("no longer snoozed")
        ENDED = "ended", _("over")
        RECOVERY_TOLD = "recovery", _("people were told that it is over")

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_outside = models.ForeignKey(Stakeholder, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    text = models.CharField(max_length=500, blank=True)
    value = models.FloatField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event of an alarm")
        verbose_name_plural = _("events of alarms")
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class AlarmNotice(models.Model):
    """Who was told of what: once per alarm, step, person and kind. `number` counts reminders, and failures of a rule.

    Without an alarm it is about the rule itself, which cannot be checked. Several share one mail. Who has no account
    is a `stakeholder`.
    """

    class Kind(models.TextChoices):
        FIRE = "fire", _("alarm")
        REMIND = "remind", _("still there")
        ESCALATE = "escalate", _("nobody has acknowledged it")
        RECOVER = "recover", _("over")
        ERROR = "error", _("cannot be checked")
        BROKEN = "broken", _("no longer checked")

    rule = models.ForeignKey(AlertRule, models.SET_NULL, null=True, related_name="notices")
    alarm = models.ForeignKey(Alarm, models.CASCADE, null=True, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="alarm_notices")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, null=True, related_name="alarm_notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("notice of an alarm")
        verbose_name_plural = _("notices of alarms")
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alarm", "level", "recipient", "kind", "number"],
                condition=Q(alarm__isnull=False),
                name="alarm_notice_once",
            ),
            models.UniqueConstraint(
                fields=["rule", "recipient", "kind", "number"],
                condition=Q(alarm__isnull=True),
                name="alarm_trouble_once",
            ),
            models.UniqueConstraint(
                fields=["alarm", "level", "stakeholder", "kind", "number"], name="alarm_notice_outside_once"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, stakeholder__isnull=True)
                | Q(recipient__isnull=True, stakeholder__isnull=False),
                name="alarm_notice_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.reader}"

    @property
    def reader(self) -> User | Stakeholder | None:
        return self.recipient or self.stakeholder


class AlarmLeft(models.Model):
    """Somebody without an account has unsubscribed from alarms. Only deleting this row lets them get alarms again."""

    stakeholder = models.OneToOneField(
        Stakeholder, models.CASCADE, verbose_name=_("stakeholder"), related_name="left_alarms"
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("unsubscription from alarms")
        verbose_name_plural = _("unsubscriptions from alarms")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.stakeholder)
