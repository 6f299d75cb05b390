"""What service takes: the time of agents, and money."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Agent, Team
from metrics.models.commerce import DIGITS, PLACES
from metrics.models.facts import Ticket


class AgentTime(models.Model):
    """What an agent did, or could have done, in a stretch of time. The key tells identical rows apart."""

    class Kind(models.TextChoices):
        AVAILABLE = "available", _("available")
        BREAK = "break", _("break")
        TRAINING = "training", _("training")
        ABSENCE = "absence", _("absence")
        HANDLING = "handling", _("handling a contact")
        RELATED = "related", _("work after a contact")

    source = models.CharField(_("source"), max_length=50)
    key = models.CharField(max_length=64)
    agent = models.ForeignKey(Agent, models.CASCADE, verbose_name=_("agent"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, verbose_name=_("ticket"), null=True, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("agent time")
        verbose_name_plural = _("agent times")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="agent_time_identity")]
        indexes: ClassVar = [
            models.Index(fields=["starts_at"], name="agent_time_starts"),
            models.Index(fields=["ends_at"], name="agent_time_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.kind} {self.starts_at:%Y-%m-%d %H:%M}"


class CostEntry(models.Model):
    """What service costs in a stretch of days, spread evenly over them. `valid_to` is the last day of it."""

    class Category(models.TextChoices):
        WAGES = "wages", _("wages")
        TECHNOLOGY = "technology", _("technology")
        FACILITIES = "facilities", _("facilities")
        TRAINING = "training", _("training")
        MANAGEMENT = "management", _("management")
        OTHER = "other", _("other")

    source = models.CharField(_("source"), max_length=50)
    key = models.CharField(max_length=64)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    amount = models.DecimalField(_("amount"), max_digits=DIGITS, decimal_places=PLACES)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    team = models.ForeignKey(Team, models.SET_NULL, verbose_name=_("team"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="cost_identity")]

    def __str__(self) -> str:
        return f"{self.category} {self.valid_from}"
