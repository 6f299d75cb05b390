"""The pages of KPIs about customers."""

import re

import pytest

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
