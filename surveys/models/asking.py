"""Who was asked, who was not and why, and what they opened."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail
from surveys.models.contact import Contact
from surveys.models.survey import Survey, Version


class Invitation(models.Model):
    """One person asked once. Everything an answer is later counted under is frozen here, when it is sent."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=22, unique=True)
    key = models.CharField(max_length=200, unique=True, help_text=_("Names the cause: one cause, one invitation."))
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, blank=True, related_name="+")
    rule = models.ForeignKey(
        "surveys.SendingRule", models.SET_NULL, null=True, blank=True, related_name="invitations", db_index=False
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    scale_min = models.SmallIntegerField()
    scale_max = models.SmallIntegerField()
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    ticket_source = models.CharField(max_length=50, blank=True)
    agent = models.CharField(_("agent"), max_length=200, blank=True)
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    context = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    send_at = models.DateTimeField(
        default=timezone.now, help_text=_("When it is meant to leave; people are left alone counting from here.")
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The first click that does not look like a machine's.")
    )
    is_answered = models.BooleanField(
        default=False, help_text=_("Of employees this is all that is known; their answers have no link to here.")
    )
    misdirected_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When somebody said that it was not meant for them.")
    )
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["sent_at"], name="invitation_sent"),
            models.Index(fields=["id"], name="invitation_unsent", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["survey", "send_at"], name="invitation_waiting", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["survey", "-id"], name="invitation_survey"),
            models.Index(fields=["ticket_source", "ticket"], name="invitation_ticket"),
            models.Index(fields=["contact", "-send_at"], name="invitation_quiet"),
            models.Index(fields=["rule", "-id"], name="invitation_rule", condition=Q(rule__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} → {self.contact_id}"


class Click(models.Model):
    """Somebody or something opened a link of a mail: an intent, never an answer. Of employees none are kept."""

    class Sign(models.TextChoices):
        """Why a click looks like a machine's."""

        HUMAN = "", _("none")
        HEAD = "head", _("asked for the head only")
        SCANNER = "scanner", _("names itself a robot")
        TRAP = "trap", _("opened a link that nobody sees")
        TOO_FAST = "too_fast", _("opened within 5 seconds of the delivery")
        TWO_SCORES = "two_scores", _("chose two scores within 10 seconds")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="clicks")
    score = models.SmallIntegerField(null=True, blank=True)
    sign = models.CharField(max_length=10, choices=Sign.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.score} {self.sign}".rstrip()


class Skip(models.Model):
    """Somebody who was not asked, and why."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="skips")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    email = models.CharField(_("address as given"), max_length=254, blank=True)
    key = models.CharField(max_length=200, unique=True, help_text=_("Names the cause, as an invitation's does."))
    reason = models.CharField(_("reason"), max_length=30)
    rule = models.ForeignKey(
        "surveys.SendingRule", models.SET_NULL, null=True, blank=True, related_name="skips", db_index=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("person not asked")
        verbose_name_plural = _("people not asked")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["survey", "at"], name="skip_survey"),
            models.Index(fields=["rule", "at"], name="skip_rule", condition=Q(rule__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.reason}"


class QuietTime(models.Model):
    """For how long people are left alone after they were asked: always the row with id 1. 0 switches a rule off."""

    person_days = models.PositiveSmallIntegerField(
        _("nobody is asked anything within (days)"), default=7, validators=[MaxValueValidator(730)]
    )
    kind_days = models.PositiveSmallIntegerField(
        _("nobody is asked the same kind within (days)"), default=30, validators=[MaxValueValidator(730)]
    )
    company_most = models.PositiveSmallIntegerField(_("at most so many people of one company"), default=0)
    company_days = models.PositiveSmallIntegerField(_("within (days)"), default=28, validators=[MaxValueValidator(730)])

    class Meta:
        verbose_name = _("quiet time")
        verbose_name_plural = _("quiet time")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="quiet_time_single")]

    def __str__(self) -> str:
        return str(_("quiet time"))


class Entrance(models.Model):
    """A way in without an invitation: a kiosk, a widget on a web page, a printed code."""

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("kiosk")
        WIDGET = "widget", _("widget on a web page")
        CODE = "code", _("printed code")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="entrances")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100, help_text=_("For example “Till 2” or “Order page”."))
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    origins = models.JSONField(
        _("web pages that may show the widget"),
        default=list,
        blank=True,
        help_text=_("Origins such as https://shop.example.com; no other page can."),
    )
    is_active = models.BooleanField(_("is on"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("way in")
        verbose_name_plural = _("ways in")
        ordering: ClassVar = ["survey", "name"]

    def __str__(self) -> str:
        return self.name
