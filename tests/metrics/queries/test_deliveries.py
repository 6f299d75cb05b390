"""Which source is late, and since when nothing is known of it."""

from datetime import UTC, datetime, timedelta

import pytest

from metrics.models import CostEntry, ImportRun
from metrics.queries import deliveries
from tests.factories import TicketEventFactory, TicketFactory
from tests.measure_factories import OrderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)


def imported(*days_ago, source="desk", kind="tickets"):
    for ago in days_ago:
        ImportRun.objects.create(kind=kind, source=source, state="done", finished_at=NOW - timedelta(days=ago))


def ticket(days_ago, **columns):
    return TicketFactory(created_at=NOW - timedelta(days=days_ago), **{"source": "desk", **columns})


def state():
    (one,) = deliveries.sources(NOW)
    return one


def test_without_imports_there_is_no_source():
    ticket(1)
    assert deliveries.sources(NOW) == []


def test_a_source_is_late_when_it_is_silent_for_three_times_as_long_as_usual():
    imported(9, 8, 7, source="daily")
    imported(22, 15, 8, source="weekly")
    imported(60, source="once")
    imported(13, source="new")
    found = [(one.source, one.usual_days, one.is_late) for one in deliveries.sources(NOW)]
    assert found == [("once", None, True), ("new", None, False), ("weekly", 7, False), ("daily", 1, True)]


@pytest.mark.parametrize(
    ("imports", "tickets", "is_late"),
    [
        ([1], [150], True),  # the same old file once more
        ([1], [13], False),
        ([1], [15], True),
        ([3, 2, 1], [6], False),
        ([3, 2, 1], [8], True),
        ([3, 2, 1], [8, 12, 16], False),  # a ticket every four days
        ([3, 2, 1], [13, 17, 21], True),
        ([31, 16, 1], [40], False),  # imported every two weeks
        ([31, 16, 1], [46], True),
    ],
)
def test_a_source_is_late_when_its_newest_fact_is_too_old(imports, tickets, is_late):
    imported(*imports)
    for ago in tickets:
        ticket(ago)
    assert (state().is_late, state().newest) == (is_late, NOW - timedelta(days=min(tickets)))


def test_a_time_still_to_come_hides_nothing():
    imported(1)
    ticket(150)
    ticket(-300)
    ticket(1, is_stub=True)
    ticket(1, source="other")
    assert (state().is_late, state().since) == (True, NOW - timedelta(days=150))


def test_kinds_are_judged_by_themselves():
    imported(1)
    imported(1, kind="ticket_events")
    imported(1, kind="orders")
    TicketEventFactory(ticket=ticket(1), at=NOW - timedelta(days=20))
    OrderFactory(source="desk", placed_at=NOW - timedelta(days=2))
    assert {one.kind: one.is_late for one in deliveries.sources(NOW)} == {
        "tickets": False,
        "ticket_events": True,
        "orders": False,
    }


@pytest.mark.parametrize(("valid_to", "is_late"), [("2026-12-31", False), ("2026-03-20", False), ("2026-02-01", True)])
def test_costs_are_known_up_to_the_last_day_they_are_valid(valid_to, is_late):
    """However long ago they were imported."""
    imported(400, kind="costs")
    CostEntry.objects.create(
        source="desk", key="rent", category="other", amount=100, valid_from="2025-01-01", valid_to=valid_to
    )
    assert state().is_late is is_late
    assert state().newest == min(NOW, datetime.fromisoformat(f"{valid_to}T00:00+00:00"))


def test_customers_may_be_imported_once_for_all():
    imported(400, kind="customers")
    assert (state().is_late, state().newest, state().usual_days) == (False, None, None)
