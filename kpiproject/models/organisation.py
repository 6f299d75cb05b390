from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpiproject.validators import validate_time_zone


class Organisation(models.Model):
    """The one organisation that this installation measures: always the row with id 1."""

    name = models.CharField(_("name"), max_length=150, default="My organisation")
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Days, weeks and months of every figure begin at midnight here. For example Europe/Berlin."),
    )
    week_start = models.PositiveSmallIntegerField(
        _("week starts on"),
        default=0,
        choices=[(0, _("Monday")), (5, _("Saturday")), (6, _("Sunday"))],
        validators=[MinValueValidator(0), MaxValueValidator(6)],
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}$")], help_text=_("ISO 4217.")
    )
    brand_colour = models.CharField(
        _("brand colour"), max_length=7, default="#1f4f8f", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    logo = models.FileField(
        _("logo"),
        upload_to="logos",
        max_length=60,
        blank=True,
        help_text=_("PNG, JPEG or WebP of at most 8 kB; shown 48 pixels high at the top of survey pages."),
    )
    pause_statuses = models.JSONField(
        _("statuses that stop the clock"),
        default=list,
        blank=True,
        help_text=_("Ticket statuses, as imported, whose time is left out of the resolution time."),
    )
    schedule_at_end = models.BooleanField(
        _("measure as Zendesk does"),
        default=False,
        help_text=_(
            "One calendar for the whole time of a ticket: that of the team which has it at the end. Otherwise every "
            "hour counts by the calendar of the team that had the ticket while it passed."
        ),
    )
    postal_address = models.TextField(
        _("postal address"), blank=True, help_text=_("Printed at the foot of survey mails, as many countries require.")
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="organisation_single")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A group of agents, as one source names it."""

    source = models.CharField(_("source"), max_length=50, default="plumbline")
    external_id = models.CharField(_("external id"), max_length=200)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="team_identity")]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """Somebody who answers customers; need not be able to log in."""

    source = models.CharField(_("source"), max_length=50, default="plumbline")
    external_id = models.CharField(_("external id"), max_length=200)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True, db_index=True)
    team = models.ForeignKey(Team, models.SET_NULL, verbose_name=_("team"), null=True, blank=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="agent_identity")]

    def __str__(self) -> str:
        return self.name
