"""The pages of reports as managers see them, and the page on which a stakeholder leaves."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from goals import report_unsubscribe, reports
from goals.models import Report
from kpiproject.models import Mail, User
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import check, log_in
from tests.factories import ManagerFactory, ReportFactory, ReportItemFactory, StakeholderFactory, TicketFactory
from tests.metrics.figures import compute


@pytest.fixture
def manager(live_server, page: Page, client: Client) -> User:
    found = ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    log_in(page, client, live_server.url, found)
    return found


@pytest.fixture
def scripts(settings) -> None:
    """The real bundle, where the pages look for it."""
    call_command("build_static", verbosity=0)
    settings.STATICFILES_DIRS = [settings.VAR / "generated-static"]


@pytest.fixture
def report(manager: User) -> Report:
    """With tickets in the last weeks, a chart and a stakeholder; the mail of last week failed."""
    now = timezone.now()
    for ago in range(1, 40):
        created = now - timedelta(days=ago)
        TicketFactory(created_at=created, first_agent_reply_at=created + timedelta(minutes=ago), channel="email")
    compute()
    stakeholder = StakeholderFactory(name="Bea Board", email="bea@example.net")
    made = ReportFactory(name="Service in a week", owner=manager, people=[manager], stakeholders=[stakeholder])
    ReportItemFactory(report=made, position=1, kpi="first_response_time", has_chart=True)
    ReportItemFactory(report=made, position=2, kpi="ticket_volume", dimension="channel", member="email")
    reports.plan(made, now)
    reports.produce(made, reports.last_complete_week(made))
    Mail.objects.filter(recipient="bea@example.net").update(state="failed", error="The mail server refused it: 550 no")
    return made


@pytest.mark.parametrize(
    "path", ["/reports/", "/reports/{report}/", "/reports/{report}/preview/", "/reports/runs/{run}/"]
)
@pytest.mark.usefixtures("scripts")
def test_page(live_server, page: Page, report: Report, path: str, complaints: list[str]) -> None:
    check(page, live_server.url + path.format(report=report.pk, run=report.runs.get().pk), complaints)


def test_the_list_without_reports(live_server, page: Page, manager: User, complaints: list[str]) -> None:
    check(page, f"{live_server.url}/reports/", complaints)


def test_what_failed_is_sent_again(live_server, page: Page, report: Report) -> None:
    page.goto(f"{live_server.url}/reports/runs/{report.runs.get().pk}/")
    page.get_by_role("button", name="Send again to bea@example.net").click()
    expect(page.get_by_text("The mail to bea@example.net is on its way again.")).to_be_visible()
    assert Mail.objects.get(recipient="bea@example.net").state == "queued"


def test_the_mail_fits_a_phone_and_can_be_read_by_everybody(page: Page, client: Client, report: Report) -> None:
    """Outside of its cage, which lets no script run, not even one that measures."""
    client.force_login(report.owner)
    page.set_viewport_size({"width": 375, "height": 800})
    page.set_content(client.get(f"/reports/{report.pk}/preview/mail/").content.decode())
    assert page.locator("img.chart").evaluate("image => image.complete && image.naturalWidth > 400")
    # Landmarks are the mail program's.
    found = [line for line in axe_violations(page) if not line.startswith(("landmark-one-main:", "region:"))]
    assert (sideways(page), found) == (0, [])


def test_a_stakeholder_leaves_without_scripts_or_cookies(live_server, browser: Browser, report: Report) -> None:
    stakeholder = report.stakeholders.get()
    path = report_unsubscribe.url(report.pk, stakeholder.pk).partition("/reports/")[2]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/reports/{path}")
    page.get_by_role("button", name="Stop sending me this report").click()
    expect(page.get_by_role("heading", name="You will no longer get this report")).to_be_visible()
    assert (context.cookies(), report.stakeholders.count()) == ([], 0)
    context.close()
