from datetime import time
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail


class Stakeholder(models.Model):
    """Somebody without an account who is told about figures. `kpis` are the codes of what they need to know."""

    class Rhythm(models.TextChoices):
        WEEK = "week", _("every week")
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")

    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    note = models.CharField(_("who this is"), max_length=200, blank=True)
    kpis = models.JSONField(_("needs to know"), default=list, blank=True)
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm.choices, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own parameters, handed on


class Report(models.Model):
    """Figures of the last complete week, mailed every week.

    `next_week` is the first day that no run has told of yet: the next run is about the first whole week from there.
    `next_due` is only computed from it. Both move on when a run is written.
    """

    WEEKDAYS = (
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    )

    name = models.CharField(_("name"), max_length=150)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("owner"), related_name="reports_owned"
    )
    weekday = models.PositiveSmallIntegerField(
        _("sent on"), choices=WEEKDAYS, default=0, validators=[MaxValueValidator(6)]
    )
    at = models.TimeField(_("at"), default=time(8), help_text=_("In the organisation's time zone."))
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("to people with an account"), blank=True, related_name="reports"
    )
    stakeholders = models.ManyToManyField(
        Stakeholder, verbose_name=_("to stakeholders"), blank=True, related_name="reports"
    )
    includes_goals = models.BooleanField(_("with the goals"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    next_week = models.DateField(null=True, editable=False)
    next_due = models.DateTimeField(_("next"), null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False, help_text=_("For figures that are being computed."))
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def readers_outside(self) -> list[Stakeholder]:
        """The stakeholders who get it. Whoever has left stays away, however often somebody adds them again."""
        gone = {left.stakeholder_id for left in self.left.all()}
        return [reader for reader in self.stakeholders.all() if reader.is_active and reader.pk not in gone]


class ReportLeft(models.Model):
    """Somebody has unsubscribed from a report. Only deleting this row lets them get it again."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="left")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="left")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("unsubscription from a report")
        verbose_name_plural = _("unsubscriptions from reports")
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "stakeholder"], name="report_left_once")]

    def __str__(self) -> str:
        return f"{self.stakeholder} ↛ {self.report}"


class ReportItem(models.Model):
    """A figure in a report: a KPI, overall or for one member of a dimension."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    kpi = models.CharField(_("KPI"), max_length=50)
    dimension = models.CharField(_("only for one"), max_length=30, blank=True)
    member = models.CharField(_("which"), max_length=200, blank=True)
    has_chart = models.BooleanField(_("with a chart"), default=False)

    class Meta:
        verbose_name = _("figure in the report")
        verbose_name_plural = _("figures in the report")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "kpi", "dimension", "member"], name="report_item_once")
        ]

    def __str__(self) -> str:
        return self.kpi


class ReportRun(models.Model):
    """A report about one week, with every figure as it was when it was written. Never changed afterwards."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="runs")
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), help_text=_("The first day after it."))
    content = models.JSONField()
    problem = models.CharField(_("what went wrong"), max_length=400, blank=True)
    at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("sent report")
        verbose_name_plural = _("sent reports")
        ordering: ClassVar = ["-start", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "start"], name="report_run_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.start}"


class Delivery(models.Model):
    """One report of one week to one address. `email` is kept as it was then."""

    run = models.ForeignKey(ReportRun, models.CASCADE, related_name="deliveries")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150, blank=True)
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "email"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.run} → {self.email}"
