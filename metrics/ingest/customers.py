"""Customers: whoever was only named so far becomes known, and what has changed about them changes figures, too."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from kpiproject.time_zones import is_time_zone
from metrics import dirty, targets
from metrics.frames.tables import TABLES
from metrics.ingest.facts import backwards, noted
from metrics.ingest.session import Session
from metrics.ingest.settling import settled
from metrics.ingest.touching import mark
from metrics.ingest.writing import Changes, Columns, Writer
from metrics.models import Customer, EarlierTier, Ticket
from metrics.sources.rows import Row
from surveys import contacts

_MEMBERS: Final = ("segment", "tier", "country")
"""What facts of a customer are told apart by."""

_TERMS: Final = ("company", "email", "signed_up_on")

_OF_CUSTOMERS: Final = (dirty.SUBSCRIPTIONS, dirty.ORDERS, dirty.RECORDS)
_TICKETS_AT_ONCE: Final = 1_000
_UNKNOWN_ZONE: Final = "unknown_time_zone"


class Customers(Writer):
    model = Customer
    name = "customers"
    watched = ("signed_up_on", "left_on", *_MEMBERS)

    def columns(self, rows: Sequence[Row], session: Session) -> list[Columns]:
        return [_columns(row, session) for row in rows]

    def oddities(self, whole: Mapping[str, Any], session: Session) -> list[str]:
        found = backwards(whole, "signed_up_on", "left_on")
        signed_up = whole.get("signed_up_on")
        if signed_up and signed_up > local_day(session.started, organisation().time_zone):
            found.append("future:signed_up_on")
        if whole.get("extra", {}).get(_UNKNOWN_ZONE):
            found.append(_UNKNOWN_ZONE)
        return noted(found, whole["external_id"], session)

    def compare(self, rows: Sequence[Row], session: Session) -> Changes:
        _adopt(rows, session)
        return super().compare(rows, session)

    def store(self, changes: Changes, session: Session) -> list[int]:
        pairs = zip(changes.before, changes.changed, strict=True)
        tiers = {was["pk"]: was["tier"] for was, becomes in pairs if becomes.get("tier", was["tier"]) != was["tier"]}
        with session.journal.creating(EarlierTier):
            targets.keep_tiers(tiers, until=session.started)
        with regrouped(changes.before, changes.changed):
            ids = super().store(changes, session)
        targets.follow(_of_other_terms(changes))
        return ids


def _of_other_terms(changes: Changes) -> list[int]:
    """Customers of whom something else changed that a service target may ask for."""
    return [
        before["pk"]
        for before, after in zip(changes.before, changes.changed, strict=True)
        if any(name in after and after[name] != before.get(name) for name in _TERMS)
    ]


@contextmanager
def regrouped(before: Sequence[Columns], after: Sequence[Columns]) -> Iterator[None]:
    """Around a change of customers: facts of one who moves to another segment, tier or country count there from now
    on, those of the past as well. Both have the same customers in the same order; `after` has what changes alone."""
    moved = {name: _differing(before, after, name) for name in _MEMBERS}
    everybody = sorted(set().union(*moved.values()))
    for frame in _OF_CUSTOMERS:
        mark(frame, list(TABLES[frame].rows.filter(customer__in=everybody).values_list("pk", flat=True)))
    tickets = Ticket.objects.filter(customer__in=moved["tier"]).order_by("pk")
    ids = list(tickets.values_list("pk", flat=True))
    batches = [ids[first : first + _TICKETS_AT_ONCE] for first in range(0, len(ids), _TICKETS_AT_ONCE)]
    for batch in batches:
        dirty.mark_tickets(batch)
    yield
    for batch in batches:
        with settled(batch):
            pass


def _differing(before: Sequence[Columns], after: Sequence[Columns], name: str) -> list[int]:
    """The ids of the customers of whom this column changes."""
    pairs = zip(before, after, strict=True)
    return [was["pk"] for was, becomes in pairs if name in was and becomes.get(name, was[name]) != was[name]]


def _columns(row: Row, session: Session) -> Columns:
    columns = {name: value for name, value in row.values.items() if name != "external_id"}
    columns["is_stub"] = False
    if email := columns.get("email"):
        columns["email"] = contacts.normalise(email)
        if not contacts.is_address(columns["email"]):
            session.notes.add("bad_customer_address", email)
            columns["email"] = ""
    if (zone := columns.get("time_zone")) and not is_time_zone(zone):
        session.notes.add("unknown_time_zone", zone)
        columns["time_zone"] = ""
        columns["extra"] = {**columns.get("extra", {}), _UNKNOWN_ZONE: zone}
    return columns


def _adopt(rows: Sequence[Row], session: Session) -> None:
    """Whoever was only ever named by an address is the customer of that address whom the file knows by an id."""
    wanted = {
        contacts.normalise(email): row.values["external_id"] for row in rows if (email := row.values.get("email"))
    }
    if not wanted:
        return
    own = Customer.objects.filter(source=session.source)
    known = set(own.filter(external_id__in=wanted.values()).values_list("external_id", flat=True))
    stubs = own.filter(is_stub=True, external_id__in=wanted).values_list("pk", "external_id")
    for pk, address in stubs:
        if (name := wanted[address]) not in known and name != address:
            session.journal.updated(Customer, [{"pk": pk, "external_id": address}])
            Customer.objects.filter(pk=pk).update(external_id=name)


write = Customers().write
