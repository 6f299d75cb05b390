from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal
from goals.models.review import Review
from kpiproject.models import Mail


class Decision(models.Model):
    """What was decided in a review. It is not changed afterwards; another decision takes its place."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    text = models.TextField(_("decision"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.text


class Action(models.Model):
    """Something that one person does by a day. It outlives the review and the goal that it comes from."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    what = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who does it"), related_name="actions"
    )
    due = models.DateField(_("due on"))
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="actions")
    goal = models.ForeignKey(
        Goal, models.SET_NULL, verbose_name=_("for the goal"), null=True, blank=True, related_name="actions"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("what came of it"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering: ClassVar = ["due", "id"]
        indexes: ClassVar = [models.Index(fields=["due"], name="action_open", condition=Q(state="open"))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state="open") | Q(ended_at__isnull=False), name="action_ended_at_known"),
        ]

    def __str__(self) -> str:
        return self.what


class ActionReminder(models.Model):
    """One person was told of one due date of an action. Several share one mail; one that is moved reminds again."""

    class Moment(models.TextChoices):
        ON_THE_DAY = "day", _("on the day")
        OVERDUE = "overdue", _("overdue")

    action = models.ForeignKey(Action, models.CASCADE, related_name="reminders")
    on = models.DateField()
    moment = models.CharField(max_length=10, choices=Moment.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of an action")
        verbose_name_plural = _("reminders of actions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "on", "moment", "recipient"], name="action_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.on} {self.moment} → {self.recipient}"
