from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal
from kpiproject.models import BusinessCalendar, Mail, WebhookTarget
from kpiproject.validators import validate_time_zone


class EscalationChain(models.Model):
    """Who is told one after the other, as long as nobody has acknowledged an alarm. Frozen when an alarm begins."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.SET_NULL,
        verbose_name=_("opening hours"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In which waiting is counted, where a step says so. Empty means the default calendar."),
    )

    class Meta:
        verbose_name = _("escalation chain")
        verbose_name_plural = _("escalation chains")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """Whom a chain tells next, and after how long."""

    class Role(models.TextChoices):
        OWNER = "owner", _("the owner of the rule")
        MANAGERS = "managers", _("all managers")
        PEOPLE = "people", _("the people chosen here")

    chain = models.ForeignKey(EscalationChain, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("tells"), max_length=10, choices=Role.choices, default=Role.OWNER)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="escalation_steps"
    )
    wait_minutes = models.PositiveIntegerField(
        _("after so many minutes"),
        default=60,
        validators=[MaxValueValidator(14 * 24 * 60)],
        help_text=_("Since the step before. The first step is told at once."),
    )
    by_hours = models.BooleanField(
        _("opening hours only"), default=False, help_text=_("Minutes count only while the service is open.")
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_role_display()}"


class AlertRule(models.Model):
    """What is watched, from when on it is an alarm, and who is told. Values are in the unit of the KPI.

    `memory` is what goals.alarms.lifecycle remembers; `state` is the same in one word, `problem` why it failed.
    """

    class Kind(models.TextChoices):
        THRESHOLD = "threshold", _("a figure passes a limit")
        SIGNAL = "signal", _("a figure leaves its normal range")
        GOAL = "goal", _("a goal is in danger")
        BUDGET = "budget", _("too many bad ones among the last answers")
        NO_DATA = "no_data", _("nothing is measured any more")
        IMPORT = "import", _("an import failed or did not come")
        ANSWER = "answer", _("a single bad answer")

    class Severity(models.TextChoices):
        SERIOUS = "serious", _("serious")
        WARNING = "warning", _("warning")

    class Grain(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    class Side(models.TextChoices):
        BELOW = "below", _("below")
        ABOVE = "above", _("above")

    class State(models.TextChoices):
        QUIET = "quiet", _("quiet")
        PENDING = "pending", _("pending")
        FIRING = "firing", _("firing")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        RECOVERING = "recovering", _("recovering")
        SNOOZED = "snoozed", _("snoozed")
        ERRORED = "errored", _("cannot be checked")
        BROKEN = "broken", _("no longer checked")

    class Danger(models.TextChoices):
        AT_RISK = "at_risk", _("at risk or off track")
        OFF_TRACK = "off_track", _("off track")

    name = models.CharField(_("name"), max_length=150, help_text=_("The first words of its mails."))
    kind = models.CharField(_("alarm when"), max_length=12, choices=Kind.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.WARNING)
    is_active = models.BooleanField(_("active"), default=True)
    kpi = models.CharField(_("KPI"), max_length=50, blank=True)
    dimension = models.CharField(_("only for one"), max_length=30, blank=True)
    member = models.CharField(_("which"), max_length=200, blank=True)
    grain = models.CharField(_("judged by"), max_length=10, choices=Grain.choices, default=Grain.WEEK)
    clock = models.CharField(max_length=10, blank=True, editable=False)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, verbose_name=_("goal"), null=True, blank=True, related_name="alert_rules"
    )
    danger = models.CharField(_("when it is"), max_length=10, choices=Danger.choices, default=Danger.OFF_TRACK)
    source = models.CharField(_("imports from"), max_length=50, blank=True)
    hours = models.PositiveIntegerField(
        _("or none for so many hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 366)],
    )
    side = models.CharField(_("alarm"), max_length=10, choices=Side.choices, blank=True)
    fire_level = models.FloatField(_("limit"), null=True, blank=True)
    clear_level = models.FloatField(_("over again at"), null=True, blank=True)
    breaches = models.PositiveSmallIntegerField(
        _("periods past the limit"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    of = models.PositiveSmallIntegerField(
        _("of the last"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    clears = models.PositiveSmallIntegerField(
        _("over after so many good periods"), default=2, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("owner"),
        related_name="alert_rules",
        help_text=_("Is told first. Who can no longer log in is replaced by all managers."),
    )
    chain = models.ForeignKey(
        EscalationChain,
        models.SET_NULL,
        verbose_name=_("escalation chain"),
        null=True,
        blank=True,
        related_name="rules",
        help_text=_("Who is told next if nobody acknowledges the alarm. Empty means the owner alone."),
    )
    webhooks = models.ManyToManyField(
        WebhookTarget, verbose_name=_("also told"), blank=True, related_name="alert_rules"
    )
    advice = models.TextField(
        _("what to do"),
        blank=True,
        max_length=2000,
        help_text=_("Stands in every mail about it. First steps help most."),
    )
    quiet_windows = models.JSONField(_("quiet hours"), default=list, blank=True)
    has_quiet_weekend = models.BooleanField(_("quiet at weekends"), default=False)
    time_zone = models.CharField(
        _("time zone of the quiet hours"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("For example Europe/Berlin. Empty means the organisation's."),
    )
    renotify_hours = models.PositiveIntegerField(
        _("remind after so many hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 90)],
        help_text=_("As long as nobody acknowledges it. Empty means never."),
    )

    memory = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUIET, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, editable=False)
    value = models.FloatField(null=True, editable=False, help_text=_("When it was last checked."))
    value_n = models.PositiveIntegerField(default=0, editable=False)
    value_start = models.DateField(null=True, editable=False)
    value_end = models.DateField(null=True, editable=False)
    has_news = models.BooleanField(default=False, editable=False, help_text=_("Somebody may have to be told."))
    checked_at = models.DateTimeField(null=True, editable=False)
    next_check_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["next_check_at"], name="alert_rule_due", condition=Q(is_active=True)),
            models.Index(fields=["id"], name="alert_rule_news", condition=Q(has_news=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(breaches__gte=1) & Q(breaches__lte=F("of")), name="alert_rule_k_of_n"),
        ]

    def __str__(self) -> str:
        return self.name


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

    Without an alarm it is about the rule itself, which cannot be checked. Several share one mail.
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
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alarm_notices")
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
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"
