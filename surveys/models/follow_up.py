"""Unhappy answers until somebody has settled them: who takes care, until when, what was done, what came of it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail
from surveys.models.answer import Answer
from surveys.models.asking import Invitation
from surveys.models.contact import Contact
from surveys.models.survey import Survey


class FollowUp(models.Model):
    """One customer's trouble within some days; later unhappy answers of the same customer are appended to it.

    It counts under what its first answer counts under. `one_day_at` is the instant at which one working day has passed,
    whatever the due time of the house is.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN = "taken", _("taken")
        CONTACTED = "contacted", _("contacted")
        RESOLVED = "resolved", _("resolved")
        NO_ANSWER = "no_answer", _("no answer")

    class Clock(models.TextChoices):
        BUSINESS = "business", _("opening hours")
        CALENDAR = "calendar", _("calendar time")

    OPEN_STATES: ClassVar = (State.NEW, State.TAKEN, State.CONTACTED)
    UNCONTACTED_STATES: ClassVar = (State.NEW, State.TAKEN)
    CLOSED_STATES: ClassVar = (State.RESOLVED, State.NO_ANSWER)

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="follow_ups")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    customer = models.CharField(_("customer"), max_length=200, blank=True)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    ticket_source = models.CharField(max_length=50, blank=True)
    agent = models.CharField(_("agent"), max_length=200, blank=True)
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    is_reachable = models.BooleanField(
        _("there is somebody to write to"), default=True, help_text=_("By an address, a customer's name or a ticket.")
    )
    opened_at = models.DateTimeField(_("opened"), help_text=_("When the unhappy answer was given."))
    due_at = models.DateTimeField(_("due"), help_text=_("Until when the customer is to be contacted."))
    due_clock = models.CharField(max_length=10, choices=Clock.choices, default=Clock.BUSINESS)
    one_day_at = models.DateTimeField()
    escalate_at = models.DateTimeField(help_text=_("From when on managers are told if nobody has taken it."))
    escalated_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("first contacted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="new") | Q(taken_at__isnull=False), name="follow_up_taken_before_it_goes_on"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="follow_up_inbox"),
            models.Index(fields=["assignee", "state"], name="follow_up_mine"),
            models.Index(fields=["contact", "-opened_at"], name="follow_up_customer"),
            models.Index(fields=["one_day_at"], name="follow_up_counted"),
            models.Index(
                fields=["escalate_at"],
                name="follow_up_unclaimed",
                condition=Q(state="new", escalated_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.opened_at:%Y-%m-%d} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    def is_overdue(self, now: datetime) -> bool:
        """Whether the customer should have been contacted by now."""
        return self.state in self.UNCONTACTED_STATES and self.due_at < now


class FollowUpAnswer(models.Model):
    """An answer that belongs to a follow-up: no answer belongs to two. What it said when it was last looked at."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="links")
    answer = models.OneToOneField(Answer, models.CASCADE, related_name="follow_up_link")
    is_recovery = models.BooleanField(_("answers whether it was settled"), default=False)
    standing = models.SmallIntegerField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer of a follow-up")
        verbose_name_plural = _("answers of follow-ups")
        ordering: ClassVar = ["seen_at", "id"]

    def __str__(self) -> str:
        return f"{self.follow_up_id} a{self.answer_id}"


class FollowUpNote(models.Model):
    """One thing that happened to a follow-up, or was written about it. Never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        JOINED = "joined", _("another unhappy answer")
        CHANGED = "changed", _("the customer changed the answer")
        TAKEN = "taken", _("taken")
        HANDED = "handed", _("handed over")
        CONTACTED = "contacted", _("contacted")
        RESOLVED = "resolved", _("resolved")
        NO_ANSWER = "no_answer", _("no answer")
        REOPENED = "reopened", _("opened again")
        ESCALATED = "escalated", _("told to the managers")
        ASKED = "asked", _("asked whether it was settled")
        NOT_ASKED = "not_asked", _("not asked whether it was settled")
        ANSWERED = "answered", _("said whether it was settled")
        NOTE = "note", _("note")

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="notes")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("text"), blank=True)
    is_to_tell = models.BooleanField(default=False, help_text=_("Somebody is still to be told of it by mail."))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("note on a follow-up")
        verbose_name_plural = _("notes on follow-ups")
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["id"], name="follow_up_note_to_tell", condition=Q(is_to_tell=True))]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.kind}"


class FollowUpTelling(models.Model):
    """One person told of one thing. Several that come at once share one mail."""

    note = models.ForeignKey(FollowUpNote, models.CASCADE, related_name="tellings")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("person told of a follow-up")
        verbose_name_plural = _("people told of follow-ups")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["note", "recipient"], name="follow_up_told_once")]
        indexes: ClassVar = [models.Index(fields=["recipient", "-at"], name="follow_up_told_lately")]

    def __str__(self) -> str:
        return f"{self.note_id} → {self.recipient_id}"


class FollowUpRoute(models.Model):
    """Who is asked first. What is left empty fits everything; the first route that fits counts."""

    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("The lowest is tried first."))
    survey = models.ForeignKey(Survey, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("who takes care"), related_name="+"
    )

    class Meta:
        verbose_name = _("route of follow-ups")
        verbose_name_plural = _("routes of follow-ups")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return str(_("route %(position)s") % {"position": self.position})


class FollowUpRules(models.Model):
    """How unhappy customers are followed up: always the row with id 1."""

    due_hours = models.PositiveSmallIntegerField(
        _("a customer is contacted within (working hours)"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text=_("Hours in which you are open; 8 are one working day. Without opening hours, 8 count as 24 hours."),
    )
    escalate_hours = models.PositiveSmallIntegerField(
        _("managers are told if nobody takes it within (working hours)"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
    )
    join_days = models.PositiveSmallIntegerField(
        _("unhappy answers of one customer are one follow-up within (days)"),
        default=7,
        validators=[MaxValueValidator(90)],
    )
    most_mails = models.PositiveSmallIntegerField(
        _("mails to one person an hour, then all the rest in one"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    recovery_survey = models.ForeignKey(
        Survey,
        models.SET_NULL,
        verbose_name=_("survey that asks whether it was settled"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the open survey about a settled complaint, if there is one."),
    )
    recovery_after_hours = models.PositiveSmallIntegerField(
        _("the customer is asked after (hours)"), default=24, validators=[MaxValueValidator(720)]
    )

    class Meta:
        verbose_name = _("rules of follow-ups")
        verbose_name_plural = _("rules of follow-ups")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="follow_up_rules_single")]

    def __str__(self) -> str:
        return str(_("rules of follow-ups"))


class Recovery(models.Model):
    """The question whether a resolved follow-up was settled: when it is to be asked, and what became of it."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="recoveries")
    ask_at = models.DateTimeField()
    invitation = models.OneToOneField(Invitation, models.SET_NULL, null=True, blank=True, related_name="recovery")
    answer = models.OneToOneField(Answer, models.SET_NULL, null=True, blank=True, related_name="recovery")
    reason = models.CharField(_("why nobody was asked"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("question after a follow-up")
        verbose_name_plural = _("questions after follow-ups")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["ask_at"], name="recovery_to_ask", condition=Q(invitation__isnull=True, reason="")),
            models.Index(
                fields=["invitation"],
                name="recovery_to_hear",
                condition=Q(invitation__isnull=False, answer__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.ask_at:%Y-%m-%d}"
