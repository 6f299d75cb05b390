"""What rows name, as columns of the table: ids of customers, tickets, teams and agents."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from metrics.ingest.references import Names
from metrics.ingest.session import Outcome, Session
from metrics.models import Among, Ticket
from metrics.sources.faults import short
from metrics.sources.rows import Fault, Row

Columns = dict[str, Any]


def named_tickets(rows: Iterable[Row], source: str) -> dict[str, int]:
    """The ids of the tickets that rows name, as far as they are known."""
    names = {name for row in rows if (name := row.values.get("ticket"))}
    if not names:
        return {}
    found = Ticket.objects.filter(Among("external_id", names), source=source)
    return dict(found.values_list("external_id", "id"))


def unknown_ticket(row: Row, source: str) -> Fault:
    message = _("There is no ticket %(ticket)s in the source %(source)s; import the tickets first.")
    values = {"ticket": short(row.values["ticket"]), "source": source}
    return Fault(row.line, row.cells, "ticket", "unknown_ticket", message % values)


def with_known_tickets(rows: Sequence[Row], session: Session, outcome: Outcome) -> list[Row]:
    """Without the rows that name a ticket nobody knows: those are rejected."""
    tickets = named_tickets(rows, session.source)
    fit = []
    for row in rows:
        if row.values.get("ticket") and row.values["ticket"] not in tickets:
            outcome.faults.append(unknown_ticket(row, session.source))
        else:
            fit.append(row)
    return fit


def note_early(found: Iterable[tuple[int, datetime]], session: Session) -> None:
    """What happened to tickets, given by their ids, before they were created; counted, with a ticket as the example."""
    told = list(found)
    rows = Ticket.objects.filter(Among("pk", {pk for pk, _at in told})).values_list("pk", "created_at", "external_id")
    created = {pk: (created_at, name) for pk, created_at, name in rows}
    for pk, at in told:
        created_at, name = created[pk]
        if at < created_at:
            session.notes.add("before_its_ticket", name)


def with_ids(rows: Sequence[Row], session: Session, *, without: Iterable[str]) -> list[Columns]:
    """The values of rows with ids instead of names; what is known of nobody becomes a stub."""
    references = session.references
    customers = references.customers({Names(row.values.get("customer", ""), "") for row in rows})
    teams = references.teams({row.values.get("team", "") for row in rows})
    agents = references.agents({row.values.get("agent", "") for row in rows})
    tickets = named_tickets(rows, session.source)
    left_out = {*without, "customer", "team", "agent", "ticket", "external_id", "occurrence"}
    ready = []
    for row in rows:
        values = row.values
        columns = {name: value for name, value in values.items() if name not in left_out}
        if "customer" in values:
            columns["customer_id"] = customers.get(Names(values["customer"], ""))
        for name, known in (("team", teams), ("agent", agents), ("ticket", tickets)):
            columns |= _reference(values, name, known)
        ready.append(columns)
    return ready


def _reference(values: Mapping[str, Any], name: str, known: Mapping[str, int]) -> Columns:
    return {f"{name}_id": known.get(values[name])} if name in values else {}
