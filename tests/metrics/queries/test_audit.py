import pytest
from django.core.cache import cache

from metrics.queries import audit
from metrics.queries.audit import State
from tests.factories import AnswerFactory, TicketEventFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory, OrderFactory
from tests.metrics.figures import compute, day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def states():
    return {one.kpi.code: one.state for one in audit.standings()}


def test_sources_are_counted_by_kind_and_source():
    TicketFactory(source="a", created_at="2026-03-01T10:00Z")
    TicketFactory(source="a", created_at="2026-03-04T10:00Z")
    ticket = TicketFactory(source="b", created_at="2026-03-02T10:00Z")
    TicketEventFactory(ticket=ticket, at="2026-03-02T11:00Z")
    OrderFactory(placed_at="2026-03-05T10:00Z")
    AnswerFactory(answered_at="2026-03-06T10:00Z")
    found = {(one.kind, one.source): (one.rows, one.first, one.last) for one in audit.sources()}
    assert found["tickets", "a"] == (2, day("2026-03-01"), day("2026-03-04"))
    assert found["tickets", "b"] == (1, day("2026-03-02"), day("2026-03-02"))
    assert found["ticket_events", ""] == (1, day("2026-03-02"), day("2026-03-02"))
    assert found["orders", "shop"] == (1, day("2026-03-05"), day("2026-03-05"))
    assert ("invitations", "surveys") not in found


def test_without_facts_every_kpi_says_what_it_lacks():
    found = {one.kpi.code: one for one in audit.standings()}
    assert {one.state for one in found.values()} == {State.MISSING}
    assert found["ticket_volume"].lacks == ("tickets",)
    assert found["csat"].lacks == ("survey_responses",)


def test_what_counts_something_is_computable_and_what_counts_nothing_says_so():
    TicketFactory(created_at="2026-03-02T10:00Z")
    kpi = CustomKpiFactory(filters=[{"column": "channel", "operator": "equals", "value": "carrier pigeon"}])
    compute()
    found = states()
    assert (found["ticket_volume"], found["backlog"]) == (State.COMPUTABLE, State.COMPUTABLE)
    assert (found["resolution_time"], found[kpi.code]) == (State.PARTLY, State.PARTLY)


def test_a_level_that_is_back_to_nothing_has_figures():
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-03T10:00Z")
    compute()
    assert states()["backlog"] is State.COMPUTABLE
