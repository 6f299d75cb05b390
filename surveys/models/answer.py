from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.models.asking import Entrance, Invitation
from surveys.models.contact import Contact
from surveys.models.survey import Question, Survey, Version
from surveys.scales import Scale


class Answer(models.Model):
    """A score that a person confirmed. Context is copied from the invitation, so that figures need one table.

    Answers of employees have no invitation and no contact, and only a day.
    """

    class Origin(models.TextChoices):
        MAIL = "mail", _("link in a mail")
        PUBLIC = "public", _("public link")
        LINK = "link", _("signed link in a message")
        KIOSK = "kiosk", _("kiosk")
        WIDGET = "widget", _("widget on a web page")
        CODE = "code", _("printed code")
        IMPORT = "import", _("imported")

    class Mark(models.TextChoices):
        NONE = "", _("none")
        PRAISE = "praise", _("praise")
        COMPLAINT = "complaint", _("complaint")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    invitation = models.OneToOneField(Invitation, models.CASCADE, null=True, blank=True, related_name="answer")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="answers")
    entrance = models.ForeignKey(Entrance, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    origin = models.CharField(_("way in"), max_length=10, choices=Origin.choices, default=Origin.MAIL)
    form_key = models.CharField(
        max_length=22, blank=True, help_text=_("Names the form that was filled in without an invitation.")
    )
    source = models.CharField(_("source"), max_length=50, blank=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Survey.Kind.choices)
    language = models.CharField(_("language"), max_length=10, blank=True)
    score = models.SmallIntegerField(_("score"))
    scale_min = models.SmallIntegerField()
    scale_max = models.SmallIntegerField()
    lower_is_better = models.BooleanField(default=False)
    standing = models.SmallIntegerField(
        null=True, help_text=_("1 good, 0 middle, -1 bad, by the thresholds in force; empty where there are none.")
    )
    comment = models.TextField(_("comment"), blank=True)
    mark = models.CharField(_("mark"), max_length=10, choices=Mark.choices, blank=True)
    customer = models.CharField(_("customer"), max_length=200, blank=True)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    ticket_source = models.CharField(max_length=50, blank=True)
    agent = models.CharField(_("agent"), max_length=200, blank=True)
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    extra = models.JSONField(
        _("other columns"), default=dict, blank=True, help_text=_("What else an imported row says.")
    )
    answered_at = models.DateTimeField(_("answered"), default=timezone.now, help_text=_("The first time."))
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["-answered_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__gte=F("scale_min")) & Q(score__lte=F("scale_max")), name="answer_score_on_scale"
            ),
            models.UniqueConstraint(
                fields=["survey", "form_key"], condition=~Q(form_key=""), name="answer_once_per_form"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="answer_identity"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["answered_at"], name="answer_when"),
            models.Index(fields=["changed_at"], name="answer_changed", condition=Q(changed_at__isnull=False)),
            models.Index(fields=["survey", "-answered_at"], name="answer_survey"),
            models.Index(fields=["survey", "-answered_at", "-id"], name="answer_with_words", condition=~Q(comment="")),
            models.Index(fields=["ticket_source", "ticket"], name="answer_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"

    @property
    def scale(self) -> Scale:
        """Without the thresholds of its survey; those are in `standing`."""
        return Scale(kind=self.kind, low=self.scale_min, high=self.scale_max, lower_is_better=self.lower_is_better)


class Reply(models.Model):
    """What was answered to a further question: a number, a text, or the keys of the options chosen."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="replies")
    question = models.ForeignKey(Question, models.PROTECT, related_name="replies")
    number = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    choices = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("reply to a further question")
        verbose_name_plural = _("replies to further questions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "question"], name="reply_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} q{self.question_id}"


class AnswerChange(models.Model):
    """What an answer said before it was changed."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="changes")
    score = models.SmallIntegerField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.answer_id} {self.score}"


class FactChange(models.Model):
    """A journal for whoever computes figures: something that counts at this instant was added or changed.

    Written in the transaction of the change; the reader deletes what it has taken over.
    """

    class About(models.TextChoices):
        BOTH = ""
        ANSWER = "answer"
        INVITATION = "invitation"

    at = models.DateTimeField()
    about = models.CharField(max_length=10, blank=True, help_text=_("What counts at that instant; empty: both."))

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
