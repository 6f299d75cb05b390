"""Take an import back: what it created goes, what it changed says again what it said before.

A row that a later import changed as well stays as it is, and so does one that something else rests on. That import
then answers for the whole change: when it is taken back, too, the row is as if neither had been.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias

from django.apps import apps
from django.db import models, transaction

from metrics import dirty
from metrics.ingest.resting import changed_by_people, rested_on, said_since
from metrics.ingest.restoring import around, restore
from metrics.models import ImportChange, ImportRun
from surveys.models import Answer, Invitation
from surveys.scales import KINDS

Table: TypeAlias = "type[models.Model]"

_MOST_EXAMPLES: Final = 100
_ROWS_AT_ONCE: Final = 1_000
# What belongs to others goes before them.
_ORDER: Final = (
    "surveys.answerchange",
    "surveys.answer",
    "surveys.invitation",
    "surveys.contact",
    "surveys.survey",
    "metrics.ticketevent",
    "metrics.message",
    "metrics.tickethistory",
    "metrics.agenttime",
    "metrics.costentry",
    "metrics.servicerecord",
    "metrics.order",
    "metrics.subscription",
    "metrics.ticket",
    "metrics.earliertier",
    "metrics.customer",
    "kpiproject.agent",
    "kpiproject.team",
)
# Rows that tell what another one said before, and the column that says which one.
_TELLING: Final[Mapping[str, str]] = {"surveys.answerchange": "answer", "metrics.earliertier": "customer"}
CHANGED_LATER: Final = "changed_later"
CHANGED_BY_PEOPLE: Final = "changed_by_people"
IN_USE: Final = "in_use"

_Action = ImportChange.Action


@dataclass(slots=True)
class Undone:
    """What came of it so far. A kept row is listed with its table, its name, why it stays and because of what."""

    deleted: int = 0
    restored: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, run: ImportRun) -> "Undone":
        said = run.undo
        if not said:
            return cls()
        return cls(said["deleted"], said["restored"], Counter(said["kept"]), list(said["examples"]))

    def as_json(self) -> dict[str, Any]:
        kept = dict(self.kept)
        return {"deleted": self.deleted, "restored": self.restored, "kept": kept, "examples": self.examples}

    def keep(self, table: Table, ids: Iterable[int], reason: str, because: str) -> None:
        wanted = sorted(ids)
        self.kept[reason] += len(wanted)
        shown = wanted[: _MOST_EXAMPLES - len(self.examples)]
        for row in table._base_manager.filter(pk__in=shown).order_by("pk"):
            self.examples.append(
                {"table": table._meta.label_lower, "name": _name(row), "reason": reason, "because": because}
            )


def _name(row: models.Model) -> str:
    """An answer as the file names it; that of an employee is told from others by nothing."""
    if isinstance(row, Invitation):
        return str(row.contact)
    if not isinstance(row, Answer):
        return str(row)
    return row.get_kind_display() if KINDS[row.kind].is_about_employees else row.external_id


def take_back_some(run: ImportRun) -> bool:
    """Take some hundred rows back, in one transaction; whether there may be more. What is taken back is forgotten, so
    that whoever is interrupted goes on where it stopped."""
    with transaction.atomic():
        dirty.take_turns()
        changes = _next(run)
        if not changes:
            return False
        undone = Undone.of(run)
        for action, group in groupby(changes, key=attrgetter("action")):
            some = list(group)
            table = apps.get_model(some[0].table)
            if action == _Action.CREATED:
                _delete(table, some, undone, since=run.created_at)
            elif action == _Action.UPDATED:
                _restore(table, some, undone, since=run.created_at)
            else:
                undone.restored += restore(table, {one.first_id: one.before or {} for one in some}, is_gone=True)
        ImportChange.objects.filter(pk__in=[one.pk for one in changes]).delete()
        run.undo = undone.as_json()
        ImportRun.objects.filter(pk=run.pk).update(undo=run.undo)
    return True


def _next(run: ImportRun) -> list[ImportChange]:
    """The newest changes of the first table that still has some."""
    tables = set(run.changes.order_by().values_list("table", flat=True).distinct())
    for table in sorted(tables, key=_ORDER.index):
        found: list[ImportChange] = []
        rows = 0
        for change in run.changes.filter(table=table).order_by("-pk")[:_ROWS_AT_ONCE]:
            rows += change.last_id - change.first_id + 1
            if found and rows > _ROWS_AT_ONCE:
                break
            found.append(change)
        return found
    return []


def _delete(table: Table, changes: Sequence[ImportChange], undone: Undone, *, since: datetime) -> None:
    for change in changes:
        rows = table._base_manager.filter(pk__range=(change.first_id, change.last_id))
        ids = set(rows.values_list("pk", flat=True))
        if later := _later(change, ids):
            # Whoever changed them later has them from now on.
            _hand_over(later.values(), action=_Action.CREATED, before=None)
            _keep_changed(table, later, undone)
            ids -= later.keys()
        ids -= _still_told(table, change, ids, since=since)
        if changed := changed_by_people(table, ids):
            undone.keep(table, changed, CHANGED_BY_PEOPLE, "")
            ids -= changed
        for because, used in rested_on(table, ids).items():
            undone.keep(table, used & ids, IN_USE, because)
            ids -= used
        with around(table, sorted(ids), {}):
            table._base_manager.filter(pk__in=ids).delete()
        undone.deleted += len(ids)


def _restore(table: Table, changes: Sequence[ImportChange], undone: Undone, *, since: datetime) -> None:
    """Of several changes of one row the oldest says what it was; they come newest first."""
    before: dict[int, dict[str, Any]] = {}
    for change in changes:
        before[change.first_id] = {**before.get(change.first_id, {}), **(change.before or {})}
    oldest = {change.first_id: change for change in changes}
    later: dict[int, ImportChange] = {}
    for pk, change in oldest.items():
        later |= _later(change, {pk})
    for pk, change in later.items():
        _hand_over([change], action=change.action, before={**(change.before or {}), **before.pop(pk)})
    if later:
        _keep_changed(table, later, undone)
    if changed := said_since(table, before.keys(), since):
        undone.keep(table, changed, CHANGED_BY_PEOPLE, "")
        before = {pk: said for pk, said in before.items() if pk not in changed}
    undone.restored += restore(table, before, is_gone=False)


def _still_told(table: Table, change: ImportChange, ids: set[int], *, since: datetime) -> set[int]:
    """Those that tell what a row said before which stays as it is. Whoever changed that one later has them, too."""
    if change.table not in _TELLING:
        return set()
    field: Any = table._meta.get_field(_TELLING[change.table])
    of = dict(table._base_manager.filter(pk__in=ids).values_list("pk", field.attname))
    later = _later(change, set(of.values()), table=field.related_model)
    said = said_since(field.related_model, of.values(), since)
    ImportChange.objects.bulk_create(
        ImportChange(run_id=later[row].run_id, action=_Action.CREATED, table=change.table, first_id=pk, last_id=pk)
        for pk, row in of.items()
        if row in later
    )
    return {pk for pk, row in of.items() if row in later or row in said}


def _later(change: ImportChange, ids: set[int], table: "Table | None" = None) -> dict[int, ImportChange]:
    """The next change by another import of each of these rows, which are of the table of the change or of another."""
    label = table._meta.label_lower if table else change.table
    found = ImportChange.objects.filter(table=label, pk__gt=change.pk, first_id__in=ids)
    found = found.exclude(run=change.run_id).exclude(action=_Action.CREATED)
    return {one.first_id: one for one in found.order_by("-pk")}


def _hand_over(changes: Iterable[ImportChange], *, action: str, before: dict[str, Any] | None) -> None:
    for change in changes:
        ImportChange.objects.filter(pk=change.pk).update(action=action, before=before)


def _keep_changed(table: Table, later: dict[int, ImportChange], undone: Undone) -> None:
    for run, group in groupby(sorted(later.items(), key=lambda item: item[1].run_id), key=lambda item: item[1].run_id):
        undone.keep(table, [pk for pk, _change in group], CHANGED_LATER, str(run))
