"""What is said to people about good work, and privately to managers about hard days. Nothing here is ever counted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Agent, Mail, Team
from surveys.models import Answer


class Praise(models.Model):
    """The words of a happy customer, without who they are: `text` is what a manager has left of the comment.

    Whom it is about sees it first; the team sees it if they agree. Whoever has no account agrees by the link in their
    mail, or tells a manager, who writes it down. What is about nobody in particular is for all. An answer that is
    erased takes its praise along.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("shown to the person")
        SHARED = "shared", _("shared with the team")
        KEPT = "kept", _("kept by the person")
        REFUSED = "refused", _("not passed on")

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="praise")
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="praise")
    text = models.TextField(_("words"), blank=True, max_length=2000)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(
        _("decided at"), null=True, editable=False, help_text=_("When somebody without an account has said it.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written down by"),
        help_text=_("Empty where they have said it themselves."),
    )

    class Meta:
        verbose_name = _("praise of a customer")
        verbose_name_plural = _("praise of customers")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "-at"], name="praise_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="shared")
                | Q(person__isnull=False)
                | Q(agent__isnull=True)
                | Q(decided_at__isnull=False),
                name="praise_is_shared_by_whom_it_is_about",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Thanks(models.Model):
    """What one colleague thanks another for, or a whole team. Whoever is thanked may hide it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="thanks_given")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="thanks_received"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    what = models.TextField(_("for what"), max_length=1000)
    praise = models.ForeignKey(Praise, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="thanks_to_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                name="thanks_to_a_person_or_a_team",
            )
        ]

    def __str__(self) -> str:
        return self.what[:60]


class SupportHint(models.Model):
    """One agent had a hard day: managers are told, so that somebody asks how they are. Private, and never a score."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("hint to ask how somebody is")
        verbose_name_plural = _("hints to ask how somebody is")
        ordering: ClassVar = ["-day", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "day"], name="support_hint_once_a_day")]

    def __str__(self) -> str:
        return f"{self.agent} {self.day}"
