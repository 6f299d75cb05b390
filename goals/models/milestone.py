from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class Milestone(models.Model):
    """One step of a goal without a KPI. `done_on` is the day on which it was done, whenever somebody said so."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("milestone"), max_length=120)
    due = models.DateField(_("due on"), null=True, help_text=_("Of a draft it may be missing."))
    done_on = models.DateField(_("done on"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(done_by__isnull=True, note=""), name="milestone_done_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_late(self, today: date) -> bool:
        """Its day is over and it is not done; on the day itself there is still time."""
        return self.done_on is None and self.due is not None and self.due < today


class MilestoneChange(models.Model):
    """What happened to a milestone of a goal that is no draft any more: by whom and when, and never rewritten.

    `before` and `after` are the days of what was moved, `after` the day of what was done, `before` that of what was
    not done after all; `was` is the name before it was another one.
    """

    class Kind(models.TextChoices):
        DONE = "done", _("done")
        UNDONE = "undone", _("not done after all")
        ADDED = "added", _("added")
        REMOVED = "removed", _("taken out")
        RENAMED = "renamed", _("renamed")
        MOVED = "moved", _("moved")

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="milestone_changes")
    milestone = models.ForeignKey(Milestone, models.SET_NULL, null=True, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    was = models.CharField(max_length=120, blank=True)
    before = models.DateField(null=True)
    after = models.DateField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a milestone")
        verbose_name_plural = _("changes of milestones")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"
