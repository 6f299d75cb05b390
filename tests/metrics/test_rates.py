from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from metrics import frames
from metrics.frames import tables
from metrics.models import DirtyDay, ExchangeRate
from tests.factories import ManagerFactory, StaffFactory
from tests.metrics.figures import organisation
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

ADD = "/admin/metrics/exchangerate/add/"
RATE = {"currency": "CHF", "valid_from": "2026-01-01", "rate": "1.5"}


def amounts() -> list[tuple[Any, ...]]:
    found = tables.read("orders", frames.context())
    return list(found[["amount", "excluded_because"]].itertuples(index=False, name=None))


def test_a_rate_has_what_is_in_its_currency_computed_again(tmp_path: Path, client: Client) -> None:
    organisation(currency="EUR", time_zone="UTC")
    lines = ["external_id,customer,placed_at,amount,currency", "1,C,2026-02-01,10,CHF", "2,C,2026-02-02,10,EUR"]
    answer = imported("orders", written(tmp_path, lines))
    assert {one["code"]: one["example"] for one in answer["warnings"]}["currency_unknown"] == "CHF"
    assert sorted(because for _amount, because in amounts()) == ["", "currency_unknown"]
    DirtyDay.objects.all().delete()
    client.force_login(ManagerFactory())
    assert client.post(ADD, RATE).status_code == 302
    assert sorted(amounts()) == [(10.0, ""), (15.0, "")]
    assert list(DirtyDay.objects.filter(frame="orders").values_list("day", flat=True)) in ([date(2026, 2, 1)], [])


def test_staff_may_not_enter_rates(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.post(ADD, RATE).status_code in (302, 403)
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"currency": "EUR"}, "EUR is the organisation’s own currency: one unit is always worth one."),
        ({"currency": "eur"}, "EUR is the organisation’s own currency: one unit is always worth one."),
        ({"currency": "Fr."}, "Write the currency as three capital letters, for example USD."),
        ({"rate": "0"}, "A rate is above 0: what one unit of the other currency is worth in ours."),
        ({"rate": "-1.5"}, "A rate is above 0: what one unit of the other currency is worth in ours."),
        ({"rate": "much"}, "Write the rate as a number, for example 0.92."),
        ({"rate": "0.000000001"}, "A rate has at most eight decimal places."),
        ({"rate": "12345678901"}, "A rate has at most ten digits before the decimal point."),
    ],
)
def test_what_is_no_rate_of_another_currency_is_refused_with_a_sentence(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    organisation(currency="EUR", time_zone="UTC")
    client.force_login(ManagerFactory())
    answer = client.post(ADD, {**RATE, **given})
    errors = [str(one) for listed in answer.context["adminform"].form.errors.values() for one in listed]
    assert errors == [sentence]
    assert not ExchangeRate.objects.exists()
