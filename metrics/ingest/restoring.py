"""Rows as they were, with all that must happen around such a change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, TypeAlias

from django.db import models

from metrics import dirty, frames, targets
from metrics.ingest import overlaps
from metrics.ingest.customers import regrouped
from metrics.ingest.journal import restored
from metrics.ingest.settling import settled
from metrics.ingest.touching import FRAMES, touched
from metrics.models import Customer, Message, Subscription, Ticket, TicketEvent, TicketHistory
from metrics.sources.faults import Notes
from surveys import imported
from surveys.models import Answer, Invitation

Table: TypeAlias = "type[models.Model]"
Rows = Mapping[int, Mapping[str, Any]]

_OF_TICKETS: tuple[Table, ...] = (TicketEvent, Message, TicketHistory)


def restore(table: Table, before: Rows, *, is_gone: bool) -> int:
    """Give rows their former values, or insert them again where they are gone. How many; those cannot return whose
    ticket or customer is no longer there."""
    ready = {pk: _values(table, said) for pk, said in before.items()}
    ready = _without_orphans(table, ready)
    if is_gone:
        with around(table, [], ready):
            table._base_manager.bulk_create([table(pk=pk, **said) for pk, said in ready.items()], ignore_conflicts=True)
        return len(ready)
    with around(table, sorted(ready), ready):
        return sum(table._base_manager.filter(pk=pk).update(**said) for pk, said in ready.items() if said)


@contextmanager
def around(table: Table, ids: Sequence[int], after: Rows) -> Iterator[None]:
    """Days are computed again on which these rows count, and whatever else follows from a change of them. `after` has
    what they will say, by their ids."""
    if table in _OF_TICKETS:
        with settled(_tickets(table, ids, after)):
            yield
    elif table is Ticket:
        with settled(ids):
            yield
    elif table is Answer:
        with _recounted(ids):
            yield
    elif table is Invitation:
        with imported.recounted(Invitation, ids):
            yield
    elif table is Subscription:
        with _paid(ids):
            yield
    elif table in FRAMES:
        with _regrouping(table, ids, after), touched(FRAMES[table], ids):
            yield
        if table is Customer:
            targets.follow(list(ids))
    else:
        yield


@contextmanager
def _recounted(ids: Sequence[int]) -> Iterator[None]:
    """The score that came with a ticket counts again where no answer replaces it any more."""
    with imported.recounted(Answer, ids) as tickets:
        yield
    if tickets:
        dirty.mark_instants(dirty.ANSWERS, frames.satisfaction_instants(frames.ids_of(sorted(tickets))))


@contextmanager
def _paid(ids: Sequence[int]) -> Iterator[None]:
    """Targets may ask for what a customer pays."""
    customers = _customers(ids)
    with touched(FRAMES[Subscription], ids):
        yield
    customers |= _customers(ids)
    overlaps.flag(customers, Notes())
    targets.follow(customers)


def _regrouping(table: Table, ids: Sequence[int], after: Rows) -> Any:
    if table is not Customer:
        return nullcontext()
    rows = Customer.objects.filter(pk__in=ids).values("pk", "segment", "tier", "country")
    known: list[dict[str, Any]] = [dict(row) for row in rows]
    return regrouped(known, [dict(after.get(row["pk"], {})) for row in known])


def _tickets(table: Table, ids: Sequence[int], after: Rows) -> list[int]:
    found = set(table._base_manager.filter(pk__in=ids).values_list("ticket_id", flat=True))
    return sorted(found | {said["ticket_id"] for said in after.values() if "ticket_id" in said})


def _customers(ids: Sequence[int]) -> set[int]:
    return set(Subscription.objects.filter(pk__in=ids).values_list("customer_id", flat=True))


def _values(table: Table, said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in table._meta.concrete_fields}
    primary = table._meta.pk
    return {
        name: restored(fields[name], value)
        for name, value in said.items()
        if name in fields and not (primary is not None and name == primary.attname)
    }


def _without_orphans(table: Table, rows: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What a row refers to may be gone by now; where it need not refer to anything, it no longer does."""
    for field in table._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        named = {said[field.attname] for said in rows.values() if said.get(field.attname) is not None}
        parents: Any = field.related_model
        gone = named - set(parents._base_manager.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
        for pk, said in list(rows.items()):
            if said.get(field.attname) in gone:
                if field.null:
                    said[field.attname] = None
                else:
                    del rows[pk]
    return rows
