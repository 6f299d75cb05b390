"""Every address × every role × reading and writing, so that no page can forget its permission or its headers."""

import pytest
from django.test import Client
from django.utils import timezone

from kpiproject.models import Heartbeat
from tests.factories import ManagerFactory, StaffFactory
from tests.kpiproject.routes import ROUTES
from tests.kpiproject.security import faults
from tests.kpiproject.walk import example, routes

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "staff", "manager")


@pytest.fixture(autouse=True)
def _demonstration(settings) -> None:
    """With the mailbox; and somebody exists, the scheduler lives."""
    settings.ROOT_URLCONF = "tests.kpiproject.demo_urls"
    Heartbeat.objects.create(name="scheduler", at=timezone.now())


def statuses(route: str, method: str) -> str:
    people = {"staff": StaffFactory(), "manager": ManagerFactory()}
    ManagerFactory()  # nobody is the last manager
    path = example(route)
    answers = []
    for role in ROLES:
        client = Client()
        if role in people:
            client.force_login(people[role])
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
def test_route_answers_each_role_as_the_table_says(route: str, method: str, column: int) -> None:
    assert statuses(route, method) == ROUTES[route][column]
