"""Who is asked without anybody pressing a button, who is asked from a file, and who was reminded."""

from datetime import time
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, User
from surveys.models.asking import Invitation
from surveys.models.survey import Survey


def working_days() -> list[int]:
    return [0, 1, 2, 3, 4]


def working_from() -> time:
    return time(9)


def working_until() -> time:
    return time(18)


def asking_at() -> time:
    return time(10)


class SendingRule(models.Model):
    """Whom a survey asks by itself, and when: after a ticket was solved, or on a schedule."""

    class Trigger(models.TextChoices):
        TICKET = "ticket", _("after a ticket was solved")
        SCHEDULE = "schedule", _("on a schedule")

    class Unit(models.TextChoices):
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    class Audience(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        CONTACTS = "contacts", _("everybody who was ever asked")
        AGENTS = "agents", _("our own people (agents)")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="rules")
    name = models.CharField(_("name"), max_length=100)
    trigger = models.CharField(_("asks"), max_length=10, choices=Trigger.choices)
    is_active = models.BooleanField(_("is on"), default=False)
    # When mails may leave
    weekdays = models.JSONField(_("weekdays"), default=working_days, help_text=_("0 is Monday."))
    from_time = models.TimeField(_("from"), default=working_from)
    to_time = models.TimeField(_("to"), default=working_until)
    skips_holidays = models.BooleanField(
        _("not on holidays"), default=True, help_text=_("Those of the calendar by which business time is measured.")
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("how many of them are asked (percent)"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    filters = models.JSONField(
        _("only"), default=dict, blank=True, help_text=_('By name, such as {"channel": ["chat"], "tier": ["gold"]}.')
    )
    # After a ticket was solved
    delay_hours = models.PositiveSmallIntegerField(
        _("hours after it was solved"), default=24, validators=[MaxValueValidator(24 * 14)]
    )
    since = models.DateTimeField(
        _("on since"), null=True, blank=True, editable=False, help_text=_("Nothing solved before is asked about.")
    )
    # On a schedule
    audience = models.CharField(_("whom"), max_length=10, choices=Audience.choices, default=Audience.CUSTOMERS)
    every = models.PositiveSmallIntegerField(
        _("every"), default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.MONTH)
    starts_on = models.DateField(_("for the first time on"), null=True, blank=True)
    at = models.TimeField(_("at"), default=asking_at)
    waves = models.PositiveSmallIntegerField(
        _("groups"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text=_("Each time another group is asked, so that answers come all year round."),
    )
    customer_since = models.DateField(_("customers since, or longer"), null=True, blank=True)
    next_due = models.DateTimeField(_("next time"), null=True, blank=True, editable=False)
    next_round = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("sending rule")
        verbose_name_plural = _("sending rules")
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["next_due"], name="rule_due", condition=Q(is_active=True))]

    def __str__(self) -> str:
        return self.name


class Mailing(models.Model):
    """People out of one file. Its rows are kept until everybody in it was asked, and no longer."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mailings")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    rows = models.JSONField(default=list)
    bad_rows = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    queued_count = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(_("skipped by reason"), default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("mailing from a file")
        verbose_name_plural = _("mailings from files")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["confirmed_at"],
                name="mailing_waiting",
                condition=Q(confirmed_at__isnull=False, finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Reminder(models.Model):
    """A second or third mail to somebody who did not answer."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints: ClassVar = [models.UniqueConstraint(fields=["invitation", "number"], name="survey_reminder_once")]

    def __str__(self) -> str:
        return f"{self.invitation_id} reminder {self.number}"
