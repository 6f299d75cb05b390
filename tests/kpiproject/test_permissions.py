"""Every address × every role × reading and writing, so that no page can forget its permission or its headers."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kpiproject.models import Heartbeat
from tests.factories import ManagerFactory, StaffFactory
from tests.kpiproject.routes import ROUTES
from tests.kpiproject.security import faults
from tests.kpiproject.walk import example, routes
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _demonstration() -> Iterator[None]:
    """With the mailbox. Once for all tests, because Django reads every address anew when their list changes."""
    with override_settings(ROOT_URLCONF="tests.kpiproject.demo_urls"):
        yield


@pytest.fixture(scope="module")
def cookies(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, SimpleCookie]]:
    """What the browser of each role holds. They have logged in once for all tests."""
    with world(django_db_blocker):
        people = {"staff": StaffFactory(), "manager": ManagerFactory()}
        ManagerFactory()  # nobody is the last manager
        found = {"anonymous": SimpleCookie()}
        for role, person in people.items():
            client = Client()
            client.force_login(person)
            found[role] = client.cookies
        yield found


@pytest.fixture(autouse=True)
def _alive() -> None:
    """The scheduler lives."""
    Heartbeat.objects.create(name="scheduler", at=timezone.now())


def statuses(route: str, method: str, cookies: dict[str, SimpleCookie]) -> str:
    path = example(route)
    answers = []
    for role, held in cookies.items():
        client = Client()
        client.cookies = SimpleCookie({name: morsel.value for name, morsel in held.items()})
        response = getattr(client, method)(path)
        assert not faults(response), f"{path} for {role}"
        if response.streaming:
            b"".join(response.streaming_content)  # to its end, where the file is closed
        answers.append(str(response.status_code))
    return " ".join(answers)


def test_every_route_is_in_the_table() -> None:
    missing = [route for route in routes() if route not in ROUTES]
    assert not missing, f"Say in tests/kpiproject/routes.py who may open {', '.join(missing)}."


def test_the_table_names_no_route_that_is_gone() -> None:
    gone = sorted(set(ROUTES) - set(routes()))
    assert not gone, f"Take out of tests/kpiproject/routes.py what exists no more: {', '.join(gone)}."


@pytest.mark.parametrize(("method", "column"), [("get", 0), ("post", 1)], ids=["get", "post"])
@pytest.mark.parametrize("route", sorted(ROUTES))
def test_route_answers_each_role_as_the_table_says(
    route: str, method: str, column: int, cookies: dict[str, SimpleCookie]
) -> None:
    assert statuses(route, method, cookies) == ROUTES[route][column]
