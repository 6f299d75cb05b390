"""What is wrong with facts beside tickets: amounts, subscriptions, events, and what others only name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Min, Q, QuerySet

from kpiproject.models import Agent, Team
from kpiproject.queries import organisation
from metrics.models import CostEntry, Customer, ExchangeRate, Message, Order, Subscription, TicketEvent
from metrics.queries.finding import EXAMPLES, NOTICE, WARNING, Finding

_OVERLAPS: Final = "overlaps"
_BACKWARDS: Final = "before_started_on:ended_on"
_OWN: Final = "plumbline"


def other_faults(since: datetime) -> Iterator[Finding]:
    """Of events only those of tickets that were created since an instant, as there are many."""
    yield from _without_rate()
    yield from _subscriptions()
    yield from _early(since)
    yield from _stubs()


def _without_rate() -> Iterator[Finding]:
    known = {"", organisation().currency, *ExchangeRate.objects.values_list("currency", flat=True)}
    count, examples = 0, []
    tables: list[tuple[QuerySet[Any, Any], str]] = [
        (Subscription.objects.all(), "external_id"),
        (Order.objects.all(), "external_id"),
        (CostEntry.objects.all(), "category"),
    ]
    for rows, name in tables:
        found = rows.exclude(currency__in=known).order_by("currency").values("currency")
        for currency, n, example in found.annotate(n=Count("pk"), example=Min(name)).values_list(
            "currency", "n", "example"
        ):
            count += n
            examples.append(f"{currency} ({example})")
    if count:
        yield Finding(kind="without_rate", level=WARNING, count=count, examples=examples[:EXAMPLES])


def _subscriptions() -> Iterator[Finding]:
    flagged = Subscription.objects.exclude(flags=[]).order_by("-id").values_list("external_id", "flags")
    found: dict[str, list[str]] = {_OVERLAPS: [], _BACKWARDS: []}
    for name, flags in flagged.iterator(chunk_size=2000):
        for flag in found.keys() & set(flags):
            found[flag].append(name)
    total = Subscription.objects.count() if any(found.values()) else 0
    for kind, names in (("overlapping", found[_OVERLAPS]), ("backwards", found[_BACKWARDS])):
        if names:
            yield Finding(
                kind=f"{kind}_subscriptions", level=WARNING, count=len(names), of=total, examples=names[:EXAMPLES]
            )


def _early(since: datetime) -> Iterator[Finding]:
    """What happened to a ticket before there was one."""
    tables: list[QuerySet[Any, Any]] = [TicketEvent.objects.all(), Message.objects.all()]
    count = 0
    examples: list[str] = []
    for table in tables:
        rows = table.filter(ticket__created_at__gte=since, ticket__is_stub=False, at__lt=F("ticket__created_at"))
        if n := rows.count():
            count += n
            examples += rows.order_by("-ticket").values_list("ticket__external_id", flat=True).distinct()[:EXAMPLES]
    if count:
        names = list(dict.fromkeys(examples))
        yield Finding(kind="before_its_ticket", level=WARNING, count=count, examples=names[:EXAMPLES])


def _stubs() -> Iterator[Finding]:
    """Of customers that is noted; agents and teams of a file of others bear their reference as their name, and nobody
    has said since where an agent belongs or who belongs to a team."""
    named = Q(name=F("external_id")) & ~Q(source=_OWN)
    stubs: dict[str, tuple[QuerySet[Any, Any], Q]] = {
        "customers": (Customer.objects.all(), Q(is_stub=True)),
        "agents": (Agent.objects.all(), named & Q(team__isnull=True)),
        "teams": (Team.objects.all(), named & Q(agent__isnull=True)),
    }
    for kind, (everybody, which) in stubs.items():
        rows = everybody.filter(which)
        if count := rows.count():
            names = list(rows.order_by("-id").values_list("external_id", flat=True)[:EXAMPLES])
            yield Finding(kind=f"stub_{kind}", level=NOTICE, count=count, of=everybody.count(), examples=names)
