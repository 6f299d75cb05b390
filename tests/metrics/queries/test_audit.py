from datetime import timedelta

import pytest
from django.core.cache import cache

from metrics.models import Subscription
from metrics.queries import audit
from metrics.queries.audit import State
from tests.factories import AnswerFactory, CustomerFactory, TicketEventFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory, OrderFactory
from tests.metrics.figures import at, compute, day, points

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


OF_THE_START = (
    "retention_rate",
    "churn_rate",
    "gross_revenue_retention",
    "net_revenue_retention",
    "gross_revenue_churn",
    "net_revenue_churn",
)


def subscription(**values):
    return Subscription.objects.create(source="shop", external_id=f"S-{Subscription.objects.count()}", **values)


@pytest.mark.parametrize("months", [3, 24])
def test_what_rests_on_the_customers_at_the_start_is_computable_since_there_are_some(time_machine, months):
    time_machine.move_to(at("2026-05-01 12:00"), tick=False)
    first = day("2026-05-01") - timedelta(days=30 * months)
    for left_on in (None, None, day("2026-04-20")):
        customer = CustomerFactory(signed_up_on=first, left_on=left_on)
        subscription(customer=customer, started_on=first, ended_on=left_on, mrr=10)
    compute()
    found = states()
    assert {code: found[code] for code in OF_THE_START} == dict.fromkeys(OF_THE_START, State.COMPUTABLE)


def test_who_came_back_lately_makes_win_back_computable(time_machine):
    time_machine.move_to(at("2026-05-01 12:00"), tick=False)
    customer = CustomerFactory(signed_up_on="2025-01-05")
    subscription(customer=customer, started_on="2025-01-05", ended_on="2026-03-20", mrr=10)
    subscription(customer=customer, started_on="2026-04-20", mrr=10)
    compute()
    assert states()["winback_rate"] is State.COMPUTABLE


def test_what_there_is_no_time_for_says_so_and_is_looked_at_by_the_next_page(time_machine, monkeypatch):
    time_machine.move_to(at("2026-05-01 12:00"), tick=False)
    for left_on in (None, day("2026-04-20")):
        CustomerFactory(signed_up_on="2026-02-01", left_on=left_on)
    compute()
    with monkeypatch.context() as hurry:
        hurry.setattr(audit, "_CHECK_SECONDS", -1.0)
        assert states()["retention_rate"] is State.UNCHECKED
    assert states()["retention_rate"] is State.COMPUTABLE


def test_a_figure_without_customers_at_its_start_says_so():
    customer = CustomerFactory(signed_up_on="2026-02-05")
    subscription(customer=customer, started_on="2026-02-05", mrr=10)
    span = {"start": day("2026-01-01"), "end": day("2026-03-01")}
    (found,) = points("retention_rate", **span)
    assert (found.value, found.n) == (None, 0)
    nobody = "Nobody was a customer at the start of the period, so there is no figure: choose a later start."
    assert (found.notes[-1], points("churn_rate", **span)[0].notes[-1]) == (nobody, nobody)
    for code in OF_THE_START[2:]:
        assert points(code, **span)[0].notes == ("Nobody paid at the start of the period: choose a later start.",)
    assert points("winback_rate", **span)[0].notes[-1] == "Nobody was lost in that time, so there is no figure."
