"""The first page of each role, and the first page of the administration, as people see them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from kpiproject.models import User
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, StaffFactory, TicketFactory
from tests.kpiproject.front.test_home import edition, everything_waits, goal
from tests.metrics.figures import compute


@pytest.fixture
def manager(db) -> User:
    """One for whom everything waits that can."""
    now = timezone.now()
    for ago in range(1, 20):
        TicketFactory(created_at=now - timedelta(days=ago), first_agent_reply_at=now - timedelta(days=ago, hours=-1))
    compute()
    manager = ManagerFactory(name="Mara Lindqvist")
    everything_waits(manager, 2)
    goal(manager, "on_track", statement="A statement that is as long as people write it " * 3)
    edition(1, note="Urgent requests are solved within four opening hours instead of six.")
    return manager


@pytest.mark.parametrize("path", ["/", "/admin/"])
def test_what_matters_to_managers(
    live_server, page: Page, client: Client, complaints: list[str], manager: User, path: str
) -> None:
    log_in(page, client, live_server.url, manager)
    check(page, live_server.url + path, complaints)
    expect(page.get_by_role("link", name="2 goals are off track")).to_be_visible()


@pytest.mark.usefixtures("manager")
def test_how_staff_are_led(live_server, page: Page, client: Client, complaints: list[str]) -> None:
    log_in(page, client, live_server.url, StaffFactory())
    check(page, f"{live_server.url}/", complaints)
    expect(page.get_by_role("heading", name="Last week")).to_be_visible()
    page.get_by_role("link", name="Ticket volume").first.click()
    expect(page.get_by_role("heading", name="Ticket volume", level=1)).to_be_visible()
