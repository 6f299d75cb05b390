from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class Rebase(models.Model):
    """Somebody said that the figure of a goal is another process from a day on, so that its limits begin anew there.

    `since` is the first day of one of the goal's weeks or months.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="rebases")
    since = models.DateField(_("from"))
    reason = models.CharField(_("what changed"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("new beginning of limits")
        verbose_name_plural = _("new beginnings of limits")
        ordering: ClassVar = ["since"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "since"], name="rebase_once")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.since}"
