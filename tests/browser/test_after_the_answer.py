"""What comes after the answer, in the browser: thanks, a page that is over, and the follow-up of who was unhappy."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from kpiproject.models import User
from surveys import answers, follow_up_links
from surveys.answers import Given
from tests.browser.conftest import axe_violations, sideways
from tests.factories import InvitationFactory, UserFactory
from tests.follow_up_factories import FollowUpFactory

WIDTHS = [320, 1280]
SCHEMES = ["light", "dark"]


@pytest.fixture
def superuser() -> User:
    """The roles come from a migration, and tests with real transactions empty every table after them."""
    return UserFactory(is_staff=True, is_superuser=True, time_zone="UTC")


def faults(page: Page, address: str, *, status: int = 200) -> list[str]:
    """Of one page, on a phone and on a desk, light and dark."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            response = page.goto(address)
            assert response is not None
            assert response.status == status
            found += [f"{width} {scheme}: {fault}" for fault in axe_violations(page)]
            if by := sideways(page):
                found.append(f"{width} {scheme}: {by} px too wide")
    return found


def test_thanks(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="nps", survey__thanks_url="https://example.org/")
    answers.record(invitation, Given(score=9, comment="Quick and kind"))
    assert faults(page, f"{live_server.url}/s/{invitation.token}/thanks/") == []
    assert page.get_by_role("heading", name="Thank you").is_visible()


def test_page_that_is_over(page: Page, live_server):
    invitation = InvitationFactory(expires_at=timezone.now() - timedelta(days=1))
    assert faults(page, f"{live_server.url}/s/{invitation.token}/", status=410) == []


def test_link_of_a_follow_up_out_of_the_mail(page: Page, live_server, settings, superuser):
    settings.BASE_URL = live_server.url
    follow_up = FollowUpFactory()
    address = follow_up_links.take_url(follow_up.pk, superuser.pk)
    assert faults(page, address) == []
    assert page.get_by_text("Nobody called me back.").is_visible()
    page.get_by_role("button").first.click()
    page.wait_for_load_state()
    follow_up.refresh_from_db()
    assert follow_up.assignee == superuser
    assert axe_violations(page) == []
    assert faults(page, address) == []


def test_inbox_of_follow_ups(page: Page, live_server, client, superuser):
    now = timezone.now()
    FollowUpFactory(opened_at=now - timedelta(days=3))
    FollowUpFactory(assignee=superuser, state="taken")
    FollowUpFactory(assignee=superuser, state="resolved", closed_at=now)
    client.force_login(superuser)
    session = client.cookies["plumbline_session"].value
    page.context.add_cookies([{"name": "plumbline_session", "value": session, "url": live_server.url}])
    for query in ("", "?shelf=all", "?shelf=overdue"):
        assert faults(page, f"{live_server.url}/follow-ups/{query}") == []
        assert page.locator("main a[href^='/follow-ups/']").count() > 0
