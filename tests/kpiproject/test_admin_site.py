"""Pages of the administration that look otherwise than Django's own."""

import re

import pytest
from django.test import Client

from kpiproject.models import BusinessCalendar
from metrics.models import ExchangeRate
from tests.factories import ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_list_is_called_by_what_it_holds_and_says_when_that_is_nothing(manager: Client) -> None:
    empty = text(manager, "/admin/metrics/exchangerate/")
    assert "<h1>Exchange rates</h1>" in empty
    assert "There is nothing here yet." in empty
    assert 'id="searchbar"' not in empty
    assert 'id="changelist-filter"' not in empty

    ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate=1)
    filled = text(manager, "/admin/metrics/exchangerate/")
    assert 'id="searchbar"' in filled
    assert 'id="changelist-filter"' in filled
    assert "Nothing fits." in text(manager, "/admin/metrics/exchangerate/?q=CHF")


def test_every_field_of_a_row_has_a_label_that_belongs_to_it(manager: Client) -> None:
    calendar = BusinessCalendar.objects.create(name="Office", week={"mon": [["09:00", "17:00"]]})
    calendar.holidays.create(date="2026-05-01", name="Labour Day")
    page = text(manager, f"/admin/kpiproject/businesscalendar/{calendar.pk}/change/")
    labelled = set(re.findall(r'<label class="inline-label" for="([\w-]+)"', page))
    for name in ("date", "name", "is_active", "intervals", "DELETE"):
        assert f"id_holidays-0-{name}" in labelled
        assert f'id="id_holidays-0-{name}"' in page
    assert "id_holidays-__prefix__-date" in labelled
    assert "id_holidays-__prefix__-DELETE" not in labelled
    assert "Holidays (1)" in page
