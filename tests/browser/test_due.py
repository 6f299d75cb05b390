"""What is due, and the usual targets of a goal, as people see them: on phones, in the dark, without a script."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from goals.models import Goal
from kpiproject.models import Organisation, User
from metrics import targets
from tests.browser.test_front import check, log_in
from tests.factories import (
    AgentFactory,
    CalendarFactory,
    ManagerFactory,
    ObjectiveFactory,
    ServiceTargetFactory,
    TeamFactory,
    TicketEventFactory,
    TicketFactory,
)

LONG = "Where is my parcel with the spare parts for the international-shipment-department of the second warehouse?"


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    manager = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, manager)
    return manager


@pytest.fixture
def _clocks() -> None:
    """Overdue, soon due, paused, in time; in business time and on the wall; with everything and with nothing."""
    Organisation.objects.update_or_create(pk=1, defaults={"pause_statuses": ["waiting"]})
    CalendarFactory(time_zone="America/New_York")
    ServiceTargetFactory(name="Solved within a week", seconds=7 * 86400, warn_minutes=24 * 60)
    ServiceTargetFactory(
        name="First answer to e-mail within 2 business hours", metric="first_response", seconds=7200, clock="business"
    )
    now = timezone.now()
    team, agent = TeamFactory(name="International shipment"), AgentFactory(name="Ada Byron")
    for days in (1, 3, 6.5, 7.2, 9, 40):
        TicketFactory(
            created_at=now - timedelta(days=days),
            subject=LONG,
            channel="email",
            priority="high",
            team=team,
            agent=agent,
            status="open",
        )
    TicketFactory(created_at=now - timedelta(days=8), first_agent_reply_at=now - timedelta(days=7.9))
    waits = TicketFactory(created_at=now - timedelta(days=8), status="waiting", channel="chat")
    TicketEventFactory(ticket=waits, at=now - timedelta(days=7.99), to_value="waiting")
    targets.apply_all()


def test_nothing_is_promised_yet(live_server, page: Page, complaints: list[str], manager: User) -> None:
    check(page, f"{live_server.url}/data/due/", complaints)


@pytest.mark.usefixtures("_clocks")
def test_what_is_due(live_server, page: Page, complaints: list[str], manager: User) -> None:
    check(page, f"{live_server.url}/data/due/", complaints)
    page.get_by_role("link", name="Paused").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_usual_target_without_a_script(live_server, browser: Browser, client: Client) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    objective = ObjectiveFactory(name="Grow")
    page.goto(live_server.url + reverse("admin:goals_goal_add"))
    page.get_by_label("Business objective:").select_option(str(objective.pk))
    page.get_by_label("Due on:").fill("2027-12-31")
    page.get_by_role("button", name="First contact resolution: 70").click()
    expect(page.get_by_label("Target:", exact=True)).to_have_value("70")
    expect(page.get_by_label("Due on:")).to_have_value("2027-12-31")
    page.get_by_label("Target:", exact=True).press("Enter")
    expect(page.get_by_text("First contact resolution between 70.0").first).to_be_visible()
    goal = Goal.objects.get()
    assert (goal.kpi, goal.target, goal.target_high) == ("first_contact_resolution", 70.0, 80.0)
    assert goal.objective == objective
    context.close()
