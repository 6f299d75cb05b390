"""The pages of KPIs about customers."""

import re

import pytest
from django.core.cache import cache

from tests.factories import StaffFactory
from tests.measure_factories import CustomerFactory, OrderFactory

pytestmark = pytest.mark.django_db
PERIOD = "from=2025-01-01&to=2026-01-01"


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def bought(*days, **fields):
    customer = CustomerFactory(**fields)
    for day in days:
        OrderFactory(customer=customer, placed_at=f"{day}T12:00Z")


def test_what_a_word_means_is_no_warning(staff):
    bought("2025-01-05", "2025-12-20")
    page = staff.get(f"/kpis/winback_rate/?{PERIOD}").content.decode()
    assert re.findall(r'<p class="stat-note">(Active is who ordered|Lost within)', page) == [
        "Lost within", "Active is who ordered",
    ]  # fmt: skip
    # What is to be beware of stays one.
    assert re.findall(r'<p class="notice notice-warning">([^.]*)', page) == [
        "Nobody was lost in that time, so there is no figure",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([{"segment": "big"}, {"segment": "small"}], "segment"),
        ([{"segment": "big"}, {}], "segment"),
        ([{"country": "DE"}, {"country": "FR"}], "country"),
        ([{"segment": "big", "tier": "gold"}, {"segment": "big"}], "tier"),
        ([{}, {}], "segment"),
    ],
)
def test_the_first_breakdown_is_one_that_tells_customers_apart(staff, members, expected):
    cache.clear()
    for one in members:
        bought("2025-01-05", **one)
    for code in ("customer_lifetime", "repeat_purchase_rate"):
        assert staff.get(f"/kpis/{code}/?{PERIOD}").context["dimension"] == expected
    asked = staff.get(f"/kpis/customer_lifetime/?{PERIOD}&by=language")
    assert asked.context["dimension"] == "language"
    assert staff.get(f"/kpis/cohort_retention/?{PERIOD}").context["dimension"] == "month"
