from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal
from kpiproject.models import Mail


class Review(models.Model):
    """A date on which people look at goals together. One of a series knows which one it comes `after`, so that no
    two can follow the same."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    class Cadence(models.TextChoices):
        ONCE = "once", _("once")
        WEEKLY = "weekly", _("every week")
        TWO_WEEKLY = "two_weekly", _("every two weeks")
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")

    title = models.CharField(_("title"), max_length=150)
    on = models.DateField(_("date"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("led by"), related_name="reviews_led"
    )
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("also invited"), blank=True, related_name="reviews"
    )
    goals = models.ManyToManyField(
        Goal, verbose_name=_("goals"), blank=True, related_name="reviews", help_text=_("None means every active goal.")
    )
    remind_days = models.PositiveSmallIntegerField(
        _("reminded so many days before"), default=3, validators=[MaxValueValidator(60)]
    )
    cadence = models.CharField(_("repeated"), max_length=10, choices=Cadence.choices, default=Cadence.ONCE)
    after = models.OneToOneField("self", models.SET_NULL, null=True, editable=False, related_name="next_one")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    agenda = models.TextField(_("agenda"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    kept_agenda = models.JSONField(
        null=True, editable=False, help_text=_("The agenda as it was put together when the review was held.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["on", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "on"], name="review_planned")]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """One mail about one date of a review to one person. A review that is moved reminds again."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before")
        ON_THE_DAY = "day", _("on the day")
        OVERDUE = "overdue", _("overdue")

    review = models.ForeignKey(Review, models.CASCADE, related_name="reminders")
    on = models.DateField()
    moment = models.CharField(max_length=10, choices=Moment.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mail = models.OneToOneField(Mail, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "on", "moment", "recipient"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.on} {self.moment} → {self.recipient}"
