"""Every KPI about customers out of the database: figures, rows behind them, parts and periods."""

import pytest
from django.core.cache import cache
from django.db.models import Q

from kpiproject.lib.periods import Grain
from kpiproject.models import Agent
from metrics.catalogue import CATALOGUE
from metrics.kpi import Breakdown, Family, Whole
from metrics.models import Customer, Order, ServiceRecord, Subscription
from metrics.queries import Question, figures, rows
from tests.factories import TicketFactory
from tests.measure_factories import OrderFactory
from tests.metrics.catalogue.shop import fill
from tests.metrics.figures import at, day, organisation, point, points

pytestmark = pytest.mark.django_db

FAMILIES = (Family.RELATIONSHIP, Family.RETENTION, Family.REVENUE, Family.JOURNEY, Family.PACKS)
CODES = [code for code, one in CATALOGUE.items() if one.family in FAMILIES and one.shape in (Whole, Breakdown)]
JULY = {"start": day("2025-07-01"), "end": day("2025-08-01")}
AUGUST = {"start": day("2025-08-01"), "end": day("2025-09-01")}


def test_the_rows_behind_are_as_many_as_n():
    fill()
    organisation(time_zone="Europe/Berlin")
    for code in CODES:
        for where in ({}, {"segment": ["big"]}):
            if not set(where) <= set(CATALOGUE[code].dimensions):
                continue
            listed = rows(Question(code=code, where=where, **JULY), limit=None)
            assert listed.total == len(listed.rows)
            if not CATALOGUE[code].default_by:
                (found,) = figures(Question(code=code, where=where, **JULY)).points
                assert (found.n, code) == (listed.total, code)


def test_parts_and_months_are_figures_too():
    fill()
    for code in CODES:
        kpi = CATALOGUE[code]
        for dimension in kpi.dimensions:
            for found in figures(Question(code=code, by=dimension, **JULY)).points:
                assert found.member is not None
                assert found.value is None or found.n
        if not kpi.default_by:
            months = figures(Question(code=code, start=day("2025-01-01"), end=day("2026-01-01"), grain=Grain.MONTH))
            assert len(months.points) == 12


def test_nothing_is_no_figure():
    for code in CODES:
        for found in figures(Question(code=code, by=CATALOGUE[code].default_by, **JULY)).points:
            assert (found.value, found.n) == (None, 0)


def test_figures_of_the_small_company():
    fill()
    assert point("retention_rate", **AUGUST).value == pytest.approx(100 * 9 / 12)
    assert point("churn_rate", **AUGUST).value == pytest.approx(25)
    assert point("renewal_rate", **JULY).value == pytest.approx(100 * 8 / 12)
    assert point("premium_adoption", **JULY).value == pytest.approx(25)
    assert point("upsell_rate", **JULY).value == pytest.approx(75)
    assert point("return_processing_time", **JULY, clock="calendar").value == 4 * 86400
    assert [(one.member, one.n) for one in points("exit_reasons", by="reason", **AUGUST)] == [("", 1), ("price", 2)]


def test_what_is_told_of_others_is_known_of_all():
    """Members and filters without a row of the kind in question have 0: that it is recorded at all is known."""
    people = fill()
    Customer.objects.filter(pk__in=[one.pk for one in people[:6]]).update(tier="gold")
    gold = Q(customer__in=people[:6])
    Subscription.objects.filter(gold).update(is_premium=False)
    ServiceRecord.objects.filter(gold).delete()
    Order.objects.filter(gold).delete()
    TicketFactory(source="shop", customer=people[0], created_at=at("2025-07-01 12:00"))
    whole = {"start": day("2025-01-01"), "end": day("2026-01-01")}
    known = ("adoption_rate", "advocacy_rate", "premium_adoption", "support_conversion")
    for code in known:
        found = {one.member: (one.value, one.n > 0) for one in points(code, by="tier", **whole)}
        assert (found["gold"], code) == ((0, True), code)
        assert (point(code, where={"tier": ["gold"]}, **whole).value, code) == (0, code)
    for code in ("engagement_frequency", "referral_rate"):
        assert (point(code, where={"tier": ["gold"]}, **whole).value, code) == (0, code)
    Subscription.objects.update(is_premium=False)
    ServiceRecord.objects.all().delete()
    Order.objects.all().delete()
    cache.clear()
    for code in (*known, "engagement_frequency", "referral_rate"):
        assert (point(code, **whole).value, code) == (None, code)


def test_the_last_order_of_others_tells_how_far_orders_are_known():
    people = fill(2)
    Subscription.objects.all().delete()
    Order.objects.all().delete()
    for one, placed in ((people[0], "2025-03-05"), (people[1], "2025-05-31")):
        OrderFactory(customer=one, placed_at=at(f"{placed} 12:00"))
    asked = {"by": "month", "start": day("2025-03-01"), "end": day("2025-04-01")}
    for where in ({}, {"segment": [people[0].segment]}):
        found = [(one.member, one.part, one.whole) for one in points("cohort_retention", where=where, **asked)]
        assert found == [("0", 1, 1), ("1", 0, 1), ("2", 0, 1)]


def test_orders_after_support_add_up_over_channels_and_agents():
    """Five customers ask by mail and then by chat, the last of them of another agent, before they order."""
    people = fill(5)
    Order.objects.all().delete()
    for number, one in enumerate(people):
        for at_, channel, agent in (("08:00", "mail", "ann"), ("09:00", "chat", "bob" if number == 4 else "ann")):
            who = Agent.objects.get_or_create(source="shop", external_id=agent)[0]
            TicketFactory(
                source="shop", customer=one, channel=channel, agent=who, created_at=at(f"2025-07-0{number + 1} {at_}")
            )
        OrderFactory(customer=one, placed_at=at(f"2025-07-0{number + 1} 10:00"), amount=10 + number)
    asked = {"code": "support_conversion", **JULY}
    (whole,) = figures(Question(**asked)).points
    assert (whole.part, whole.n, whole.beside["revenue"]) == (5, 10, 60)
    for by, expected in (("channel", {"chat": 5, "mail": 0}), ("agent", {"ann": 4, "bob": 1})):
        members = figures(Question(by=by, **asked)).points
        assert {one.member: one.part for one in members} == expected
        assert sum(one.beside["revenue"] for one in members) == 60
        for name, part in expected.items():
            (alone,) = figures(Question(where={by: [name]}, **asked)).points
            assert (alone.part, len(rows(Question(where={by: [name]}, **asked)).rows)) == (part, alone.n)


def test_splits_of_a_return_come_from_its_other_columns():
    organisation(time_zone="Europe/Berlin")
    fill(1)
    beside = point("return_processing_time", **JULY, clock="calendar").beside
    # Received on the third at 09:00 of Berlin, which is two hours earlier than the rest, in UTC.
    assert beside["approval"] == 3600
    assert beside["receipt"] == 2 * 86400 - 3600 - 2 * 3600
    assert beside["payout"] == 2 * 86400 + 2 * 3600
    assert point("bug_report_processing_time", **JULY).beside["telling"] == 86400 - 2 * 3600
