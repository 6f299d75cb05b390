"""The pages of figures as people see them: drawn under the strict policy, readable on phones and in the dark."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kpiproject.models import User
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, TicketFactory
from tests.metrics.figures import compute

PAGES = [
    "/",
    "/kpis/",
    "/kpis/first_response_time/",
    "/kpis/ticket_volume/",
    "/kpis/first_response_time/why/",
    "/kpis/first_response_time/analysis/",
    "/kpis/ticket_volume/analysis/",
    "/kpis/channel_share/",
    "/kpis/first_response_time/rows/",
    "/kpis/no/",
]


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    manager = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, manager)
    return manager


@pytest.fixture
def facts(db) -> None:
    """Some tickets a day for two months, with a gap."""
    now = timezone.now()
    for ago in [*range(1, 20), *range(30, 60)]:
        for minutes, channel in ((20, "email"), (5 * ago, "a channel with a long name that must not widen the page")):
            created = now - timedelta(days=ago)
            replied = created + timedelta(minutes=minutes)
            TicketFactory(created_at=created, first_agent_reply_at=replied, channel=channel)
    compute()


@pytest.fixture
def scripts(settings) -> None:
    """The real bundle, where the pages look for it."""
    call_command("build_static", verbosity=0)
    settings.STATICFILES_DIRS = [settings.VAR / "generated-static"]


def forgive(complaints: list[str]) -> None:
    """The browser reports every page that is not found, also one that we ask for on purpose."""
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    if expected in complaints:
        complaints.remove(expected)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("manager", "facts", "scripts")
def test_pages_of_figures(live_server, page: Page, complaints: list[str], path: str) -> None:
    if path == "/kpis/no/":
        page.on("console", lambda _message: forgive(complaints))
    check(page, live_server.url + path, complaints)


@pytest.mark.usefixtures("manager", "facts", "scripts")
def test_the_chart_is_drawn_by_the_browser_and_tells_about_its_points(
    live_server, page: Page, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/kpis/first_response_time/")
    drawn = page.locator(".chart-drawn svg")
    expect(drawn).to_have_count(2)
    expect(page.locator(".chart > svg")).to_have_count(0)
    drawn.first.scroll_into_view_if_needed()
    box = page.locator(".chart-drawn .hover_marks line").last.bounding_box()
    assert box is not None
    page.mouse.move(box["x"], box["y"] + box["height"] / 2)
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text("95 % interval")
    assert complaints == []


@pytest.mark.usefixtures("facts", "scripts")
def test_the_drawing_stays_where_scripts_are_off(live_server, browser: Browser, client: Client) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/kpis/first_response_time/")
    expect(page.locator(".chart > svg")).to_have_count(2)
    expect(page.locator(".chart > svg").first).to_be_visible()
    context.close()


@pytest.mark.usefixtures("manager")
def test_first_steps(live_server, page: Page, complaints: list[str]) -> None:
    check(page, f"{live_server.url}/", complaints)
