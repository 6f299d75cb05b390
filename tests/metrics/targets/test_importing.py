"""Customers and subscriptions that are imported later: who is closed stays judged, who waits is served anew."""

import pytest

from metrics.models import EarlierTier, Ticket
from tests.factories import ServiceTargetFactory
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db
TICKETS = (
    "external_id,customer,created_at,solved_at",
    "closed,C-1,2026-03-02T10:00Z,2026-03-02T11:00Z",
    "open,C-1,2026-03-02T10:00Z,",
)


@pytest.fixture
def bring(tmp_path, time_machine):
    def bring(kind, *lines, on="2026-03-10T10:00Z"):
        time_machine.move_to(on, tick=False)
        return imported(kind, written(tmp_path, lines, f"{kind}.csv"))

    return bring


def promised():
    """The seconds promised to each ticket, by its name."""
    tickets = Ticket.objects.select_related("resolution_target")
    return {one.external_id: one.resolution_target.seconds for one in tickets}


def test_a_new_tier_counts_for_what_is_open(bring):
    ServiceTargetFactory(tier="gold", seconds=60, position=1)
    ServiceTargetFactory(seconds=3600, position=2)
    bring("customers", "external_id,tier", "C-1,silver")
    bring("tickets", *TICKETS)
    assert promised() == {"closed": 3600, "open": 3600}
    bring("customers", "external_id,tier", "C-1,gold", on="2026-03-12T10:00Z")
    assert promised() == {"closed": 3600, "open": 60}
    bring("customers", "external_id,tier", "C-1,gold", on="2026-03-13T10:00Z")
    bring("tickets", *TICKETS)
    assert promised() == {"closed": 3600, "open": 60}
    assert [str(one) for one in EarlierTier.objects.all()] == ["silver, 2026-03-12"]


def test_the_order_of_the_files_changes_nothing(bring):
    ServiceTargetFactory(tier="gold", seconds=60, position=1)
    ServiceTargetFactory(company="Acme", seconds=120, position=2)
    ServiceTargetFactory(least_mrr=100, seconds=180, position=3)
    ServiceTargetFactory(seconds=3600, position=4)
    bring("tickets", *TICKETS, "other,C-2,2026-03-02T10:00Z,", "third,C-3,2026-03-02T10:00Z,")
    assert set(promised().values()) == {3600}
    bring("subscriptions", "external_id,customer,mrr,started_on", "S-1,C-3,100,2026-03-02")
    bring("customers", "external_id,tier,company", "C-1,gold,", "C-2,,Acme", on="2026-03-12T10:00Z")
    assert promised() == {"closed": 60, "open": 60, "other": 120, "third": 180}
