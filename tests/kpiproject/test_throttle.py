from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.helpers import get_client_ip_address
from django.test import RequestFactory

from kpiproject import tasks
from kpiproject.models import Attempts
from kpiproject.throttle import client_address, is_exceeded, was_exceeded

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def request(address: str = "192.0.2.1", **headers: str) -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def attempt(address: str = "192.0.2.1", what: str = "try", most: int = 2) -> bool:
    return is_exceeded(request(address), what, most=most, seconds=60)


@pytest.mark.django_db
def test_third_attempt_of_two_is_too_many_until_the_time_is_over() -> None:
    found = []
    for second in (0, 10, 20, 59, 60, 61, 62):
        with time_machine.travel(NOON + timedelta(seconds=second), tick=False):
            found.append(attempt())
    assert found == [False, False, True, True, False, False, True]


@pytest.mark.django_db
def test_looking_whether_there_were_too_many_does_not_count() -> None:
    looked = []
    for second in (0, 10, 20, 59, 60):
        with time_machine.travel(NOON + timedelta(seconds=second), tick=False):
            looked.append(was_exceeded(request(), "try", most=1))
            looked.append(was_exceeded(request("192.0.2.2"), "try", most=1))
            if second < 20:
                attempt(most=1)
    assert looked == [False, False, False, False, True, False, True, False, False, False]


@pytest.mark.django_db
def test_addresses_and_things_are_counted_apart() -> None:
    assert [attempt(most=1), attempt("192.0.2.2", most=1), attempt(what="other", most=1)] == [False] * 3
    assert attempt(most=1)
    assert attempt("192.0.2.3", most=0)


@pytest.mark.django_db
def test_all_addresses_of_an_ipv6_network_are_one_client() -> None:
    addresses = ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1", "::ffff:192.0.2.1", "192.0.2.1")
    assert [attempt(address, most=1) for address in addresses] == [False, True, False, False, True]
    assert [attempt(address, most=1) for address in ("unknown", "", "::ffff:192.0.2.2")] == [False] * 3


@pytest.mark.django_db
def test_address_is_not_kept_and_the_count_goes_in_time() -> None:
    with time_machine.travel(NOON, tick=False):
        attempt()
        attempt("192.0.2.2")
    assert [row.count for row in Attempts.objects.all() if "192.0.2" not in row.key] == [1, 1]
    for seconds, left in ((59, 2), (60, 0)):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            tasks.purge()
        assert Attempts.objects.count() == left


@pytest.mark.parametrize(
    ("hops", "told", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9,198.51.100.7", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_address_behind_our_own_proxies(settings, hops: int, told: str, address: str) -> None:
    settings.TRUSTED_PROXIES = hops
    asked = request(**{"X-Forwarded-For": told})
    assert client_address(asked) == address
    assert get_client_ip_address(asked) == address  # the counter of failed logins
