"""What happened, one row per fact; identity is (source, external id). Written by ingest.py only."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpiproject.models import Agent, Team


class Customer(models.Model):
    """Somebody who is served. A stub was only named by another fact so far."""

    source = models.CharField(_("source"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True, db_index=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    tier = models.CharField(_("tier"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    signed_up_on = models.DateField(_("signed up"), null=True, blank=True)
    left_on = models.DateField(_("left"), null=True, blank=True)
    leave_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)
    is_stub = models.BooleanField(default=False)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="customer_identity")]

    def __str__(self) -> str:
        return self.name or self.external_id


class Ticket(models.Model):
    """A request for help. Every instant is UTC; durations are computed from instants, never imported."""

    source = models.CharField(_("source"), max_length=50)
    external_id = models.CharField(_("external id"), max_length=200)
    customer = models.ForeignKey(Customer, models.SET_NULL, verbose_name=_("customer"), null=True, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, verbose_name=_("team"), null=True, blank=True, db_index=False)
    agent = models.ForeignKey(Agent, models.SET_NULL, verbose_name=_("agent"), null=True, blank=True, db_index=False)
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    type = models.CharField(_("type"), max_length=100, blank=True)
    priority = models.CharField(_("priority"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    tags = models.TextField(_("tags"), blank=True)
    created_at = models.DateTimeField(_("created"))
    first_assigned_at = models.DateTimeField(_("first assigned"), null=True, blank=True)
    first_agent_reply_at = models.DateTimeField(_("first reply by an agent"), null=True, blank=True)
    first_solved_at = models.DateTimeField(_("first solved"), null=True, blank=True)
    solved_at = models.DateTimeField(_("last solved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    ring_started_at = models.DateTimeField(_("ring started"), null=True, blank=True)
    answered_at = models.DateTimeField(_("call answered"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("call abandoned"), null=True, blank=True)
    reopens = models.PositiveIntegerField(_("reopens"), null=True, blank=True)
    agent_replies = models.PositiveIntegerField(_("replies by agents"), null=True, blank=True)
    customer_replies = models.PositiveIntegerField(_("replies by the customer"), null=True, blank=True)
    reassignments = models.PositiveIntegerField(_("reassignments"), null=True, blank=True)
    is_outbound = models.BooleanField(_("started by us"), default=False)
    is_spam = models.BooleanField(_("spam"), default=False)
    is_deleted = models.BooleanField(_("deleted"), default=False)
    is_test = models.BooleanField(_("test"), default=False)
    merged_into = models.CharField(_("merged into"), max_length=200, blank=True)
    bot_involved = models.BooleanField(_("bot involved"), default=False)
    handed_to_human_at = models.DateTimeField(_("handed to a person"), null=True, blank=True)
    fcr = models.BooleanField(_("resolved at first contact, says the source"), null=True, blank=True)
    sla_met = models.BooleanField(_("target met, says the source"), null=True, blank=True)
    satisfaction_score = models.SmallIntegerField(_("satisfaction"), null=True, blank=True)
    satisfaction_scale = models.SmallIntegerField(_("highest satisfaction"), null=True, blank=True)
    satisfaction_comment = models.TextField(_("satisfaction comment"), blank=True)
    satisfaction_at = models.DateTimeField(_("satisfaction given"), null=True, blank=True)
    target_due_at = models.DateTimeField(
        _("due under our service target"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Computed when the ticket or the targets change; empty where no target of ours applies."),
    )
    resolution_target = models.ForeignKey(
        "ServiceTarget", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    resolution_version = models.PositiveIntegerField(null=True, editable=False)
    resolution_tier = models.CharField(max_length=100, null=True, editable=False)
    first_response_due_at = models.DateTimeField(
        _("first response due under our service target"), null=True, blank=True, editable=False
    )
    first_response_target = models.ForeignKey(
        "ServiceTarget", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    first_response_version = models.PositiveIntegerField(null=True, editable=False)
    first_response_tier = models.CharField(max_length=100, null=True, editable=False)
    next_reply_due_at = models.DateTimeField(
        _("next reply due under our service target"), null=True, blank=True, editable=False
    )
    next_reply_target = models.ForeignKey(
        "ServiceTarget", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    next_reply_version = models.PositiveIntegerField(null=True, editable=False)
    next_reply_tier = models.CharField(max_length=100, null=True, editable=False)
    reported = models.JSONField(_("durations as the source reports them"), default=dict, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    flags = models.JSONField(_("oddities"), default=list, blank=True)
    is_flagged = models.BooleanField(_("has oddities"), default=False)
    is_stub = models.BooleanField(default=False)
    is_from_events = models.BooleanField(
        default=False, editable=False, help_text=_("Only its events were imported; tickets themselves take over.")
    )
    source_version = models.BigIntegerField(
        null=True, editable=False, help_text=_("Puts the states that a source exported of this ticket in order.")
    )
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="ticket_identity")]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="ticket_created"),
            models.Index(fields=["first_agent_reply_at"], name="ticket_replied"),
            models.Index(fields=["first_solved_at"], name="ticket_first_solved"),
            models.Index(fields=["solved_at"], name="ticket_solved"),
            models.Index(fields=["closed_at"], name="ticket_closed"),
            models.Index(fields=["satisfaction_at"], name="ticket_satisfaction"),
            models.Index(fields=["target_due_at"], name="ticket_target_due"),
            models.Index(fields=["first_response_due_at"], name="ticket_reply_due"),
            models.Index(
                fields=["next_reply_due_at"], name="ticket_next_due", condition=Q(next_reply_due_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="ticket_due"),
            # Few tickets have these, and figures look for them by time.
            models.Index(fields=["answered_at"], name="ticket_answered", condition=Q(answered_at__isnull=False)),
            models.Index(fields=["abandoned_at"], name="ticket_abandoned", condition=Q(abandoned_at__isnull=False)),
            models.Index(
                fields=["handed_to_human_at"], name="ticket_handed", condition=Q(handed_to_human_at__isnull=False)
            ),
            models.Index(fields=["id"], name="ticket_flagged", condition=Q(is_flagged=True)),
        ]

    def __str__(self) -> str:
        return self.external_id


class TicketEvent(models.Model):
    """Something that happened to a ticket. The key tells identical rows of one ticket apart."""

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        STATUS = "status", _("status")
        ASSIGNEE = "assignee", _("assignee")
        TEAM = "team", _("team")
        PRIORITY = "priority", _("priority")
        CATEGORY = "category", _("category")
        REPLY = "reply", _("reply")
        NOTE = "note", _("note")
        REOPEN = "reopen", _("reopened")
        MERGE = "merge", _("merged")
        ESCALATE = "escalate", _("escalated")
        HANDOFF = "handoff", _("handed over")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    key = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    from_value = models.CharField(_("from"), max_length=200, blank=True)
    to_value = models.CharField(_("to"), max_length=200, blank=True)
    actor_type = models.CharField(_("kind of actor"), max_length=20, blank=True)
    actor = models.CharField(_("actor"), max_length=200, blank=True)
    extra = models.JSONField(_("other columns"), default=dict, blank=True)
    row_hash = models.BinaryField(max_length=16, default=b"", editable=False)

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "key"], name="event_identity")]
        indexes: ClassVar = [
            # Only these open or end a ticket, and are looked for by day.
            models.Index(fields=["at"], name="event_turn", condition=Q(kind__in=["status", "reopen", "merge"])),
            # Under the time of these something is counted, too.
            models.Index(
                fields=["at"], name="event_told", condition=Q(kind__in=["assignee", "team", "reply", "escalate"])
            ),
            models.Index(fields=["ticket"], name="event_escalation", condition=Q(kind="escalate")),
            # All others: KPIs of our own may count any.
            models.Index(
                fields=["at"],
                name="event_other",
                condition=Q(kind__in=["created", "priority", "category", "note", "handoff"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class TicketHistory(models.Model):
    """Every snapshot that a source exported of one ticket, from which its events are made.

    Kept because events are differences: whatever comes later, in whatever order, the same events come out.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="history", primary_key=True)
    snapshots = models.JSONField(default=list)

    class Meta:
        verbose_name = _("ticket history")
        verbose_name_plural = _("ticket histories")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {len(self.snapshots)}"
