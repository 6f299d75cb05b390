from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.models.contact import Contact
from surveys.models.survey import Invitation, Survey


class Answer(models.Model):
    """A score that a person confirmed. Context is copied from the invitation, so that figures need one table."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    invitation = models.OneToOneField(Invitation, models.CASCADE, null=True, blank=True, related_name="answer")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="answers")
    form_key = models.CharField(
        max_length=22, blank=True, help_text=_("Names the form that was filled in by the public link.")
    )
    kind = models.CharField(max_length=10, choices=Survey.Kind.choices)
    score = models.SmallIntegerField(_("score"))
    scale_min = models.SmallIntegerField()
    scale_max = models.SmallIntegerField()
    comment = models.TextField(_("comment"), blank=True)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    ticket_source = models.CharField(max_length=50, blank=True)
    agent = models.CharField(_("agent"), max_length=200, blank=True)
    team = models.CharField(_("team"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
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
        ]
        indexes: ClassVar = [
            models.Index(fields=["answered_at"], name="answer_when"),
            models.Index(fields=["changed_at"], name="answer_changed", condition=Q(changed_at__isnull=False)),
            models.Index(fields=["survey", "-answered_at"], name="answer_survey"),
            models.Index(fields=["ticket_source", "ticket"], name="answer_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


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

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
