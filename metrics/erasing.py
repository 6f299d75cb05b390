"""What imports have brought of a person is erased: who they are, and what they and we wrote. Instants and numbers stay.

Rows keep the fingerprint of what was imported (`row_hash`), so that the same row from the same file changes nothing;
only a row that has changed at its source would bring a name back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Model, Q

from metrics import erasing_imports
from metrics.models import (
    Customer,
    Message,
    Order,
    ServiceRecord,
    Ticket,
    TicketEvent,
)
from surveys import addresses, erasing

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`emails` are all addresses under which the person is known; the others are ids."""

    emails: frozenset[str]
    customers: list[int]
    tickets: list[int]
    messages: list[int]
    rejected: list[int]
    customer_names: list[erasing.Identity]
    ticket_names: list[erasing.Identity]


def find(email: str) -> Facts:
    rows = Customer.objects.filter(erasing.is_person("email", email) | erasing.is_person("external_id", email))
    key = addresses.person_key(email)
    customers = [one for one in rows.order_by("pk") if key in map(addresses.person_key, (one.email, one.external_id))]
    ids = [one.pk for one in customers]
    tickets = list(Ticket.objects.filter(customer__in=ids).order_by("pk").values_list("pk", "source", "external_id"))
    messages = Message.objects.filter(ticket__in=[pk for pk, *_name in tickets])
    emails = frozenset(one.email for one in customers if one.email)
    return Facts(
        emails=emails,
        customers=ids,
        tickets=[pk for pk, *_name in tickets],
        messages=list(messages.order_by("pk").values_list("pk", flat=True)),
        rejected=list(erasing_imports.rejected(_words(email, emails)).values_list("pk", flat=True)),
        customer_names=[(one.source, one.external_id) for one in customers],
        ticket_names=[(source, external_id) for _pk, source, external_id in tickets],
    )


def erase(found: Facts, email: str) -> None:
    """In a transaction of the caller's."""
    _customers(found, email)
    for ids in _batches(found.tickets):
        Ticket.objects.filter(pk__in=ids).update(subject="", satisfaction_comment="", extra={})
        TicketEvent.objects.filter(ticket__in=ids).exclude(extra={}).update(extra={})
        TicketEvent.objects.filter(ticket__in=ids, actor_type="customer").update(actor="")
    for ids in _batches(found.messages):
        Message.objects.filter(pk__in=ids).update(text="", extra={})
        Message.objects.filter(pk__in=ids, author_type=Message.AuthorType.CUSTOMER).update(author="")
    Order.objects.filter(customer__in=found.customers).update(extra={})
    theirs = Q(customer__in=found.customers) | Q(ticket__in=found.tickets)
    ServiceRecord.objects.filter(theirs).update(extra={})
    kept: dict[type[Model], list[int]] = {
        Customer: found.customers,
        Ticket: found.tickets,
        Message: found.messages,
    }
    erasing_imports.erase(_words(email, found.emails), kept)


def _words(email: str, emails: Collection[str]) -> set[str]:
    """In what of an import the person is named."""
    return {email, addresses.person_key(email), *emails}


def _customers(found: Facts, email: str) -> None:
    Customer.objects.filter(pk__in=found.customers).update(name="", email="", company="", extra={})
    key = addresses.person_key(email)
    for one in Customer.objects.filter(pk__in=found.customers).only("external_id"):
        if addresses.person_key(one.external_id) == key:
            Customer.objects.filter(pk=one.pk).update(external_id=addresses.placeholder(one.pk))


def _batches(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
