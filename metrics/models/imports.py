from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import new_token


def upload_path(run: models.Model, name: str) -> str:
    """A name that tells nothing and cannot be guessed; what the file was called stands in `file_name`."""
    return f"imports/{new_token()}"


class ImportRun(models.Model):
    """One file read once: what was asked, how far it is, what came of it."""

    waiting: int
    """Rejected rows that still wait; only on rows that `queries.rejected.with_waiting` has read."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        SUBSCRIPTIONS = "subscriptions", _("subscriptions")
        ORDERS = "orders", _("orders")
        TICKETS = "tickets", _("tickets")
        TICKET_EVENTS = "ticket_events", _("ticket events")
        MESSAGES = "messages", _("messages")
        AGENT_TIME = "agent_time", _("times of agents")
        COSTS = "costs", _("costs")
        SERVICE_RECORDS = "service_records", _("service records")
        SURVEY_RESPONSES = "survey_responses", _("answers to surveys")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for your confirmation")
        QUEUED = "queued", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=20)
    source = models.CharField(_("source"), max_length=50)
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(upload_to=upload_path, blank=True, help_text=_("Kept until the run has ended."))
    options = models.JSONField(default=dict, blank=True)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.RUNNING)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.FloatField(_("share done"), default=0.0)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    written = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    header = models.JSONField(default=list, blank=True)
    rejected_file = models.FileField(blank=True, help_text=_("All rejected rows, to be mended and imported again."))
    dismissed_at = models.DateTimeField(
        _("rejected rows left out for good"),
        null=True,
        blank=True,
        help_text=_("Nobody is asked to mend them any more."),
    )
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("left out by"),
    )
    error = models.TextField(_("error"), blank=True)
    undo = models.JSONField(
        default=dict, blank=True, editable=False, help_text=_("What came of undoing it: counts, and rows that stay.")
    )
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="import_waiting", condition=Q(state__in=["queued", "running"]))
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class RejectedRow(models.Model):
    """A row that could not be used, kept whole with its reason. `row` lists the cells under the run's `header`. Before
    the reason stand SETTLED and the number of a later import where that has brought the same row or record again."""

    SETTLED: ClassVar = "settled:"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejected_rows")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=50)
    message = models.CharField(_("what is wrong"), max_length=400)
    row = models.JSONField()

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering: ClassVar = ["run", "line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.message}"

    @property
    def is_settled(self) -> bool:
        return self.reason.startswith(self.SETTLED)

    @property
    def settled_by(self) -> int | None:
        """The number of the import that brought it again."""
        number = self.reason.removeprefix(self.SETTLED).partition(":")[0] if self.is_settled else ""
        return int(number) if number.isdecimal() else None


class ImportChange(models.Model):
    """What an import did to rows of one table, so that it can be undone: rows that it created are given by their first
    and last number, of those that it changed or deleted `before` has what they said until then."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("changed")
        DELETED = "deleted", _("deleted")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    action = models.CharField(max_length=10, choices=Action.choices)
    table = models.CharField(max_length=60)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    before = models.JSONField(null=True)

    class Meta:
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by imports")
        indexes: ClassVar = [models.Index(fields=["table", "first_id"], name="import_change_row")]

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.first_id}"
