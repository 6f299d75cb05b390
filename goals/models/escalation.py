from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.report import Stakeholder
from kpiproject.models import BusinessCalendar


class EscalationChain(models.Model):
    """Who is told one after the other, as long as nobody has acknowledged an alarm. Frozen when an alarm begins.

    `repeats` is how many rounds follow the first one.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.SET_NULL,
        verbose_name=_("opening hours"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In which waiting is counted, where a step says so. Empty means the default calendar."),
    )

    repeats = models.PositiveSmallIntegerField(
        _("then again, so many times"),
        default=0,
        validators=[MaxValueValidator(5)],
        help_text=_("From the first step on, if nobody has acknowledged it after the last one. At most 5 times."),
    )

    class Meta:
        verbose_name = _("escalation chain")
        verbose_name_plural = _("escalation chains")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """Whom a chain tells next, and after how long."""

    class Role(models.TextChoices):
        OWNER = "owner", _("the owner of the rule")
        MANAGERS = "managers", _("all managers")
        PEOPLE = "people", _("the people chosen here")
        OUTSIDE = "outside", _("the stakeholders chosen here")

    chain = models.ForeignKey(EscalationChain, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("tells"), max_length=10, choices=Role.choices, default=Role.OWNER)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="escalation_steps"
    )
    stakeholders = models.ManyToManyField(
        Stakeholder,
        verbose_name=_("stakeholders"),
        blank=True,
        related_name="escalation_steps",
        help_text=_("People without an account. They are told in a few words, without comments of customers."),
    )
    wait_minutes = models.PositiveIntegerField(
        _("after so many minutes"),
        default=60,
        validators=[MaxValueValidator(14 * 24 * 60)],
        help_text=_(
            "Since the step before. The first step is told at once, and waits only when the chain begins again."
        ),
    )
    by_hours = models.BooleanField(
        _("opening hours only"), default=False, help_text=_("Minutes count only while the service is open.")
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_role_display()}"
