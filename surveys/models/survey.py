from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Mail
from surveys.models.contact import Contact


class Survey(models.Model):
    """One question with its scale, and how it is asked."""

    class Kind(models.TextChoices):
        CSAT = "csat", _("Customer satisfaction (CSAT)")
        NPS = "nps", _("Net Promoter Score (NPS)")
        CES = "ces", _("Customer effort (CES)")
        ESAT = "esat", _("Employee satisfaction")
        ENPS = "enps", _("Employee Net Promoter Score (eNPS)")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    slug = models.SlugField(_("short name"), unique=True, max_length=50, help_text=_("Part of the public address."))
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    question = models.CharField(
        _("question"), max_length=300, help_text=_("“[Company]” is replaced by the organisation's name.")
    )
    low_label = models.CharField(_("label of the lowest score"), max_length=60, blank=True)
    high_label = models.CharField(_("label of the highest score"), max_length=60, blank=True)
    comment_label = models.CharField(_("label of the comment"), max_length=150, blank=True)
    thanks = models.CharField(_("words of thanks"), max_length=300, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        help_text=_("Of the wording above; the mail and the page around it use the same."),
    )
    scale_min = models.SmallIntegerField(_("lowest score"), default=1, editable=False)
    scale_max = models.SmallIntegerField(_("highest score"), default=5, editable=False)
    expires_after_days = models.PositiveSmallIntegerField(
        _("an invitation expires after (days)"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    lock_after_days = models.PositiveSmallIntegerField(
        _("an answer can be changed for (days)"),
        default=7,
        validators=[MaxValueValidator(365)],
    )
    has_public_link = models.BooleanField(_("has a public link"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("owner"), null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="survey_scale_order")
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One person asked once. Everything an answer is later counted under is frozen here, when it is sent."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=22, unique=True)
    key = models.CharField(max_length=200, unique=True, help_text=_("Names the cause: one cause, one invitation."))
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=500)
    low_label = models.CharField(max_length=60, blank=True)
    high_label = models.CharField(max_length=60, blank=True)
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
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["sent_at"], name="invitation_sent"),
            models.Index(fields=["id"], name="invitation_unsent", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["survey", "-id"], name="invitation_survey"),
            models.Index(fields=["ticket_source", "ticket"], name="invitation_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} → {self.contact_id}"
