"""What is found out about facts beside tickets, and in how many queries."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import quality_words
from metrics.models import CostEntry, Message
from metrics.queries.finding import Finding
from metrics.queries.other_faults import other_faults
from tests.factories import AgentFactory, CustomerFactory, TeamFactory, TicketEventFactory, TicketFactory
from tests.measure_factories import ExchangeRateFactory, OrderFactory
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SUBSCRIPTIONS = "external_id,customer,plan,mrr,started_on,ended_on"


def found(kind: str) -> list[Finding]:
    return [one for one in other_faults(SINCE) if one.kind == kind]


def subscriptions(folder: Path, *lines: str) -> None:
    imported("subscriptions", written(folder, [SUBSCRIPTIONS, *lines]))


def test_sound_facts_have_no_faults(tmp_path: Path) -> None:
    customer = CustomerFactory()
    OrderFactory(customer=customer, currency="EUR")
    TicketEventFactory(ticket=TicketFactory(customer=customer), at="2026-03-02T10:00Z")
    TeamFactory()
    AgentFactory()
    assert list(other_faults(SINCE)) == []


def test_amounts_without_a_rate_are_counted_in_every_table() -> None:
    ExchangeRateFactory(currency="CHF")
    for currency in ("EUR", "", "CHF"):
        OrderFactory(currency=currency)
    OrderFactory.create_batch(2, currency="SEK")
    day = date(2026, 3, 1)
    CostEntry.objects.create(
        source="x", key="1", category="wages", amount=1, currency="USD", valid_from=day, valid_to=day
    )
    [one] = found("without_rate")
    assert (one.count, one.level, len(one.examples)) == (3, "warning", 2)
    assert (one.examples[0].startswith("SEK (O-"), one.examples[1]) == (True, "USD (wages)")


def test_subscriptions_at_the_same_time_and_backwards(tmp_path: Path) -> None:
    subscriptions(
        tmp_path,
        "S1,C1,gold,10,2026-01-01,",
        "S2,C1,gold,10,2026-02-01,",
        "S3,C1,silver,10,2026-02-01,",
        "S4,C2,gold,10,2026-02-01,2026-01-01",
    )
    [overlapping], [backwards] = found("overlapping_subscriptions"), found("backwards_subscriptions")
    assert (overlapping.count, overlapping.of, list(overlapping.examples)) == (2, 4, ["S2", "S1"])
    assert (backwards.count, backwards.of, list(backwards.examples)) == (1, 4, ["S4"])


def test_what_happened_before_its_ticket() -> None:
    ticket, other = TicketFactory(external_id="A"), TicketFactory(external_id="B")
    TicketEventFactory.create_batch(2, ticket=ticket, at="2026-03-02T09:59Z")
    TicketEventFactory(ticket=other, at="2026-03-02T10:00Z")
    for one in (ticket, other):
        Message.objects.create(ticket=one, key="1", at="2026-03-02T09:00Z", author_type="agent")
    old = TicketFactory(created_at="2025-03-02T10:00Z")
    TicketEventFactory(ticket=old, at="2025-03-02T09:00Z")
    [early] = found("before_its_ticket")
    assert (early.count, sorted(early.examples)) == (4, ["A", "B"])


def test_who_is_only_named_by_others(tmp_path: Path) -> None:
    CustomerFactory()
    lines = ["external_id,created_at,customer,agent,team", "A,2026-01-02,C1,Ann,Desk", "B,2026-01-02,C1,Bob,Desk"]
    imported("tickets", written(tmp_path, lines))
    kinds = ("stub_customers", "stub_agents", "stub_teams")
    told = {one.kind: (one.count, one.of, list(one.examples)) for one in other_faults(SINCE) if one.kind in kinds}
    assert told == {
        "stub_customers": (1, 2, ["C1"]),
        "stub_agents": (2, 2, ["Bob", "Ann"]),
        "stub_teams": (1, 1, ["Desk"]),
    }


def test_every_fault_says_what_to_do(tmp_path: Path) -> None:
    test_who_is_only_named_by_others(tmp_path)
    test_what_happened_before_its_ticket()
    test_subscriptions_at_the_same_time_and_backwards(tmp_path)
    OrderFactory(currency="SEK")
    told = [quality_words.told(one) for one in other_faults(SINCE)]
    assert len({one.text for one in told}) == len({one.advice for one in told}) == 7


def test_many_faults_take_as_many_queries_as_few(tmp_path: Path) -> None:
    counts = []
    for n in (1, 5):
        for number in range(n):
            OrderFactory(currency="SEK")
            TicketEventFactory(ticket=TicketFactory(), at="2026-03-02T09:59Z")
            subscriptions(tmp_path, f"S{n}{number},C{n}{number},gold,10,2026-02-01,2026-01-01")
        with CaptureQueriesContext(connection) as queries:
            list(other_faults(SINCE))
        counts.append(len(queries))
    assert counts[0] == counts[1]
