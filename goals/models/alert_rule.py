from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.escalation import EscalationChain
from goals.models.goal import Goal
from goals.models.report import Stakeholder
from kpiproject.models import WebhookTarget
from kpiproject.validators import validate_time_zone


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
    stakeholders = models.ManyToManyField(
        Stakeholder,
        verbose_name=_("also told, outside of the house"),
        blank=True,
        related_name="alert_rules",
        help_text=_("People without an account. They are told in a few words, without comments of customers."),
    )
    lets_outsiders_acknowledge = models.BooleanField(
        _("stakeholders may acknowledge it"),
        default=False,
        help_text=_("Also those of the escalation chain. Otherwise the link in their mail only shows how it stands."),
    )
    guidance = models.CharField(
        _("chapter of the manual"),
        max_length=100,
        blank=True,
        help_text=_("In which it says what to do; linked in every mail about it."),
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
